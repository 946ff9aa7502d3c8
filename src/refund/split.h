/*
 * Split settlement of orders and refunds (DOMAIN: HTTP API; vendor's batch refunds, "Split
 * Settlement Validation Rules", whose names the messages use): sums match exactly, no party gives
 * back more than it has left of its part, a split order refunded without a split gives back each
 * party's rest and no less.
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
 * "refund_amount"}]}}; what else is in it is ignored. RC_INVALID names the member and the mend,
 * RC_NOT_FOUND one that is missing; more than LIMIT_SPLIT_PARTIES is refused by name too. */
MUSTCHECK enum rc split_read(struct arena *a, const char *json, struct split_ask *out,
                             struct err *e);

/* The parts in minor units of the currency, into the arena; their sum must be total_minor. Each
 * vendor's part is more than zero and each vendor named once; the marketplace may be told 0.
 * RC_INVALID names the rule and the party. */
MUSTCHECK enum rc split_resolve(struct arena *a, const struct split_ask *ask, const char *currency,
                                int64_t total_minor, struct party **out, int *count, struct err *e);

/* What each party of the order gives back of a refund of amount_minor: as asked (ask), or (NULL)
 * each party's rest when that is the whole amount. Pure. RC_INVALID names the rule that is broken
 * and the party. */
MUSTCHECK enum rc split_judge(struct arena *a, const struct party *parties, int n_parties,
                              const struct split_ask *ask, const char *currency,
                              int64_t amount_minor, struct party **out, int *count, struct err *e);

/* {"split_applied": true, "marketplace": {"amount"}, "split_details": [{"sub_vendor_id",
 * "amount"}]}: the vendor's split_settlement_response, and what timeline and audit keep of a
 * refund's parts. */
struct json_object *split_body(struct arena *a, const struct party *parties, int n,
                               const char *currency);

#endif
