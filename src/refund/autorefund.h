/*
 * Auto refund of conflicted and multiple-charged transactions (vendor's page "Refunds", Auto
 * Refund; DOMAIN: auto refund).
 *
 * What an order's txns should have come to is derived from their facts alone, by one pure function;
 * what is there is then brought to it. So the end does not depend on the order in which news come,
 * as far as what was already sent to a gateway allows.
 *
 * Conflicted: success more than `threshold` minutes after the txn's initiation. Multiple charged:
 * several txns of an order that is no split payment; the earliest success is kept (tie: earlier
 * initiation, then txn_id).
 */
#ifndef REFUND_AUTOREFUND_H
#define REFUND_AUTOREFUND_H

#include "refund/announce.h"
#include "store/conflicts.h"
#include "store/orders.h"
#include "store/refunds.h"

enum auto_verdict {
    AUTO_NOTHING,
    AUTO_CONFLICTED, /* late: refunded whole where switched on, else only shown */
    AUTO_MULTIPLE    /* charged beside the kept one */
};

/* A charged txn (CHARGED or PARTIAL_CHARGED as others tell it). */
struct auto_txn {
    const char *txn_id, *gateway;
    int64_t amount_minor;
    bool is_short; /* less than the order is of, by the payer's word */
    int64_t created_ms, charged_ms;
    bool is_imported; /* an import, or a refund of it, told of its success: no reason for one */
    bool is_gone;    /* its auto refund can not be taken back any more, or its gateway refused it */
    bool is_decided; /* a person took its auto refund back: left as it is */
    /* Decided before the settings were what they are: the threshold of then (0: none), and what an
     * auto refund that was not sent is for; it stands as long as the facts bear it. */
    int64_t standing_minutes;
    enum auto_verdict standing;
    /* the judgement */
    bool is_more; /* charged beside a kept one that is short, and less: a person decides */
    enum auto_verdict verdict; /* what it is refunded for; without a refund, what it is */
    bool refund;               /* the verdict is to be acted on */
    int64_t threshold_minutes; /* that was looked at */
};

/* Success more than the threshold after initiation; exactly the threshold is in time. */
bool autorefund_is_late(const struct auto_txn *t);

/* Fills verdict, refund and threshold_minutes of each; returns the index of the kept one, -1 when
 * none is left. Pure. `since` false: the settings hold for all time (what would have happened).
 * Late ones that are refunded for it, those that are gone and those that a person left as they are
 * stand outside the choice of the kept one. One that is late but only shown may be the kept one, or
 * be refunded as charged beside it. */
int autorefund_judge(const struct conflict_settings *s, bool is_split_payment, bool since,
                     struct auto_txn *txns, int n);

/* Whether there is anything to judge among an order's transactions: most have one success, in time.
 * Pure. */
bool autorefund_concerns(const struct txn *txns, int n);

/* Brings an order to what its txns' facts say, inside the transaction that took in the news and
 * wrote them (`txns`: as they are written): refunds that are due are created, those that are not
 * any more and were not sent are taken back, conflicts are kept, mails are written. `imported`: no
 * refund is created and nobody gets a mail. Events gather in `later`. *changed: a txn's status or
 * mark is another now, the order is to be settled once more. */
MUSTCHECK enum rc autorefund_settle(struct sql *q, struct arena *a, const struct order *o,
                                    const struct txn *txns, int n, bool imported, int64_t now_ms,
                                    struct announce_later *later, bool *changed, struct err *e);

/* An auto refund ended before it was sent, by a person or because nobody approved it: its txn is
 * charged again, and shown as conflicted. Inside the transaction of that move; `r` as it is after
 * it, its error_message says who did it. */
MUSTCHECK enum rc autorefund_returned(struct sql *q, struct arena *a, const struct refund *r,
                                      int64_t now_ms, struct err *e);

/* A refund that the desk did not make by itself ended and freed what it held: of a payment that
 * should go back there is something left now. Inside the transaction of that move. */
MUSTCHECK enum rc autorefund_freed(struct sql *q, struct arena *a, const struct refund *r,
                                   int64_t now_ms, struct err *e);

#endif
