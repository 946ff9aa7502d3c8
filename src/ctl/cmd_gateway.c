#include "core/id.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/secret.h"
#include "core/str.h"
#include "ctl/commands.h"
#include "ctl/secrets.h"
#include "refund/occasion_facts.h"
#include "store/gateways.h"
#include <stdio.h>
#include <string.h>

enum {
    NAME_MAX_BYTES = 128,
    CREDENTIALS_MAX_BYTES = 16384,
    GATEWAY_ID_MAX = 1000000,
    REFERENCE_MAX_BYTES = 64,
    HOOK_SECRET_MIN_BYTES = 8,
    HOOK_SECRET_MAX_BYTES = 255
};

const struct ctl_option gateway_add_options[] = {
    {"--id", "N", "the vendor's number of the gateway, such as 23"},
    {"--adapter", "NAME", "which adapter talks to it, such as simulator (default: none)"},
    {"--credentials", "FILE",
     "a JSON object, sealed at once so that only the worker reads it; -: stdin"},
    {"--base-url", "URL", "instead of the adapter's own address"},
    {"--cannot-refund", NULL, "payments of this gateway cannot be refunded"},
    {"--instant", NULL, "it can refund instantly"},
    {"--payout", NULL, "it can pay out to other accounts"},
    {"--reference-id", "ID", "the account at a payout gateway, as requests may ask for it"},
    {"--hook-secret", "FILE",
     "what its webhooks are signed with, sealed so that only portal and API read it; -: stdin"},
    {"--merchant", "MERCHANT_ID", "which merchant; needed when there are several"},
    {0},
};

struct change {
    struct ctl *c;
    struct gateway_row g;
    struct merchant m;
    struct gateway_row *rows;
    int count;
};

static const char *sealed_or_none(const void *sealed)
{
    return sealed ? "sealed" : "none";
}

/* ---- what webhooks are signed with
 * ------------------------------------------------------------------- */

/* One line of text, without its end. */
static enum rc seal_hook_secret(struct ctl *c, const char *path, struct gateway_row *g,
                                struct err *e)
{
    struct seal_public to;
    char *text;
    size_t n;
    if (!path)
        return RC_OK;
    enum rc rc = ctl_read_file(c, path, HOOK_SECRET_MAX_BYTES + 2, &text, &n, e);
    if (rc != RC_OK)
        return rc;
    while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\r'))
        text[--n] = '\0';
    if (n < HOOK_SECRET_MIN_BYTES || n > HOOK_SECRET_MAX_BYTES || strlen(text) != n ||
        !str_printable_ascii(text))
        return ERR(e, RC_INVALID,
                   "The secret of webhooks is one line of 8 to 255 printable ASCII characters.",
                   "%zu bytes", n);
    rc = secrets_desk_key(c, &to, e);
    if (rc == RC_OK)
        g->hook_secret = secret_seal(c->arena, &to, text, n, &g->hook_secret_n);
    return rc;
}

/* ---- add
 * --------------------------------------------------------------------------------------------- */

static enum rc insert(struct sql *q, void *arg, struct err *e)
{
    struct change *x = arg;
    enum rc rc = gateways_insert(q, &x->g, e);
    if (rc != RC_OK)
        return rc;
    return ctl_audit(q, x->c, x->g.merchant, "gateway.added", x->g.name,
                     (const char *const[]){"adapter", x->g.adapter, "credentials",
                                           sealed_or_none(x->g.credentials), "hook_secret",
                                           sealed_or_none(x->g.hook_secret), NULL},
                     e);
}

static bool is_name(const char *name)
{
    size_t n = strlen(name);
    return n > 0 && n <= NAME_MAX_BYTES &&
           strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == n;
}

static enum rc check_new(struct ctl *c, struct gateway_row *g, struct err *e)
{
    const char *number = ctl_option(c, "--id");
    if (!is_name(g->name))
        return ERR(e, RC_INVALID, "A gateway's name has capitals, digits and _, as RAZORPAY.",
                   "name");
    if (!number || !str_parse_i64(number, &g->gateway_id) || g->gateway_id < 1 ||
        g->gateway_id > GATEWAY_ID_MAX)
        return ERR(e, RC_INVALID, "--id is the vendor's number of the gateway, from 1 on.", "id");
    if (g->reference_id &&
        (!g->can_payout || !*g->reference_id || strlen(g->reference_id) > REFERENCE_MAX_BYTES ||
         !str_printable_ascii(g->reference_id)))
        return ERR(e, RC_INVALID,
                   "--reference-id names the account at a payout gateway (--payout), in 1 to 64 "
                   "printable ASCII characters.",
                   "reference id");
    if (str_eq(ctl_option(c, "--credentials"), "-") && str_eq(ctl_option(c, "--hook-secret"), "-"))
        return ERR(e, RC_INVALID, "Only one of --credentials and --hook-secret can be stdin.", "-");
    if (g->base_url && !str_starts(g->base_url, "https://") &&
        !str_starts(g->base_url, "http://127.0.0.1"))
        return ERR(e, RC_INVALID, "--base-url begins with https:// (http:// on 127.0.0.1 only).",
                   "base url");
    return RC_OK;
}

