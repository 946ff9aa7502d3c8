/*
 * What people are told of a conflict: why it is one, and what was done about it.
 */
#ifndef PORTAL_CONFLICT_WORDS_H
#define PORTAL_CONFLICT_WORDS_H

#include "portal/rows.h"
#include "refund/order_body.h"
#include "store/conflicts.h"

/* "success came 17 min 04 s after start; the limit is 10 min" */
const char *conflict_words_late(struct arena *a, int64_t initiated_ms, int64_t success_ms,
                                int64_t threshold_minutes);
/* "charged beside demo-1-1, which is kept" */
const char *conflict_words_beside(struct arena *a, const char *kept_txn_id);
/* One of the two. */
const char *conflict_words_why(struct arena *a, const struct conflict *c);

/* All conflicts of an order, and by what they are judged now. */
struct conflict_set {
    struct conflict_settings settings;
    struct conflict *rows;
    int count;
};
MUSTCHECK enum rc conflict_words_read(struct sql *q, struct arena *a, const struct order *o,
                                      struct conflict_set *out, struct err *e);
/* A flag for each (rows_flag): why, which charge is kept, what was done, with a link to the refund.
 */
void conflict_words_flags(const struct rows_ctx *c, struct page_node *root,
                          const struct conflict_set *set, const struct order_view *v);
/* The line below a txn's badge; NULL when nothing is wrong with it. */
const char *conflict_words_said(struct arena *a, const struct conflict_set *set,
                                const struct txn *t);

#endif
