/*
 * Reading what is told: the parts that order_news_read.c and order_news_rows.c share.
 */
#ifndef REFUND_ORDER_NEWS_READ_H
#define REFUND_ORDER_NEWS_READ_H

#include "core/json.h"
#include "refund/order_news_parts.h"

struct reading {
    struct arena *arena;
    struct order_news *news;
    struct intake_fault *faults; /* INTAKE_MAX_FAULTS of them */
    int n_faults;
    bool partial; /* a gateway's own news: order_id and amount may be missing */
};

/* More than fit are dropped: the first are enough to mend by. */
void reading_fault(struct reading *r, const char *where, const char *field, const char *reason);

/* A member's text, masked and within its limit; NULL when absent, null or "". */
const char *reading_text(struct reading *r, struct json_object *from, const char *where,
                         const char *field, size_t limit);
/* An id: printable ASCII. */
const char *reading_id(struct reading *r, struct json_object *from, const char *where,
                       const char *field, size_t limit);
/* A time, 0 when absent. */
int64_t reading_time(struct reading *r, struct json_object *from, const char *where,
                     const char *field);
/* An amount in minor units of the currency (NULL: unknown, nothing is read); -1 when absent. */
int64_t reading_money(struct reading *r, struct json_object *from, const char *where,
                      const char *field, const char *currency);
/* A known status of an order or txn; NULL when absent. */
const char *reading_status(struct reading *r, struct json_object *from, const char *where);
/* Every field of the table, looked for in `inner`, then in `outer` (either may be NULL). */
void reading_sheet(struct reading *r, const struct sheet_table *t, struct json_object *inner,
                   struct json_object *outer, const char *where, const char *currency,
                   struct sheet *out);

/* txn_detail with what stands beside it, txn_list and refunds[] of an order object. */
void reading_txns(struct reading *r, struct json_object *order);
/* metadata.split_settlement_details, whose sum must be the order's amount. */
void reading_split(struct reading *r, struct json_object *order);
void reading_refunds(struct reading *r, struct json_object *order);

#endif
