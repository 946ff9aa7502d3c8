/*
 * The demo: recipes (db/demo) become orders with their transactions, refunds and history in memory,
 * then one transaction writes them. Everything but times, row ids, passwords and keys comes from
 * the seed, drawn anew for each order, so a change of one recipe changes its orders only.
 */
#ifndef CTL_DEMO_H
#define CTL_DEMO_H

#include "core/json.h"
#include "ctl/ctl.h"
#include "store/audit.h"
#include "store/batches.h"
#include "store/conflicts.h"
#include "store/events.h"
#include "store/orders.h"
#include "store/payouts.h"
#include "store/refunds.h"
#include "store/split.h"
#include "store/txns.h"

/* ---- chance (demo_random.c): splitmix64
 * ----------------------------------------------------------- */

struct demo_random {
    uint64_t state;
};
int64_t demo_below(struct demo_random *r, int64_t below);            /* 0 … below-1 */
int64_t demo_between(struct demo_random *r, int64_t lo, int64_t hi); /* both included */
/* '@' becomes a letter or digit, '#' a digit, '~' a lower-case hex digit. */
char *demo_pattern(struct arena *a, struct demo_random *r, const char *pattern);

/* ---- recipes (demo_source.c)
 * ----------------------------------------------------------------------- */

struct demo_source {
    struct json_object *merchant, *customers, *products, *methods, *refusals, *declines, *orders,
        *batches;
};
/* e->text names the file and what is wrong. */
MUSTCHECK enum rc demo_load(struct ctl *c, const char *folder, struct demo_source *out,
                            struct err *e);

/* A whole number; `preset` when it is absent. */
int64_t demo_int(struct json_object *obj, const char *key, int64_t preset);
/* False when it is absent. */
bool demo_flag(struct json_object *obj, const char *key);
/* Of an array; any other value has no items. */
size_t demo_count(struct json_object *array);
struct json_object *demo_item(struct json_object *array, size_t k);
struct json_object *demo_pick(struct demo_random *r, struct json_object *array);
/* The item whose `key` is `value`; CHECKs that there is one. */
struct json_object *demo_find(struct arena *a, struct json_object *array, const char *key,
                              const char *value);
/* Decimal text in minor units; CHECKs it. */
int64_t demo_minor(const char *decimal, const char *currency);

/* ---- what is made
 * --------------------------------------------------------------------------------- */

enum { DEMO_TXNS_MAX = 4, DEMO_REFUNDS_MAX = 32, DEMO_EVENTS_MAX = 160 };

/* What belongs to a refund besides its row. */
struct demo_terms {
    struct party *parts; /* of a split settlement */
    int n_parts;
    bool pays_out;
    struct payee payee;
};

struct demo_order {
    struct json_object *recipe;
    struct demo_random random;
    struct order row;
    const char *key;
    struct txn txns[DEMO_TXNS_MAX];
    int n_txns;
    struct party *parties; /* of a split settlement */
    int n_parties;
    struct refund *refunds;
    struct demo_terms *terms; /* of each refund */
    int n_refunds;
    struct conflict conflicts[DEMO_TXNS_MAX];
    int n_conflicts;
    struct event *events;
    int n_events;
    bool is_in_batch; /* a row of a batch is about it */
};

struct demo_batch {
    struct batch row; /* as it ends */
    struct batch_total total;
    struct batch_row *rows;
    bool run;
};

struct demo {
    struct arena *arena;
    struct demo_source source;
    const char *merchant_id;
    int64_t merchant; /* row id */
    int64_t now_ms;
    struct seal_public worker_key;
    struct payee *beneficiaries;
    int n_beneficiaries;
    struct demo_order *orders; /* oldest first */
    int n_orders;
    struct demo_batch *batches; /* oldest first */
    int n_batches;
};

#define DEMO_HOSTILE "<script>alert(1)</script>\"'&"

/* demo_plan.c: which recipe is which order, and when it was placed. RC_INVALID: no room for one. */
MUSTCHECK enum rc demo_plan(struct demo *d, struct err *e);
/* demo_order.c: the order and its transactions. */
void demo_make_order(struct demo *d, struct demo_order *o);
/* demo_facts.c */
const char *demo_order_facts(struct demo *d, struct demo_order *o, struct json_object *offer);
const char *demo_txn_facts(struct demo *d, struct demo_order *o, const struct txn *t,
                           struct json_object *method);
/* demo_terms.c. RC_INVALID: a beneficiary that the API would refuse. */
MUSTCHECK enum rc demo_make_beneficiaries(struct demo *d, struct err *e);
void demo_make_parties(struct demo *d, struct demo_order *o);
/* Also sets the refund's type, and its gateway when the recipe names one. */
struct demo_terms demo_make_terms(struct demo *d, struct json_object *recipe, struct refund *r);
/* demo_refund.c: after demo_make_order. */
void demo_make_refunds(struct demo *d, struct demo_order *o);
/* The one refund of an order that has none. */
void demo_make_refund_at(struct demo *d, struct demo_order *o, struct json_object *recipe,
                         int64_t created_ms);
/* What a recipe asks for of this transaction. */
int64_t demo_refund_amount(struct demo *d, struct json_object *recipe, const struct txn *t);
/* demo_batch.c: after all orders have their refunds. */
void demo_make_batches(struct demo *d);
enum { DEMO_BATCH_AUDIT = 3 };
/* What the audit log says of it; returns how many entries. */
int demo_audit_batch(struct demo *d, const struct demo_batch *x,
                     struct audit_entry to[DEMO_BATCH_AUDIT]);
/* After the refunds of its rows. */
MUSTCHECK enum rc demo_write_batch(struct sql *q, const struct demo_batch *x, struct err *e);
/* demo_conflict.c: after demo_make_refunds. */
void demo_make_conflicts(struct demo *d, struct demo_order *o);
/* Auto refund is on since some time ago. */
void demo_make_conflict_settings(struct demo *d, struct conflict_settings *out);
/* demo_history.c: events, oldest first. `r` NULL: of the order. */
void demo_add_event(struct demo *d, struct demo_order *o, const struct refund *r, const char *name,
                    const char *actor, int64_t at_ms, const char *frozen);
void demo_sort_events(struct demo_order *o);
/* The history of a transaction. */
void demo_tell_txn(struct demo *d, struct demo_order *o, const struct txn *t);
/* The history of a refund whose row is finished. */
void demo_tell_refund(struct demo *d, struct demo_order *o, const struct refund *r);

/* The gateway of merchant.json; CHECKs that it is there. */
struct json_object *demo_gateway(struct demo *d, const char *name);

#endif
