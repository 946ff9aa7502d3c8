/*
 * Portal users, their sessions, and the record of failed logins.
 */
#ifndef STORE_USERS_H
#define STORE_USERS_H

#include "core/digest.h"
#include "sql/sql.h"
#include "store/actor.h"

struct user {
    int64_t id;
    int64_t merchant;
    const char *name;
    const char *password_hash;
    const char *role; /* "admin", "maker", "checker", "viewer" */
    unsigned char rights[MODULE_COUNT];
    bool disabled;
    int64_t created_ms;
};

/* The rights of a role into rights[]; false for an unknown role.
 * admin: all. maker: refunds ReadWrite, orders Read. checker: approvals ReadWrite, refunds and
 * orders Read. viewer: Read of orders and refunds. */
bool users_role_rights(const char *role, unsigned char rights[MODULE_COUNT]);

/* One row; a name that exists already is RC_CONFLICT. */
MUSTCHECK enum rc users_insert(struct sql *q, const struct user *u, struct err *e);
/* Names are compared as given. */
MUSTCHECK enum rc users_by_name(struct sql *q, struct arena *a, const char *name, struct user *out,
                                struct err *e);
/* By name, at most LIMIT_USERS; the array lives in the arena. */
MUSTCHECK enum rc users_list(struct sql *q, struct arena *a, int64_t merchant, struct user **out,
                             int *count, struct err *e);
/* Both end the user's sessions. */
MUSTCHECK enum rc users_set_password(struct sql *q, int64_t id, const char *password_hash,
                                     struct err *e);
MUSTCHECK enum rc users_disable(struct sql *q, int64_t id, struct err *e);

struct session {
    int64_t user_id;
    const char *csrf; /* the session's secret for CSRF tokens */
    int64_t created_ms, seen_ms;
    struct user user;
    const char *merchant_id;
};

/* token_hash: SHA-256 of the cookie's 256-bit token. */
MUSTCHECK enum rc sessions_insert(struct sql *q, const uint8_t token_hash[DIGEST_BYTES],
                                  int64_t user_id, const char *csrf, int64_t now_ms,
                                  const char *address, struct err *e);
/* With its user; RC_NOT_FOUND when unknown, idle since idle_after_ms, created before
 * oldest_created_ms, or the user is disabled. */
MUSTCHECK enum rc sessions_get(struct sql *q, struct arena *a,
                               const uint8_t token_hash[DIGEST_BYTES], int64_t idle_after_ms,
                               int64_t oldest_created_ms, struct session *out, struct err *e);
MUSTCHECK enum rc sessions_touch(struct sql *q, const uint8_t token_hash[DIGEST_BYTES],
                                 int64_t now_ms, struct err *e);
MUSTCHECK enum rc sessions_delete(struct sql *q, const uint8_t token_hash[DIGEST_BYTES],
                                  struct err *e);
/* Sessions idle or too old, at most `limit` at once. */
MUSTCHECK enum rc sessions_sweep(struct sql *q, int64_t idle_after_ms, int64_t oldest_created_ms,
                                 struct err *e);

/* Failures of a subject since window_start_ms; 0 when the window has passed. */
MUSTCHECK enum rc logins_failures(struct sql *q, const char *subject, int64_t window_start_ms,
                                  int64_t *failures, struct err *e);
MUSTCHECK enum rc logins_add_failure(struct sql *q, const char *subject, int64_t now_ms,
                                     int64_t window_start_ms, struct err *e);
/* One failure less: an attempt is counted before its password is looked at, so that attempts made
 * side by side cannot slip under the limit; a right password takes its own one back. */
MUSTCHECK enum rc logins_take_back(struct sql *q, const char *subject, struct err *e);
MUSTCHECK enum rc logins_clear(struct sql *q, const char *subject, struct err *e);

#endif
