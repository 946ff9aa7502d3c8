#include "core/id.h"
#include "core/str.h"
#include "ctl/commands.h"
#include "ctl/ctl.h"
#include "refund/keys.h"
#include "store/actor.h"
#include <stdio.h>

const struct ctl_option api_key_add_options[] = {
    {"--scopes", "LIST", "of read, refund, intake, comma separated (default: all three)"},
    {"--expires-days", "N", "usable for so many days (default: for ever)"},
    {"--merchant", "MERCHANT_ID", "which merchant; needed when there are several"},
    {0},
};

struct change {
    struct ctl *c;
    struct key_made made;
    struct api_key key;
    struct merchant m;
    struct api_key *rows;
    int count;
};

/* ---- add
 * --------------------------------------------------------------------------------------------- */

static enum rc insert(struct sql *q, void *arg, struct err *e)
{
    struct change *x = arg;
    const struct api_key *k = &x->made.key;
    enum rc rc = keys_insert(q, x->c->arena, &x->made, e);
    if (rc != RC_OK)
        return rc;
    return ctl_audit(q, x->c, k->merchant, "api_key.added", k->prefix,
                     (const char *const[]){"name", k->name, "scopes",
                                           keys_scopes_text(x->c->arena, k->scopes), NULL},
                     e);
}

static enum rc check_new(struct ctl *c, struct api_key *k, struct err *e)
{
    const char *days_text = ctl_option(c, "--expires-days");
    int64_t days = 0;
    const char *scopes = ctl_option(c, "--scopes");
    k->scopes = scopes ? keys_scopes_parse(c->arena, scopes) : SCOPE_ALL;
    if (k->scopes == 0)
        return ERR(e, RC_INVALID, "--scopes is a list of read, refund, intake.", "scopes");
    if (days_text && (!str_parse_i64(days_text, &days) || days < 1 || days > KEYS_DAYS_MAX))
        return ERR(e, RC_INVALID, "--expires-days is a number from 1 to 3650.", "%s", days_text);
    if (!keys_name_valid(k->name))
        return ERR(e, RC_INVALID, "A key's name has 1 to 100 printable characters.", "name");
    k->expires_ms = days ? k->created_ms + days * CLOCK_DAY_MS : 0;
    return RC_OK;
}

enum rc cmd_api_key_add(struct ctl *c, struct err *e)
{
    struct change x = {.c = c};
    struct api_key *k = &x.made.key;
    keys_new(c->arena, &x.made);
    k->id = id_new();
    k->name = c->arguments[0];
    k->created_ms = clock_wall_ms(&c->app.clock);
    enum rc rc = check_new(c, k, e);
    if (rc == RC_OK)
        rc = ctl_merchant(c, &x.m, e);
    if (rc != RC_OK)
        return rc;
    k->merchant = x.m.id;
    rc = sql_tx(c->app.db, insert, &x, e);
    if (rc == RC_OK)
        printf("%s\n", x.made.text);
    return rc;
}

/* ---- list, revoke
 * ------------------------------------------------------------------------------------ */

static enum rc read_all(struct sql *q, void *arg, struct err *e)
{
    struct change *x = arg;
    return api_keys_list(q, x->c->arena, x->m.id, &x->rows, &x->count, e);
}

enum rc cmd_api_key_list(struct ctl *c, struct err *e)
{
    struct change x = {.c = c};
    enum rc rc = ctl_merchant(c, &x.m, e);
    if (rc == RC_OK)
        rc = sql_read(c->app.db, read_all, &x, e);
    for (int k = 0; rc == RC_OK && k < x.count; k++) {
        const struct api_key *key = &x.rows[k];
        printf("%s %s… %-8s %-18s since %s, used %s, until %s  %s\n", id_text(c->arena, key->id),
               key->prefix, keys_state(key, clock_wall_ms(&c->app.clock)),
               keys_scopes_text(c->arena, key->scopes), ctl_time(c, key->created_ms),
               ctl_time(c, key->used_ms), ctl_time(c, key->expires_ms), key->name);
    }
    return rc;
}

static enum rc revoke(struct sql *q, void *arg, struct err *e)
{
    struct change *x = arg;
    enum rc rc = api_keys_by_id(q, x->c->arena, x->key.id, &x->key, e);
    if (rc == RC_OK)
        rc = api_keys_revoke(q, x->key.id, clock_wall_ms(&x->c->app.clock), e);
    if (rc != RC_OK)
        return rc;
    return ctl_audit(q, x->c, x->key.merchant, "api_key.revoked", x->key.prefix,
                     (const char *const[]){"name", x->key.name, NULL}, e);
}

enum rc cmd_api_key_revoke(struct ctl *c, struct err *e)
{
    struct change x = {.c = c};
    if (!id_parse(c->arguments[0], &x.key.id))
        return ERR(e, RC_INVALID, "This is not an id of `refundctl api-key list`.", "id");
    enum rc rc = sql_tx(c->app.db, revoke, &x, e);
    if (rc == RC_OK)
        printf("revoked %s… (%s)\n", x.key.prefix, x.key.name);
    return rc;
}
