#include "refund/keys.h"

#include "core/id.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"
#include "store/audit.h"

#include <inttypes.h>
#include <string.h>

enum { KEY_BYTES = 32, PREFIX_CHARS = 12 };

static const struct key_scope scopes[] = {
    {"read", "See orders and refunds", SCOPE_READ},
    {"refund", "Create, cancel and sync refunds", SCOPE_REFUND},
    {"intake", "Tell the desk of orders and payments; with auto refund on, that moves money",
     SCOPE_INTAKE},
};
#define N_SCOPES ((int)(sizeof scopes / sizeof scopes[0]))

const struct key_scope *keys_scopes(int *count)
{
    *count = N_SCOPES;
    return scopes;
}

static int scope_bit(const char *name)
{
    for (int i = 0; i < N_SCOPES; i++)
        if (str_eq(scopes[i].name, name))
            return scopes[i].bit;
    return 0;
}

int keys_scopes_parse(struct arena *a, const char *list)
{
    char *rest = arena_strdup(a, list);
    const char *word;
    int bits = 0;
    while ((word = strsep(&rest, ",")) != NULL) {
        int bit = scope_bit(word);
        if (bit == 0)
            return 0;
        bits |= bit;
    }
    return bits;
}

const char *keys_scopes_text(struct arena *a, int bits)
{
    struct buf b;
    buf_init(&b, a);
    for (int i = 0; i < N_SCOPES; i++)
        if (bits & scopes[i].bit)
            buf_printf(&b, "%s%s", b.len ? "," : "", scopes[i].name);
    return buf_text(&b);
}

static bool is_expired(const struct api_key *k, int64_t now_ms)
{
    return k->expires_ms != 0 && k->expires_ms <= now_ms;
}

const char *keys_state(const struct api_key *k, int64_t now_ms)
{
    if (k->revoked_ms)
        return "revoked";
    return is_expired(k, now_ms) ? "expired" : "active";
}

void keys_new(struct arena *a, struct key_made *out)
{
    uint8_t bytes[KEY_BYTES];
    digest_random(bytes, sizeof bytes);
    out->text = arena_printf(a, "rdk_%s", digest_base64url(a, bytes, sizeof bytes));
    out->key.prefix = arena_strndup(a, out->text, PREFIX_CHARS);
    digest_sha256(out->text, strlen(out->text), out->hash);
}

bool keys_name_valid(const char *name)
{
    return !str_empty(name) && strlen(name) <= LIMIT_KEY_NAME && str_printable_ascii(name);
}

enum rc keys_insert(struct sql *q, struct arena *a, const struct key_made *k, struct err *e)
{
    struct api_key *rows;
    int count, usable = 0;
    enum rc rc = api_keys_list(q, a, k->key.merchant, &rows, &count, e);
    if (rc != RC_OK)
        return rc;
    for (int i = 0; i < count; i++)
        usable += !rows[i].revoked_ms && !is_expired(&rows[i], k->key.created_ms);
    if (usable >= LIMIT_API_KEYS_USABLE)
        return ERR(e, RC_CONFLICT,
                   arena_printf(a, "%d API keys can be used already: revoke one first.", usable),
                   "%d usable keys", usable);
    return api_keys_insert(q, &k->key, k->hash, e);
}

/* ---- by a form ---------------------------------------------------------------------------------
 */

struct work {
    struct app *app;
    struct arena *arena;
    const struct actor *actor;
    int64_t id;
    struct key_answer *out;
};

static void fault(struct key_answer *out, const char *field, const char *reason)
{
    CHECK(out->checked.n_faults < SETTINGS_MAX_FAULTS);
    out->checked.faults[out->checked.n_faults++] = (struct setting_fault){field, reason};
}

