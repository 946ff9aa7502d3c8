#include "web/auth_key.h"
#include "core/digest.h"
#include "core/limits.h"
#include "core/str.h"
#include "store/api_keys.h"
#include "web/rate.h"
#include <pthread.h>
#include <string.h>

#define REFUSED "The API key is missing or not valid."

enum { CACHE_SLOTS = 64, CACHE_MS = 3000, TOUCH_MS = 60 * 1000, TEXT_BYTES = 256 };

/* ---- keys seen in the last seconds ----------------------------------------------------------- */

/* A revoked key must be refused within 5 s, so a remembered one lives 3 s. */
struct remembered {
    const struct sql_db *db; /* NULL: free */
    uint8_t hash[DIGEST_BYTES];
    int64_t at_ms;
    struct api_key key; /* its texts are not used, but for … */
    char merchant_id[TEXT_BYTES];
};

static struct remembered cache[CACHE_SLOTS];
static pthread_mutex_t cache_mutex = PTHREAD_MUTEX_INITIALIZER;

static struct remembered *slot_of(const uint8_t hash[DIGEST_BYTES])
{
    return &cache[hash[0] % CACHE_SLOTS];
}

static bool cache_get(const struct req *r, const uint8_t hash[DIGEST_BYTES], struct api_key *out)
{
    struct remembered *m = slot_of(hash);
    pthread_mutex_lock(&cache_mutex);
    int64_t age_ms = r->now_ms - m->at_ms;
    bool hit = m->db == r->app->db && digest_equal(m->hash, DIGEST_BYTES, hash, DIGEST_BYTES) &&
               age_ms >= 0 && age_ms < CACHE_MS &&
               (m->key.expires_ms == 0 || m->key.expires_ms > r->now_ms);
    if (hit) {
        *out = m->key;
        out->merchant_id = arena_strdup(r->arena, m->merchant_id);
    }
    pthread_mutex_unlock(&cache_mutex);
    return hit;
}

static void cache_put(const struct req *r, const uint8_t hash[DIGEST_BYTES],
                      const struct api_key *key)
{
    struct remembered *m = slot_of(hash);
    pthread_mutex_lock(&cache_mutex);
    m->db = NULL;
    if (str_copy(m->merchant_id, sizeof m->merchant_id, key->merchant_id)) {
        m->db = r->app->db;
        m->at_ms = r->now_ms;
        m->key = *key;
        m->key.merchant_id = m->key.prefix = m->key.name = NULL;
        memcpy(m->hash, hash, DIGEST_BYTES);
    }
    pthread_mutex_unlock(&cache_mutex);
}

/* ---- the header --------------------------------------------------------------------------------
 */

const char *auth_key_read(struct arena *a, const char *header)
{
    static const char SCHEME[] = "basic";
    if (!header || strlen(header) > LIMIT_HEADER_BYTES)
        return NULL;
    size_t n = sizeof SCHEME - 1;
    if (strncasecmp(header, SCHEME, n) != 0 || (header[n] != ' ' && header[n] != '\t'))
        return NULL;
    size_t key_n = 0;
    char *key = (char *)digest_unbase64(a, str_trim(a, header + n), &key_n);
    if (!key || strlen(key) != key_n)
        return NULL;
    char *colon = strchr(key, ':');
    if (colon && colon[1] != 0)
        return NULL; /* an API key has no password */
    if (colon)
        *colon = 0;
    return *key && strlen(key) <= LIMIT_API_KEY_BYTES ? key : NULL;
}

/* Every merchant header there is, in any spelling of its case, repeated or not. */
static bool names_other_merchant(const struct req *r, const char *merchant_id)
{
    for (int i = 0; i < r->n_headers; i++) {
        const struct web_header *h = &r->headers[i];
        if (!str_ieq(h->name, "x-merchantid") && !str_ieq(h->name, "x-merchant-id"))
            continue;
        const char *value = str_trim(r->arena, h->value);
        if (*value && !str_eq(value, merchant_id))
            return true;
    }
    return false;
}

/* ---- the key ------------------------------------------------------------------------------------
 */

struct lookup {
    struct arena *arena;
    uint8_t hash[DIGEST_BYTES];
    int64_t now_ms;
    struct api_key key;
};

static enum rc read_key(struct sql *q, void *arg, struct err *e)
{
    struct lookup *l = arg;
    return api_keys_get(q, l->arena, l->hash, l->now_ms, &l->key, e);
}

static enum rc write_used(struct sql *q, void *arg, struct err *e)
{
    const struct lookup *l = arg;
    return api_keys_used(q, l->key.id, l->now_ms, e);
}

/* "Last used" is a kindness: when it cannot be written the request goes on. */
static void mark_used(const struct req *r, struct lookup *l)
{
    if (r->now_ms - l->key.used_ms < TOUCH_MS)
        return;
    l->key.used_ms = r->now_ms;
    cache_put(r, l->hash, &l->key); /* first, so that one thread writes it */
    struct err e;
    if (sql_tx(r->app->db, write_used, l, &e) != RC_OK)
        log_err(&r->app->log, "api_key_used", &e);
}

static enum rc find_key(struct req *r, struct lookup *l, struct err *e)
{
    if (cache_get(r, l->hash, &l->key))
        return RC_OK;
    struct err why;
    enum rc rc = sql_read(r->app->db, read_key, l, &why);
    if (rc == RC_NOT_FOUND)
        return ERR(e, RC_UNAUTHORIZED, REFUSED, "%s", why.detail);
    if (rc == RC_OK)
        cache_put(r, l->hash, &l->key);
    else
        *e = why;
    return rc;
}

enum rc auth_key_load(struct req *r, struct err *e)
{
    const char *text = auth_key_read(r->arena, req_header(r, "authorization"));
    if (!text)
        return ERR(e, RC_UNAUTHORIZED, REFUSED, "no usable Authorization header");
    struct lookup *l = arena_alloc(r->arena, sizeof *l);
    l->arena = r->arena;
    l->now_ms = r->now_ms;
    digest_sha256(text, strlen(text), l->hash);
    enum rc rc = find_key(r, l, e);
    if (rc != RC_OK)
        return rc;
    if (names_other_merchant(r, l->key.merchant_id))
        return ERR(e, RC_UNAUTHORIZED, "The API key belongs to another merchant.",
                   "merchant header differs from key %lld", (long long)l->key.id);
    rc = rate_take(l->key.id, l->key.rate_per_s, r->now_ms, e);
    if (rc != RC_OK)
        return rc;
    mark_used(r, l);
    r->actor = (struct actor){.kind = ACTOR_API,
                              .merchant = l->key.merchant,
                              .merchant_id = l->key.merchant_id,
                              .user = l->key.id,
                              .name = "API",
                              .scopes = l->key.scopes};
    return RC_OK;
}
