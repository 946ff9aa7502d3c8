/*
 * What is inside a `struct order_news`: shared by the files that read and apply it, by nobody else.
 */
#ifndef REFUND_ORDER_NEWS_PARTS_H
#define REFUND_ORDER_NEWS_PARTS_H

#include "refund/announce.h"
#include "refund/order_news.h"
#include "refund/sheet.h"
#include "refund/split.h"
#include "store/refunds.h"

extern const struct sheet_table order_news_order_fields; /* of struct order */
extern const struct sheet_table order_news_txn_fields;   /* of struct txn */

struct told_txn {
    const char *txn_id;     /* NULL: the gateway's payment id says which */
    const char *payment_id; /* or NULL */
    const char *status;     /* NULL: not told */
    const char *currency;
    int64_t amount_minor; /* -1: not told */
    int64_t created_ms;   /* 0: not told */
    int64_t charged_ms;   /* success by the event's own time; 0: none is told */
    bool is_history;      /* charged before the event, and nobody says when */
    struct sheet sheet;
};

struct told_refund {
    const char *unique_request_id; /* NULL: the gateway has its own id alone */
    const char *ref;               /* the gateway's; NULL */
    const char *txn_id;            /* NULL: of the transaction that is told */
    const char *status;            /* SUCCESS, FAILURE, PENDING, MANUAL_REVIEW */
    const char *currency;          /* NULL: the order's */
    int64_t amount_minor;
    int64_t created_ms, processed_ms; /* 0: not told */
    const char *refund_type, *gateway, *arn, *error_code, *error_message, *metadata;
};

struct order_news {
    const char *order_id;  /* NULL: found by a payment or a refund */
    const char *order_key; /* orders_key */
    const char *public_id; /* or NULL */
    const char *status;    /* NULL: not told */
    const char *currency;
    int64_t amount_minor; /* -1: not told */
    int64_t created_ms;   /* 0: not told */
    int64_t at_ms;        /* the event's own time; 0: it has none */
    int64_t heard_ms;     /* when it was received; 0: now */
    bool is_of_refund;    /* the event is about a refund: its time is that of no success */
    bool is_partial;      /* a gateway's own: the order may be known by the payment alone */
    bool is_cod, is_split_payment;
    const char *payment_id;       /* of the first transaction told; NULL */
    const char *other_payment_id; /* the same payment's second name at the gateway; NULL */
    struct sheet sheet;
    struct party *parties; /* split settlement, n_parties of them */
    int n_parties;
    struct told_txn *txns;
    int n_txns;
    struct told_refund *refunds;
    int n_refunds;
};

/* One news on its way into the database. */
struct telling {
    struct sql *q;
    struct arena *arena;
    int64_t at_ms; /* when it happened, as far as the news tell; now_ms at the latest */
    int64_t now_ms;
    bool quiet;             /* history: no event rows */
    bool signed_by_gateway; /* told by the gateway itself, not by who tells of it */
    bool changed;           /* something was written */
    const struct txn *rows; /* the order's transactions as they are written, where one was */
    int n_rows;
    struct announce_later later; /* of the order and its transactions */
};

struct foreign_plan; /* refund/foreign.h */

/* A told transaction and the stored one that it is about. */
struct news_target {
    const struct told_txn *told;
    const struct txn *stored; /* NULL: none yet */
    struct txn row;           /* as written */
};

struct news_work {
    struct telling tell;
    const struct order_news *n;
    int64_t merchant;
    struct order order; /* id 0: none yet */
    struct txn *txns;   /* stored */
    int n_txns;
    struct news_target *targets;
    struct foreign_plan *plans; /* one for each refund told */
    bool early;                 /* about something that is not known yet */
    const char *why;            /* contradicts what is stored */
};

/* Which order it is: w->order and its transactions, or nothing of it is known yet (id 0), or
 * `early`: it is about something that is not known yet. */
MUSTCHECK enum rc order_news_find(struct news_work *w, struct err *e);
/* Which stored transaction and refund each one told is about; `why` is set where the news
 * contradict what is stored. Writes nothing. */
MUSTCHECK enum rc order_news_judge(struct news_work *w, struct err *e);

/* Inserts a new order together with the n transactions that are told, as they leave it, so that
 * each index is written once; *rows are those. */
MUSTCHECK enum rc txn_news_first(struct telling *x, struct order *o, const char *order_key,
                                 const struct told_txn *told, int n, struct txn **rows,
                                 struct err *e);
/* Inserts what is told as another transaction of the order; its amount is known. The order is to be
 * settled then. */
MUSTCHECK enum rc txn_news_insert(struct telling *x, const struct order *o,
                                  const struct told_txn *t, struct txn *out, struct err *e);
/* Moves a stored one on by what is told; amount and currency are the same. A txn_id that was made
 * of the payment id gives way to a real one. */
MUSTCHECK enum rc txn_news_update(struct telling *x, const struct told_txn *t,
                                  const struct txn *stored, struct txn *out, struct err *e);
/* Status, kept txn, effective amount and marks of the order, from its transactions (none:
 * unchanged). */
MUSTCHECK enum rc txn_news_settle(struct telling *x, struct order *o, struct err *e);
/* Before refunds that others tell of are written: where they refunded a transaction by themselves,
 * the desk's own refund of it is taken back if that can be. */
MUSTCHECK enum rc txn_news_yield(struct telling *x, struct order *o, struct err *e);
/* When all else that came with the news is written: auto refunds, ORDER_SUCCEEDED or
 * ORDER_FAILED where that is new, and all that was noted is told; `was`: the order's status before
 * the news. */
MUSTCHECK enum rc txn_news_finish(struct telling *x, struct order *o, const char *was,
                                  struct err *e);

/* *why is set where the order is known with other parties; then the parties of a new split. */
MUSTCHECK enum rc order_news_split_judge(struct telling *x, const struct order_news *n,
                                         const struct order *o, const char **why, struct err *e);
MUSTCHECK enum rc order_news_split_write(struct telling *x, const struct order_news *n,
                                         const struct order *o, struct err *e);

/* How far a status is on the way: news never move a transaction or an order back. */
int order_news_rank(const char *status);

#endif