static enum rc audit(struct sql *q, const struct work *w, const char *action,
                     const struct api_key *k, struct err *e)
{
    struct json_object *detail = json_object_in(w->arena);
    json_put_text(detail, "name", k->name);
    json_put_text(detail, "scopes", keys_scopes_text(w->arena, k->scopes));
    if (k->expires_ms)
        json_put_text(detail, "expires", clock_iso(w->arena, k->expires_ms));
    const struct audit_entry entry = {.merchant = k->merchant,
                                      .at_ms = clock_wall_ms(&w->app->clock),
                                      .actor = w->actor->name,
                                      .action = action,
                                      .subject = k->prefix,
                                      .detail = json_write(w->arena, detail)};
    return audit_add(q, &entry, e);
}

/* The row that a form had made before. */
static enum rc find_again(struct sql *q, struct work *w, bool *found, struct err *e)
{
    struct api_key before;
    struct err none;
    enum rc rc = api_keys_by_id(q, w->arena, w->id, &before, &none);
    *found = rc == RC_OK;
    if (rc == RC_OK && before.merchant != w->actor->merchant)
        return ERR(e, RC_CONFLICT, "This form cannot be used: open it again.", "id of another");
    if (rc == RC_OK || rc == RC_NOT_FOUND)
        return RC_OK;
    *e = none;
    return rc;
}

static enum rc make_fn(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    w->out->again = false;
    enum rc rc = find_again(q, w, &w->out->again, e);
    if (rc != RC_OK || w->out->again)
        return rc;
    rc = keys_insert(q, w->arena, &w->out->made, e);
    return rc == RC_OK ? audit(q, w, "api_key.added", &w->out->made.key, e) : rc;
}

/* Ids rise with time: one that is yet to come could be another row's. */
static void check(const struct key_wish *wish, int64_t now_ms, struct key_answer *out)
{
    int64_t days = 0;
    if (!keys_name_valid(wish->name))
        fault(out, "name", "has 1 to 100 printable ASCII characters");
    if (wish->scopes == 0)
        fault(out, "scopes", "is missing: choose at least one");
    if (!str_empty(wish->days) &&
        (!str_parse_i64(wish->days, &days) || days < 1 || days > KEYS_DAYS_MAX))
        fault(out, "days", "is a whole number from 1 to 3650, or empty for ever");
    if (wish->id <= 0 || wish->id >= id_new())
        fault(out, "id", "was too old to be used: look at it once more and send it again");
    out->made.key.expires_ms = days ? now_ms + days * CLOCK_DAY_MS : 0;
}

enum rc keys_make(struct app *app, struct arena *a, const struct actor *actor,
                  const struct key_wish *wish, struct key_answer *out, struct err *e)
{
    struct work w = {.app = app, .arena = a, .actor = actor, .id = wish->id, .out = out};
    int64_t now_ms = clock_wall_ms(&app->clock);
    *out = (struct key_answer){0};
    keys_new(a, &out->made);
    out->made.key.id = wish->id;
    out->made.key.merchant = actor->merchant;
    out->made.key.name = wish->name;
    out->made.key.scopes = wish->scopes;
    out->made.key.created_ms = now_ms;
    out->made.key.made_by = actor->name;
    check(wish, now_ms, out);
    return out->checked.n_faults > 0 ? RC_OK : sql_tx(app->db, make_fn, &w, e);
}

enum rc keys_get(struct sql *q, struct arena *a, const struct actor *actor, int64_t id,
                 struct api_key *out, struct err *e)
{
    enum rc rc = api_keys_by_id(q, a, id, out, e);
    if (rc == RC_OK && out->merchant != actor->merchant)
        return ERR(e, RC_NOT_FOUND, "There is no such API key.", "key of another merchant");
    return rc;
}

static enum rc revoke_fn(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    struct api_key key;
    enum rc rc = keys_get(q, w->arena, w->actor, w->id, &key, e);
    if (rc == RC_OK)
        rc = api_keys_revoke(q, w->id, clock_wall_ms(&w->app->clock), e);
    return rc == RC_OK ? audit(q, w, "api_key.revoked", &key, e) : rc;
}

enum rc keys_revoke(struct app *app, struct arena *a, const struct actor *actor, int64_t id,
                    struct err *e)
{
    struct work w = {.app = app, .arena = a, .actor = actor, .id = id};
    return sql_tx(app->db, revoke_fn, &w, e);
}