static enum rc seal_credentials(struct ctl *c, struct gateway_row *g, struct err *e)
{
    const char *path = ctl_option(c, "--credentials");
    struct seal_public to;
    struct json_object *object;
    char *text;
    size_t n;
    if (!path)
        return RC_OK;
    enum rc rc = ctl_read_file(c, path, CREDENTIALS_MAX_BYTES, &text, &n, e);
    if (rc == RC_OK)
        rc = json_read(c->arena, text, n, &object, e);
    if (rc == RC_OK && !json_object_is_type(object, json_type_object))
        rc = ERR(e, RC_INVALID, "The credentials must be a JSON object.", "another type");
    if (rc == RC_OK)
        rc = secrets_worker_key(c, &to, e);
    if (rc == RC_OK)
        g->credentials = secret_seal(c->arena, &to, text, n, &g->credentials_n);
    return rc;
}

enum rc cmd_gateway_add(struct ctl *c, struct err *e)
{
    struct change x = {.c = c};
    x.g = (struct gateway_row){.id = id_new(),
                               .name = c->arguments[0],
                               .adapter = ctl_option(c, "--adapter"),
                               .can_refund = !ctl_option(c, "--cannot-refund"),
                               .can_instant = ctl_option(c, "--instant") != NULL,
                               .can_payout = ctl_option(c, "--payout") != NULL,
                               .reference_id = ctl_option(c, "--reference-id"),
                               .base_url = ctl_option(c, "--base-url")};
    enum rc rc = check_new(c, &x.g, e);
    if (rc == RC_OK)
        rc = ctl_merchant(c, &x.m, e);
    if (rc == RC_OK)
        rc = seal_credentials(c, &x.g, e);
    if (rc == RC_OK)
        rc = seal_hook_secret(c, ctl_option(c, "--hook-secret"), &x.g, e);
    if (rc != RC_OK)
        return rc;
    x.g.merchant = x.m.id;
    rc = sql_tx(c->app.db, insert, &x, e);
    if (rc == RC_CONFLICT)
        return ERR(e, RC_CONFLICT, "The merchant has a gateway with this name.", "%s", x.g.name);
    if (rc == RC_OK)
        printf("added gateway %s of %s\n", x.g.name, x.m.merchant_id);
    return rc;
}

/* ---- list
 * -------------------------------------------------------------------------------------------- */

static enum rc read_all(struct sql *q, void *arg, struct err *e)
{
    struct change *x = arg;
    return gateways_list(q, x->c->arena, x->m.id, &x->rows, &x->count, e);
}

/* "refunds, instant, payouts (bus)" */
static const char *abilities(struct arena *a, const struct gateway_row *g)
{
    const char *payouts =
        g->reference_id ? arena_printf(a, ", payouts (%s)", g->reference_id) : ", payouts";
    return arena_printf(a, "%s%s%s", g->can_refund ? "refunds" : "cannot refund",
                        g->can_instant ? ", instant" : "", g->can_payout ? payouts : "");
}

enum rc cmd_gateway_list(struct ctl *c, struct err *e)
{
    struct change x = {.c = c};
    enum rc rc = ctl_merchant(c, &x.m, e);
    if (rc == RC_OK)
        rc = sql_read(c->app.db, read_all, &x, e);
    for (int k = 0; rc == RC_OK && k < x.count; k++) {
        const struct gateway_row *g = &x.rows[k];
        printf("%-20s %5lld  adapter %-12s %-32s %-15s %-14s %s%s\n", g->name,
               (long long)g->gateway_id, str_or(g->adapter, "-"), abilities(c->arena, g),
               g->credentials ? "credentials" : "no credentials",
               g->hook_secret ? "hook secret" : "no hook secret", str_or(g->base_url, ""),
               g->paused ? " paused" : "");
    }
    return rc;
}

/* ---- show, hook-secret
 * --------------------------------------------------------------------------------- */

static enum rc read_named(struct sql *q, void *arg, struct err *e)
{
    struct change *x = arg;
    enum rc rc = gateways_by_name(q, x->c->arena, x->m.id, x->c->arguments[0], &x->g, e);
    if (rc == RC_NOT_FOUND)
        return ERR(e, RC_NOT_FOUND,
                   "The merchant has no gateway with this name; see refundctl gateway list.", "%s",
                   x->c->arguments[0]);
    return rc;
}

