#include "api/once.h"
#include "api/errors.h"
#include "core/limits.h"
#include "core/str.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define HEADER "idempotency-key"

/* ---- keys in flight in this process ------------------------------------------------------------
 */

static struct once *in_flight;
static pthread_mutex_t in_flight_mutex = PTHREAD_MUTEX_INITIALIZER;

static bool same_key(const struct once *a, const struct once *b)
{
    return a->r->app->db == b->r->app->db && a->r->actor.merchant == b->r->actor.merchant &&
           a->r->route == b->r->route && str_eq(a->key, b->key);
}

static bool take(struct once *o)
{
    bool free = true;
    pthread_mutex_lock(&in_flight_mutex);
    for (const struct once *other = in_flight; other && free; other = other->next)
        free = !same_key(o, other);
    if (free) {
        o->next = in_flight;
        in_flight = o;
    }
    pthread_mutex_unlock(&in_flight_mutex);
    return free;
}

static void let_go(const struct once *o)
{
    pthread_mutex_lock(&in_flight_mutex);
    struct once **at = &in_flight;
    while (*at != o)
        at = &(*at)->next;
    *at = o->next;
    pthread_mutex_unlock(&in_flight_mutex);
}

/* ---- what was asked ----------------------------------------------------------------------------
 */

static int by_name(const void *a, const void *b)
{
    const struct form_field *const *x = a, *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

static void add_text(struct buf *b, const char *text)
{
    buf_printf(b, "%zu:%s", strlen(text), text);
}

/* By name, so that a client may write them in another order. An object's members are fields of
 * their own: the text it stands in adds nothing but their order. */
static void add_fields(struct buf *b, const struct form *form)
{
    const struct form_field **fields = arena_array(b->arena, (size_t)form->n + 1, sizeof *fields);
    int n = 0;
    for (int i = 0; i < form->n; i++) {
        const struct form_field *f = &form->fields[i];
        bool has_members = f->kind == FORM_JSON && f->value[0] == '{' && f->value[1] != '}';
        if (!has_members)
            fields[n++] = f;
    }
    qsort(fields, (size_t)n, sizeof *fields, by_name);
    buf_printf(b, "%d fields ", n);
    for (int i = 0; i < n; i++) {
        add_text(b, fields[i]->name);
        buf_printf(b, "=%d,", (int)fields[i]->kind);
        add_text(b, fields[i]->value);
    }
}

static void hash_asked(const struct req *r, uint8_t out[DIGEST_BYTES])
{
    struct buf b;
    buf_init(&b, r->arena);
    add_text(&b, r->route->method);
    add_text(&b, r->route->path);
    for (size_t i = 0; i < sizeof r->params / sizeof r->params[0]; i++)
        add_text(&b, str_or(r->params[i], ""));
    add_fields(&b, &r->query);
    add_fields(&b, &r->form);
    digest_sha256(buf_text(&b), b.len, out);
}

/* ---- inside the transaction ------------------------------------------------------------------ */

static enum rc look(void *ctx, struct sql *q, bool *settled, struct err *e)
{
    struct once *o = ctx;
    struct kept_answer found;
    struct err miss;
    o->state = ONCE_NEW;
    enum rc rc = idempotency_get(q, o->r->arena, o->r->actor.merchant, o->r->route->path, o->key,
                                 &found, &miss);
    if (rc == RC_NOT_FOUND)
        return RC_OK;
    if (rc != RC_OK) {
        *e = miss;
        return rc;
    }
    bool same = digest_equal(found.asked_hash, DIGEST_BYTES, o->kept.asked_hash, DIGEST_BYTES);
    o->kept.status = found.status;
    o->kept.body = found.body;
    o->state = same ? ONCE_REPLAYED : ONCE_REUSED;
    *settled = true;
    return RC_OK;
}

static enum rc keep(void *ctx, struct sql *q, struct err *e)
{
    struct once *o = ctx;
    *o->p = (struct reply){0};
    enum rc rc = o->say(o->r, o->p, q, o->ctx, e);
    if (rc != RC_OK)
        return rc;
    CHECK(o->p->body != NULL && o->p->status < 500);
    o->kept.status = o->p->status;
    o->kept.body = o->p->body;
    o->state = ONCE_SAID;
    return idempotency_put(q, o->r->actor.merchant, o->r->route->path, o->key, &o->kept,
                           o->r->now_ms, e);
}

/* ---- the request -------------------------------------------------------------------------------
 */

static void refuse(struct once *o, int status, const char *code, const char *message)
{
    errors_coded(o->r, o->p, status, code, message, NULL);
}

bool once_begin(struct once *o, struct req *r, struct reply *p, once_say *say, void *ctx)
{
    *o = (struct once){.r = r, .p = p, .say = say, .ctx = ctx, .key = req_header(r, HEADER)};
    if (!o->key)
        return true;
    size_t n = strlen(o->key);
    if (n == 0 || n > LIMIT_ONCE_KEY || !str_printable_ascii(o->key)) {
        errors_bad_request(r, p, "The Idempotency-Key must be 1 to 255 printable ASCII characters.",
                           NULL, 0);
        return false;
    }
    hash_asked(r, o->kept.asked_hash);
    o->decision = (struct decision){.before = look, .after = keep, .ctx = o};
    if (take(o))
        return true;
    refuse(o, 409, "IDEMPOTENCY_KEY_IN_USE",
           "A request with this Idempotency-Key is being answered. Wait for it, then try again.");
    return false;
}

enum rc once_end(struct once *o, enum rc rc, struct err *e)
{
    if (o->key)
        let_go(o);
    if (rc != RC_OK)
        return rc;
    switch (o->state) {
    case ONCE_NEW:
        return o->say(o->r, o->p, NULL, o->ctx, e);
    case ONCE_SAID:
        break;
    case ONCE_REPLAYED:
        reply_json(o->p, o->kept.status, o->kept.body);
        reply_header(o->p, "Idempotent-Replayed", "true");
        break;
    case ONCE_REUSED:
        refuse(o, 409, "IDEMPOTENCY_KEY_REUSED",
               "This Idempotency-Key was used for another request. Use a new key.");
        break;
    }
    return RC_OK;
}
