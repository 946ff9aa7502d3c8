/*
 * Requests without a web server: an app on a temporary database with a fixed clock, requests put
 * together by hand, and rows to ask for.
 */
#ifndef TESTS_WEB_DOUBLE_H
#define TESTS_WEB_DOUBLE_H

#include "store/api_keys.h"
#include "store/merchants.h"
#include "web/route.h"

#define DOUBLE_NOW_MS   INT64_C(1800000000000) /* 2027-01-15T08:00:00Z */
#define DOUBLE_PASSWORD "correct horse"

struct double_app {
    struct app app;
    struct arena *arena;
    int64_t merchant;
};

/* A migrated database in a new folder, default configuration, merchant "acme" in test mode. */
void double_open(struct double_app *d);
void double_close(struct double_app *d);
void double_advance(struct double_app *d, int64_t ms);

/* A GET of the portal's kind has no body; values are not copied. */
struct req *double_request(struct double_app *d, const char *method, const char *target);
void double_header(struct req *r, const char *name, const char *value);
void double_body(struct req *r, const char *content_type, const char *text);
#define DOUBLE_FORM "application/x-www-form-urlencoded"
#define DOUBLE_JSON "application/json"

/* A user with DOUBLE_PASSWORD (hashed at the least cost). */
int64_t double_user(struct double_app *d, const char *name, const char *role, bool disabled);
/* An API key; returns its row. */
int64_t double_key(struct double_app *d, const char *key, int scopes, int64_t expires_ms);
void double_revoke(struct double_app *d, int64_t key);
/* "Basic …" of a text. */
const char *double_basic(struct double_app *d, const char *text);

/* The value of a cookie that a reply sets, "" when it is taken away, NULL when it is not set. */
const char *double_cookie_set(struct double_app *d, const struct reply *p, const char *name);

const char *double_reply_header(const struct reply *p, const char *name);

/* One transaction or snapshot; fails the test on an error. */
void double_tx(struct double_app *d, sql_fn *fn, void *arg);
void double_read(struct double_app *d, sql_fn *fn, void *arg);

#endif
