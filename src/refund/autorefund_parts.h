/*
 * What is inside of settling an order's auto refunds: shared by autorefund.c and autorefund_act.c,
 * by nobody else.
 */
#ifndef REFUND_AUTOREFUND_PARTS_H
#define REFUND_AUTOREFUND_PARTS_H

#include "refund/autorefund.h"

/* as stored: migration 0004 */
#define KIND_CONFLICTED      "CONFLICTED"
#define KIND_MULTIPLE        "MULTIPLE_CHARGED"
#define STATE_SHOWN          "SHOWN"
#define STATE_REFUNDED       "REFUNDED"
#define STATE_REFUSED        "REFUSED"
#define STATE_WITHDRAWN      "WITHDRAWN"
#define STATE_CANCELLED      "CANCELLED"
#define STATUS_AUTO_REFUNDED "AUTO_REFUNDED"

/* A txn that succeeded, what is known of its conflict, and what is to become of it. */
struct subject {
    struct txn txn;
    struct auto_txn facts;
    struct conflict conflict; /* txn_row 0: none yet */
    struct refund refund;     /* of state REFUNDED */
    bool is_live;             /* it was not sent: it can be taken back */
    bool is_sent;             /* it can not */
};

struct settling {
    struct sql *q;
    struct arena *arena;
    const struct order *order;
    bool imported;
    struct announce_later *later;
    int64_t now_ms;
    struct conflict_settings settings;
    struct subject *subjects;
    int n;
    int64_t kept_txn; /* row; 0: none is left */
    bool changed;
};

/* Writes the conflict as its facts and verdict say, where that is news. */
MUSTCHECK enum rc conflict_keep(struct settling *s, struct subject *j, const char *state,
                                const char *said, struct err *e);
/* There is none any more: dropped, or WITHDRAWN where there was a refund. */
MUSTCHECK enum rc conflict_forget(struct settling *s, struct subject *j, struct err *e);

/* Refunds what is left of it and keeps its conflict as that ends: REFUNDED, REFUSED, or SHOWN where
 * nothing is left. */
MUSTCHECK enum rc auto_refund_make(struct settling *s, struct subject *j, struct err *e);
/* Its refund is cancelled by the desk itself; the txn is as others tell it. The conflict is to be
 * kept or forgotten next. */
MUSTCHECK enum rc auto_refund_take_back(struct settling *s, struct subject *j, struct err *e);

#endif