enum rc cmd_gateway_show(struct ctl *c, struct err *e)
{
    struct change x = {.c = c};
    enum rc rc = ctl_merchant(c, &x.m, e);
    if (rc == RC_OK)
        rc = sql_read(c->app.db, read_named, &x, e);
    if (rc != RC_OK)
        return rc;
    const struct gateway_row *g = &x.g;
    printf("name          %s\nid            %lld\nadapter       %s\ncan           %s\n", g->name,
           (long long)g->gateway_id, str_or(g->adapter, "-"), abilities(c->arena, g));
    printf("reference id  %s\nbase url      %s\ncredentials   %s\nhook secret   %s\npaused        "
           "%s\n",
           str_or(g->reference_id, "-"), str_or(g->base_url, "-"), sealed_or_none(g->credentials),
           sealed_or_none(g->hook_secret), g->paused ? "yes" : "no");
    return RC_OK;
}

static enum rc set_hook_secret(struct sql *q, void *arg, struct err *e)
{
    struct change *x = arg;
    const void *sealed = x->g.hook_secret;
    size_t sealed_n = x->g.hook_secret_n;
    struct change found = {.c = x->c, .m = x->m};
    enum rc rc = read_named(q, &found, e);
    if (rc == RC_OK)
        rc = gateways_set_hook_secret(q, found.g.id, sealed, sealed_n, e);
    if (rc == RC_OK)
        rc = ctl_audit(q, x->c, x->m.id, "gateway.hook_secret", found.g.name,
                       (const char *const[]){"from", sealed_or_none(found.g.hook_secret), "to",
                                             "sealed", NULL},
                       e);
    return rc;
}

enum rc cmd_gateway_hook_secret(struct ctl *c, struct err *e)
{
    struct change x = {.c = c};
    enum rc rc = ctl_merchant(c, &x.m, e);
    if (rc == RC_OK)
        rc = seal_hook_secret(c, c->arguments[1], &x.g, e);
    if (rc == RC_OK)
        rc = sql_tx(c->app.db, set_hook_secret, &x, e);
    if (rc == RC_OK)
        printf("gateway %s of %s: the secret of its webhooks is sealed\n", c->arguments[0],
               x.m.merchant_id);
    return rc;
}

/* ---- pause, resume
 * ------------------------------------------------------------------------------------- */

struct pausing {
    struct change of;
    bool pause;
    const char *why;
    bool changed;
};

static enum rc set_paused(struct sql *q, void *arg, struct err *e)
{
    struct pausing *x = arg;
    struct ctl *c = x->of.c;
    const struct gateway_row *g = &x->of.g;
    x->changed = false;
    enum rc rc = read_named(q, &x->of, e);
    if (rc != RC_OK || g->paused == x->pause)
        return rc;
    x->changed = true;
    rc = gateways_set_paused(q, g->id, x->pause, e);
    if (rc == RC_OK && x->pause)
        rc = occasion_of_pause(q, c->arena, g, c->os_user, x->why, clock_wall_ms(&c->app.clock), e);
    if (rc != RC_OK)
        return rc;
    return ctl_audit(q, c, g->merchant, x->pause ? "gateway.paused" : "gateway.resumed", g->name,
                     x->pause ? (const char *const[]){"why", x->why, NULL} : NULL, e);
}

static enum rc change_pause(struct ctl *c, bool pause, const char *why, struct err *e)
{
    struct pausing x = {.of = {.c = c}, .pause = pause, .why = why};
    enum rc rc = ctl_merchant(c, &x.of.m, e);
    if (rc == RC_OK)
        rc = sql_tx(c->app.db, set_paused, &x, e);
    if (rc == RC_OK)
        printf("gateway %s of %s: %s%s\n", c->arguments[0], x.of.m.merchant_id,
               x.changed ? "" : "already ",
               pause ? "paused, its refunds wait" : "not paused, its refunds are sent");
    return rc;
}

enum rc cmd_gateway_pause(struct ctl *c, struct err *e)
{
    const char *why = c->arguments[1];
    if (!*why || strlen(why) > LIMIT_NOTE || !str_printable_ascii(why))
        return ERR(e, RC_INVALID,
                   "Why it is paused is one line of 1 to 500 printable ASCII characters; those who "
                   "get the mail of it will ask.",
                   "why");
    return change_pause(c, true, why, e);
}

enum rc cmd_gateway_resume(struct ctl *c, struct err *e)
{
    return change_pause(c, false, NULL, e);
}
