/*
 * Who acts, for which merchant, with which rights (DOMAIN: portal). Decided once at the edge by
 * session or API key, then passed down; never looked up again.
 */
#ifndef STORE_ACTOR_H
#define STORE_ACTOR_H

#include <stdint.h>

enum module {
    MODULE_NONE,
    MODULE_ORDERS,
    MODULE_REFUNDS,
    MODULE_APPROVALS,
    MODULE_SETTINGS,
    MODULE_USERS,
    MODULE_AUDIT,
    MODULE_COUNT
};
enum right { RIGHT_NONE, RIGHT_READ, RIGHT_WRITE };

enum actor_kind {
    ACTOR_NOBODY,
    ACTOR_USER,
    ACTOR_API,
    ACTOR_WORKER,
    ACTOR_OPERATOR /* refundctl */
};

/* Scopes of an API key, bits. */
enum { SCOPE_READ = 1, SCOPE_REFUND = 2, SCOPE_INTAKE = 4, SCOPE_ALL = 7 };

struct actor {
    enum actor_kind kind;
    int64_t merchant;        /* row id */
    const char *merchant_id; /* its public id */
    int64_t user;            /* row id of the user or the key */
    const char *name;        /* user's name, "API", "worker" */
    unsigned char rights[MODULE_COUNT];
    int scopes;
};

#endif
