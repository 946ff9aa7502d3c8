/*
 * Split settlement of orders and refunds (DOMAIN: HTTP API; vendor's batch refunds, "Split
 * Settlement Validation Rules"): sums match exactly, no party gives back more than it has left of
 * its part, a split order refunded without a split gives back each party's rest and no less.
 */
#ifndef REFUND_SPLIT_H
#define REFUND_SPLIT_H

#include "core/money.h"
#include "store/split.h"

/* As a client told it, amounts as decimal text; made by split_read(), a form or a row of a file. */
struct split_part {
    const char *party; /* sub_mid; "" is the marketplace */
    const char *amount;
};
struct split_ask {
    struct split_part *parts; /* the marketplace first, when it was told */
    int n;
};

/* {"marketplace": {"amount" | "refund_amount"}, "vendor": {"split": [{"sub_mid", "amount" |
 * "refund_amount"}]}}; what else is in it is ignored. RC_INVALID names the member and the mend;
 * more than LIMIT_SPLIT_PARTIES is refused by name too. */
MUSTCHECK enum rc split_read(struct arena *a, const char *json, struct split_ask *out,
                             struct err *e);

/* The parts in minor units of the currency, into the arena; their sum must be total_minor.
 * RC_INVALID names the rule and the party. least_minor: what a vendor's part must at least be (1);
 * the marketplace may be 0. */
MUSTCHECK enum rc split_resolve(struct arena *a, const struct split_ask *ask, const char *currency,
                                int64_t total_minor, struct party **out, int *count, struct err *e);

/* What each party of the order gives back of a refund of amount_minor: as asked (ask), or (NULL)
 * each party's rest when that is the whole amount. Pure. RC_INVALID names the rule that is broken
 * and the party. */
MUSTCHECK enum rc split_judge(struct arena *a, const struct party *parties, int n_parties,
                              const struct split_ask *ask, const char *currency,
                              int64_t amount_minor, struct party **out, int *count, struct err *e);

#endif
