#include "core/digest.h"
#include "core/id.h"
#include "core/str.h"
#include "ctl/commands.h"
#include "ctl/secrets.h"
#include "store/actor.h"
#include "store/api_keys.h"
#include <stdio.h>
#include <string.h>

enum { NAME_MAX_BYTES = 100, DAYS_MAX = 3650 };

const struct ctl_option api_key_add_options[] = {
    {"--scopes", "LIST", "of read, refund, intake, comma separated (default: all three)"},
    {"--expires-days", "N", "usable for so many days (default: for ever)"},
    {"--merchant", "MERCHANT_ID", "which merchant; needed when there are several"},
    {0},
};

static const struct {
    const char *name;
    int bit;
} SCOPES[] = {{"read", SCOPE_READ}, {"refund", SCOPE_REFUND}, {"intake", SCOPE_INTAKE}};
enum { SCOPES_COUNT = sizeof SCOPES / sizeof *SCOPES };

/* 0: a word is not a scope. */
static int parse_scopes(struct arena *a, const char *list)
{
    char *rest = arena_strdup(a, str_or(list, "read,refund,intake"));
    const char *word;
    int bits = 0;
    while ((word = strsep(&rest, ",")) != NULL) {
        int k = 0;
        while (k < SCOPES_COUNT && !str_eq(SCOPES[k].name, word))
            k++;
        if (k == SCOPES_COUNT)
            return 0;
        bits |= SCOPES[k].bit;
    }
    return bits;
}

static const char *show_scopes(struct arena *a, int bits)
{
    struct buf b;
    buf_init(&b, a);
    for (int k = 0; k < SCOPES_COUNT; k++)
        if (bits & SCOPES[k].bit)
            buf_printf(&b, "%s%s", b.len ? "," : "", SCOPES[k].name);
    return buf_text(&b);
}

struct change {
    struct ctl *c;
    struct api_key key;
    uint8_t hash[DIGEST_BYTES];
    struct merchant m;
    struct api_key *rows;
    int count;
};

/* ---- add
 * --------------------------------------------------------------------------------------------- */

static enum rc insert(struct sql *q, void *arg, struct err *e)
{
    struct change *x = arg;
    enum rc rc = api_keys_insert(q, &x->key, x->hash, e);
    if (rc != RC_OK)
        return rc;
    return ctl_audit(q, x->c, x->key.merchant, "api_key.added", x->key.prefix,
                     (const char *const[]){"name", x->key.name, "scopes",
                                           show_scopes(x->c->arena, x->key.scopes), NULL},
                     e);
}

static enum rc check_new(struct ctl *c, struct api_key *k, struct err *e)
{
    const char *days_text = ctl_option(c, "--expires-days");
    int64_t days = 0;
    k->scopes = parse_scopes(c->arena, ctl_option(c, "--scopes"));
    if (k->scopes == 0)
        return ERR(e, RC_INVALID, "--scopes is a list of read, refund, intake.", "scopes");
    if (days_text && (!str_parse_i64(days_text, &days) || days < 1 || days > DAYS_MAX))
        return ERR(e, RC_INVALID, "--expires-days is a number from 1 to 3650.", "%s", days_text);
    if (!*k->name || strlen(k->name) > NAME_MAX_BYTES || !str_printable_ascii(k->name))
        return ERR(e, RC_INVALID, "A key's name has 1 to 100 printable characters.", "name");
    k->expires_ms = days ? k->created_ms + days * CLOCK_DAY_MS : 0;
    return RC_OK;
}

enum rc cmd_api_key_add(struct ctl *c, struct err *e)
{
    const char *text = secrets_api_key(c->arena);
    struct change x = {.c = c};
    x.key = (struct api_key){.id = id_new(),
                             .prefix = secrets_api_key_prefix(c->arena, text),
                             .name = c->arguments[0],
                             .created_ms = clock_wall_ms(&c->app.clock)};
    digest_sha256(text, strlen(text), x.hash);
    enum rc rc = check_new(c, &x.key, e);
    if (rc == RC_OK)
        rc = ctl_merchant(c, &x.m, e);
    if (rc != RC_OK)
        return rc;
    x.key.merchant = x.m.id;
    rc = sql_tx(c->app.db, insert, &x, e);
    if (rc == RC_OK)
        printf("%s\n", text);
    return rc;
}

/* ---- list, revoke
 * ------------------------------------------------------------------------------------ */

static enum rc read_all(struct sql *q, void *arg, struct err *e)
{
    struct change *x = arg;
    return api_keys_list(q, x->c->arena, x->m.id, &x->rows, &x->count, e);
}

static const char *show_state(struct ctl *c, const struct api_key *k)
{
    if (k->revoked_ms)
        return "revoked";
    return k->expires_ms && k->expires_ms <= clock_wall_ms(&c->app.clock) ? "expired" : "active";
}

enum rc cmd_api_key_list(struct ctl *c, struct err *e)
{
    struct change x = {.c = c};
    enum rc rc = ctl_merchant(c, &x.m, e);
    if (rc == RC_OK)
        rc = sql_read(c->app.db, read_all, &x, e);
    for (int k = 0; rc == RC_OK && k < x.count; k++) {
        const struct api_key *key = &x.rows[k];
        printf("%s %s… %-8s %-18s since %s, used %s  %s\n", id_text(c->arena, key->id), key->prefix,
               show_state(c, key), show_scopes(c->arena, key->scopes), ctl_time(c, key->created_ms),
               ctl_time(c, key->used_ms), key->name);
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
