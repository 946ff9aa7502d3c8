#include "core/id.h"
#include "core/str.h"
#include "ctl/commands.h"
#include "ctl/demo_write.h"
#include "ctl/secrets.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef REFUNDDESK_DB_DIR
#define REFUNDDESK_DB_DIR "db"
#endif

enum { CREDENTIALS_MAX_BYTES = 64 << 10 };

const struct ctl_option demo_options[] = {
    {"--portal-url", "URL", "for credentials.json (default http://127.0.0.1:8080)"},
    {"--api-url", "URL", "for credentials.json (default http://127.0.0.1:8081)"},
    {"--demo-dir", "DIR", "the recipes (else $REFUNDDESK_DEMO_DIR, else the installed ones)"},
    {0},
};

/* ---- credentials.json
 * ------------------------------------------------------------------------------- */

/* Written beside its place before the transaction, put in place after it: whoever is killed between
 * the two finds the passwords by running `demo` again. */
static const char *credentials_path(struct ctl *c, bool in_place)
{
    return arena_printf(c->arena, "%s/demo/credentials.json%s", c->home, in_place ? "" : ".new");
}

static enum rc put_in_place(struct ctl *c, struct err *e)
{
    const char *path = credentials_path(c, true);
    if (rename(credentials_path(c, false), path) == 0)
        return RC_OK;
    return ERR(e, RC_IO, "demo/credentials.json cannot be written.", "rename %s: %s", path,
               strerror(errno));
}

static enum rc write_credentials(struct ctl *c, const struct demo_accounts *x, struct err *e)
{
    struct json_object *doc = json_object_in(c->arena), *users = json_array_in(c->arena),
                       *hooks = json_object_in(c->arena);
    json_put_text(doc, "portal_url",
                  str_or(ctl_option(c, "--portal-url"), "http://127.0.0.1:8080"));
    json_put_text(doc, "api_url", str_or(ctl_option(c, "--api-url"), "http://127.0.0.1:8081"));
    json_put_text(doc, "merchant_id", x->merchant.merchant_id);
    json_put_text(doc, "api_key", x->key_text);
    for (int k = 0; k < x->n_users; k++) {
        struct json_object *user = json_object_in(c->arena);
        json_put_text(user, "name", x->users[k].name);
        json_put_text(user, "password", x->passwords[k]);
        json_put_text(user, "role", x->users[k].role);
        json_add(users, user);
    }
    json_put(doc, "users", users);
    for (int k = 0; k < x->n_gateways; k++)
        if (x->hook_secrets[k])
            json_put_text(hooks, x->gateways[k].name, x->hook_secrets[k]);
    json_put(doc, "hook_secrets", hooks);
    const char *folder = arena_printf(c->arena, "%s/demo", c->home);
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return ERR(e, RC_IO, "The folder demo cannot be made.", "mkdir %s: %s", folder,
                   strerror(errno));
    return ctl_write_file(c, credentials_path(c, false), 0600, json_write(c->arena, doc), e);
}

static void show_credentials(struct ctl *c, const struct demo_accounts *x)
{
    for (int k = 0; k < x->n_users; k++)
        printf("user %-8s password %s\n", x->users[k].name, x->passwords[k]);
    printf("the API key is in %s\n", credentials_path(c, true));
}

/* ---- the demo is there already
 * ------------------------------------------------------------------------ */

static bool put_url(struct ctl *c, struct json_object *doc, const char *key, const char *url)
{
    if (!url || str_eq(url, json_text(c->arena, doc, key)))
        return false;
    json_put_text(doc, key, url);
    return true;
}

