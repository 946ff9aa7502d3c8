#include "api/hook.h"

#include "core/limits.h"
#include "core/str.h"
#include "gateway/hook_verify.h"
#include "store/gateways.h"

#include <pthread.h>
#include <string.h>

#define REFUSED "The signature is missing or not valid."

enum { REMEMBER_MS = 3000 };

/* ---- secrets opened in the last seconds
 * ---------------------------------------------------------- */

struct secret {
    int64_t merchant;
    char gateway[LIMIT_GATEWAY_NAME + 1];
    uint8_t bytes[LIMIT_HOOK_SECRET_BYTES];
    size_t n;
};

struct secrets {
    struct secret rows[LIMIT_HOOK_SECRETS];
    int n;
};

static struct {
    const struct sql_db *db; /* NULL: nothing is remembered */
    int64_t at_ms;
    struct secrets secrets;
} remembered;
static pthread_mutex_t remembered_mutex = PTHREAD_MUTEX_INITIALIZER;

static bool recall(const struct req *r, struct secrets *out)
{
    pthread_mutex_lock(&remembered_mutex);
    int64_t age_ms = r->now_ms - remembered.at_ms;
    bool hit = remembered.db == r->app->db && age_ms >= 0 && age_ms < REMEMBER_MS;
    if (hit)
        *out = remembered.secrets;
    pthread_mutex_unlock(&remembered_mutex);
    return hit;
}

static void remember(const struct req *r, const struct secrets *secrets)
{
    pthread_mutex_lock(&remembered_mutex);
    remembered.db = r->app->db;
    remembered.at_ms = r->now_ms;
    remembered.secrets = *secrets;
    pthread_mutex_unlock(&remembered_mutex);
}

/* ---- reading them
 * --------------------------------------------------------------------------------
 */

struct load {
    struct arena *arena;
    struct gateway_row *rows;
    int n;
};

static enum rc load_fn(struct sql *q, void *arg, struct err *e)
{
    struct load *l = arg;
    return gateways_with_hooks(q, l->arena, &l->rows, &l->n, e);
}

/* One that cannot be opened is sealed to another desk: it signs nothing here. */
static enum rc open_secrets(const struct req *r, struct secrets *out, struct err *e)
{
    struct load l = {.arena = r->arena};
    enum rc rc = sql_read(r->app->db, load_fn, &l, e);
    out->n = 0;
    for (int i = 0; rc == RC_OK && i < l.n; i++) {
        const struct gateway_row *g = &l.rows[i];
        struct secret *s = &out->rows[out->n];
        size_t n = 0;
        char *text = secret_open(r->arena, &r->app->desk_key, g->hook_secret, g->hook_secret_n, &n);
        if (text == NULL || n == 0 || n > sizeof s->bytes ||
            !str_copy(s->gateway, sizeof s->gateway, g->name))
            continue;
        s->merchant = g->merchant;
        s->n = n;
        memcpy(s->bytes, text, n);
        explicit_bzero(text, n);
        out->n++;
    }
    return rc;
}

/* ---- whose is it?
 * --------------------------------------------------------------------------------
 */

/* Every secret is tried, also after one matched, and one that is none when there is none. */
static int64_t match(const struct hook_scheme *scheme, const struct hook_message *m,
                     const struct secrets *secrets)
{
    static const uint8_t nobody[32];
    int64_t merchant = 0;
    int tried = 0;
    for (int i = 0; i < secrets->n; i++) {
        const struct secret *s = &secrets->rows[i];
        if (!str_ieq(s->gateway, scheme->source))
            continue;
        tried++;
        if (scheme->verify(m, s->bytes, s->n) && merchant == 0)
            merchant = s->merchant;
    }
    if (tried == 0)
        (void)scheme->verify(m, nobody, sizeof nobody);
    return merchant;
}

enum rc hook_merchant(struct req *r, const char *source, int64_t *merchant, struct err *e)
{
    const struct hook_scheme *scheme = hook_scheme_find(source);
    CHECK(scheme != NULL);
    struct secrets *secrets = arena_alloc(r->arena, sizeof *secrets);
    const struct hook_message m = {.signature = req_header(r, scheme->header),
                                   .body = r->body,
                                   .body_n = r->body_n,
                                   .now_ms = r->now_ms};
    if (!recall(r, secrets)) {
        enum rc rc = open_secrets(r, secrets, e);
        if (rc != RC_OK)
            return rc;
        remember(r, secrets);
    }
    *merchant = match(scheme, &m, secrets);
    explicit_bzero(secrets, sizeof *secrets);
    if (*merchant == 0)
        return ERR(e, RC_UNAUTHORIZED, REFUSED, "webhook of %s", source);
    return RC_OK;
}
