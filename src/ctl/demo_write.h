/*
 * Who may use the demo, and the one transaction that writes it all.
 */
#ifndef CTL_DEMO_WRITE_H
#define CTL_DEMO_WRITE_H

#include "ctl/demo.h"
#include "store/api_keys.h"
#include "store/audit.h"
#include "store/gateways.h"
#include "store/users.h"

enum { DEMO_USERS_MAX = 16, DEMO_GATEWAYS_MAX = 16, DEMO_CURRENCIES_MAX = 16 };

struct demo_currency {
    const char *code;
    struct currency_settings settings;
};

/* The merchant and what belongs to it; passwords, hook secrets
 * and the key in clear for credentials.json alone. */
struct demo_accounts {
    struct merchant merchant;
    struct demo_currency currencies[DEMO_CURRENCIES_MAX];
    int n_currencies;
    struct conflict_settings conflict;
    struct gateway_row gateways[DEMO_GATEWAYS_MAX];
    const char *hook_secrets[DEMO_GATEWAYS_MAX]; /* in clear; NULL: none */
    int n_gateways;
    struct user users[DEMO_USERS_MAX];
    const char *passwords[DEMO_USERS_MAX];
    int n_users;
    struct api_key key;
    uint8_t key_hash[DIGEST_BYTES];
    const char *key_text;
};

struct demo_work {
    struct demo *demo;
    int n_refunds;
    const struct demo_accounts *accounts;
    struct audit_entry *audit; /* oldest first */
    int n_audit;
};

/* Fills *out from merchant.json with new passwords, a new key, and credentials of no use sealed for
 * each gateway that has an adapter. */
MUSTCHECK enum rc demo_make_accounts(struct ctl *c, struct demo *d, struct demo_accounts *out,
                                     struct err *e);
/* What the audit log says: each refund's creation, and that this was a demo. */
void demo_make_audit(struct ctl *c, struct demo_work *w);

/* For sql_tx, with a struct demo_work. */
sql_fn demo_write;

#endif