static enum rc refresh_urls(struct ctl *c, struct err *e)
{
    struct json_object *doc;
    char *text;
    size_t n;
    enum rc rc = ctl_read_file(c, credentials_path(c, true), CREDENTIALS_MAX_BYTES, &text, &n, e);
    if (rc == RC_OK)
        rc = json_read(c->arena, text, n, &doc, e);
    if (rc != RC_OK)
        return rc;
    bool portal = put_url(c, doc, "portal_url", ctl_option(c, "--portal-url"));
    bool api = put_url(c, doc, "api_url", ctl_option(c, "--api-url"));
    if (!portal && !api) {
        puts("the demo is there already; nothing was changed");
        return RC_OK;
    }
    rc = ctl_write_file(c, credentials_path(c, true), 0600, json_write(c->arena, doc), e);
    if (rc == RC_OK)
        puts("the demo is there already; its addresses were brought up to date");
    return rc;
}

static enum rc keep(struct ctl *c, const char *found, const char *ours, struct err *e)
{
    bool in_place = access(credentials_path(c, true), F_OK) == 0;
    if (!str_eq(found, ours) || (!in_place && access(credentials_path(c, false), F_OK) != 0))
        return ERR(e, RC_CONFLICT,
                   "This desk has a merchant already. The demo is for an empty one: use another "
                   "--home.",
                   "merchant %s", found);
    enum rc rc = in_place ? RC_OK : put_in_place(c, e);
    return rc == RC_OK ? refresh_urls(c, e) : rc;
}

/* ---- making it
 * ---------------------------------------------------------------------------------------- */

struct look {
    struct arena *arena;
    struct merchant *rows;
    int count;
};

static enum rc read_merchants(struct sql *q, void *arg, struct err *e)
{
    struct look *l = arg;
    return merchants_list(q, l->arena, &l->rows, &l->count, e);
}

static enum rc make_orders(struct ctl *c, struct demo *d, struct err *e)
{
    enum rc rc = secrets_worker_key(c, &d->worker_key, e);
    if (rc == RC_OK)
        rc = demo_make_beneficiaries(d, e);
    if (rc == RC_OK)
        rc = demo_plan(d, e);
    for (int k = 0; rc == RC_OK && k < d->n_orders; k++) {
        demo_make_order(d, &d->orders[k]);
        demo_make_refunds(d, &d->orders[k]);
        demo_make_conflicts(d, &d->orders[k]);
    }
    if (rc == RC_OK)
        demo_make_batches(d);
    for (int k = 0; rc == RC_OK && k < d->n_orders; k++)
        demo_sort_events(&d->orders[k]);
    return rc;
}

static enum rc make(struct ctl *c, struct demo *d, struct err *e)
{
    struct demo_accounts *accounts = arena_alloc(c->arena, sizeof *accounts);
    struct demo_work w = {.demo = d, .accounts = accounts};
    enum rc rc = make_orders(c, d, e);
    if (rc == RC_OK)
        rc = demo_make_accounts(c, d, accounts, e);
    if (rc != RC_OK)
        return rc;
    demo_make_audit(c, &w);
    rc = write_credentials(c, accounts, e);
    if (rc == RC_OK)
        rc = sql_tx(c->app.db, demo_write, &w, e);
    if (rc == RC_OK)
        rc = put_in_place(c, e);
    if (rc != RC_OK)
        return rc;
    printf("made merchant %s with %d orders, %d refunds and %d batches\n", d->merchant_id,
           d->n_orders, w.n_refunds, d->n_batches);
    show_credentials(c, accounts);
    return RC_OK;
}

enum rc cmd_demo(struct ctl *c, struct err *e)
{
    const char *folder = str_or(ctl_option(c, "--demo-dir"),
                                str_or(getenv("REFUNDDESK_DEMO_DIR"), REFUNDDESK_DB_DIR "/demo"));
    struct demo d = {.arena = c->arena, .now_ms = clock_wall_ms(&c->app.clock)};
    struct look l = {.arena = c->arena};
    enum rc rc = demo_load(c, folder, &d.source, e);
    if (rc == RC_OK)
        rc = sql_read(c->app.db, read_merchants, &l, e);
    if (rc != RC_OK)
        return rc;
    d.merchant_id = json_text(c->arena, d.source.merchant, "merchant_id");
    if (l.count > 0)
        return keep(c, l.rows[0].merchant_id, d.merchant_id, e);
    d.merchant = id_new();
    return make(c, &d, e);
}
