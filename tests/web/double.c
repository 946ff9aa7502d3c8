#include "web/double.h"
#include "core/id.h"
#include "core/limits.h"
#include "core/secret.h"
#include "core/str.h"
#include "support/suite.h"
#include <check.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static enum rc insert_merchant(struct sql *q, void *arg, struct err *e)
{
    const struct double_app *d = arg;
    struct merchant m = {.id = d->merchant,
                         .merchant_id = "acme",
                         .name = "Acme",
                         .time_zone = "UTC",
                         .locale = "en_IN",
                         .default_currency = "INR",
                         .test_mode = true,
                         .refund_limit = 25,
                         .order_age_days = 365,
                         .twin_window_ms = 5000,
                         .batch_rows = MERCHANT_BATCH_ROWS,
                         .created_ms = DOUBLE_NOW_MS};
    return merchants_insert(q, &m, e);
}

void double_tx(struct double_app *d, sql_fn *fn, void *arg)
{
    struct err e;
    ck_assert_msg(sql_tx(d->app.db, fn, arg, &e) == RC_OK, "%s", e.detail);
}

void double_read(struct double_app *d, sql_fn *fn, void *arg)
{
    struct err e;
    ck_assert_msg(sql_read(d->app.db, fn, arg, &e) == RC_OK, "%s", e.detail);
}

void double_open(struct double_app *d)
{
    struct err e;
    *d = (struct double_app){.app = {.log = {.program = "test", .least = LOG_ERROR, .fd = 2},
                                     .clock = {DOUBLE_NOW_MS},
                                     .wake_fd = -1},
                             .arena = arena_new(LIMIT_ARENA_REQUEST_BYTES),
                             .merchant = id_new()};
    char *home = suite_tmpdir();
    ck_assert_int_eq(config_load(d->arena, home, NULL, &d->app.config, &e), RC_OK);
    free(home);
    d->app.config.cookie_secure = false;
    const struct sql_options options = {
        .catalog = &sql_catalog_desk, .clock = &d->app.clock, .create = true, .migrate = true};
    enum rc rc = sql_open(&d->app.db, config_database(d->arena, &d->app.config), &options, &e);
    ck_assert_msg(rc == RC_OK, "%s", rc == RC_OK ? "" : e.detail);
    double_tx(d, insert_merchant, d);
}

void double_close(struct double_app *d)
{
    sql_close(d->app.db);
    arena_free(d->arena);
}

void double_advance(struct double_app *d, int64_t ms)
{
    d->app.clock.fixed_ms += ms;
}

struct req *double_request(struct double_app *d, const char *method, const char *target)
{
    struct err e;
    struct req *r = arena_alloc(d->arena, sizeof *r);
    r->app = &d->app;
    r->arena = d->arena;
    r->request_id = "00000000-0000-4000-8000-000000000001";
    r->method = method;
    r->content_type = r->body = "";
    r->address = "192.0.2.1";
    r->headers = arena_array(d->arena, LIMIT_HEADERS, sizeof *r->headers);
    r->now_ms = clock_wall_ms(&d->app.clock);
    ck_assert_int_eq(req_set_target(r, target, &e), RC_OK);
    double_header(r, "host", "desk.example");
    return r;
}

void double_header(struct req *r, const char *name, const char *value)
{
    struct web_header *headers = arena_array(r->arena, LIMIT_HEADERS, sizeof *headers);
    memcpy(headers, r->headers, (size_t)r->n_headers * sizeof *headers);
    headers[r->n_headers++] = (struct web_header){name, value};
    r->headers = headers;
}

void double_body(struct req *r, const char *content_type, const char *text)
{
    r->content_type = content_type;
    r->body = text;
    r->body_n = strlen(text);
}

static enum rc insert_user(struct sql *q, void *arg, struct err *e)
{
    return users_insert(q, arg, e);
}

int64_t double_user(struct double_app *d, const char *name, const char *role, bool disabled)
{
    char hash[SECRET_HASH_MAX];
    struct err e;
    ck_assert_int_eq(secret_password_hash(DOUBLE_PASSWORD, SECRET_TEST, hash, &e), RC_OK);
    struct user u = {.id = id_new(),
                     .merchant = d->merchant,
                     .name = name,
                     .password_hash = hash,
                     .role = role,
                     .disabled = disabled,
                     .created_ms = DOUBLE_NOW_MS};
    ck_assert(users_role_rights(role, u.rights));
    double_tx(d, insert_user, &u);
    return u.id;
}

struct new_key {
    struct api_key key;
    uint8_t hash[DIGEST_BYTES];
};

static enum rc insert_key(struct sql *q, void *arg, struct err *e)
{
    const struct new_key *k = arg;
    return api_keys_insert(q, &k->key, k->hash, e);
}

int64_t double_key(struct double_app *d, const char *key, int scopes, int64_t expires_ms)
{
    struct new_key k = {.key = {.id = id_new(),
                                .merchant = d->merchant,
                                .prefix = "test",
                                .name = "test",
                                .scopes = scopes,
                                .created_ms = DOUBLE_NOW_MS,
                                .expires_ms = expires_ms}};
    digest_sha256(key, strlen(key), k.hash);
    double_tx(d, insert_key, &k);
    return k.key.id;
}

struct revocation {
    int64_t key, now_ms;
};

static enum rc revoke(struct sql *q, void *arg, struct err *e)
{
    const struct revocation *v = arg;
    return api_keys_revoke(q, v->key, v->now_ms, e);
}

void double_revoke(struct double_app *d, int64_t key)
{
    struct revocation v = {key, clock_wall_ms(&d->app.clock)};
    double_tx(d, revoke, &v);
}

const char *double_basic(struct double_app *d, const char *text)
{
    char out[512];
    sodium_bin2base64(out, sizeof out, (const unsigned char *)text, strlen(text),
                      sodium_base64_VARIANT_ORIGINAL);
    return arena_printf(d->arena, "Basic %s", out);
}

const char *double_cookie_set(struct double_app *d, const struct reply *p, const char *name)
{
    const char *wanted = arena_printf(d->arena, "%s=", name);
    for (int i = 0; i < 2; i++) {
        const char *c = p->cookies[i];
        if (c && str_starts(c, wanted))
            return arena_strndup(d->arena, c + strlen(wanted), strcspn(c + strlen(wanted), ";"));
    }
    return NULL;
}

const char *double_reply_header(const struct reply *p, const char *name)
{
    for (int i = 0; i < p->n_headers; i++) {
        if (str_eq(p->headers[i].name, name))
            return p->headers[i].value;
    }
    return NULL;
}
