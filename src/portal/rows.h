/*
 * What pages say about orders, transactions and refunds: badges, "paid with", the truth under
 * PENDING, the equation. Fills nodes with text only; every number is formatted here.
 */
#ifndef PORTAL_ROWS_H
#define PORTAL_ROWS_H

#include "refund/cause.h"
#include "store/events.h"
#include "store/orders.h"
#include "store/payouts.h"
#include "store/refunds.h"
#include "view/format.h"
#include "web/request.h"

/* How and for whom a page is filled. */
struct rows_ctx {
    struct arena *arena;
    struct format format;
    int64_t now_ms;
    bool may_refund; /* the actor may create and cancel refunds */
};

/* text; age: "21 Nov 2026, 14:31:07 IST · 3 min ago" */
void rows_time(const struct rows_ctx *c, struct page_node *n, int64_t wall_ms);
/* color, word */
void rows_order_badge(const struct rows_ctx *c, struct page_node *n, const char *status);
void rows_refund_badge(struct page_node *n, const struct refund *r);
void rows_status_badge(struct page_node *n, const char *public_status);

/* "RAZORPAY · CARD VISA" */
const char *rows_paid_with(struct arena *a, const struct txn *t);
/* "CARD VISA" */
const char *rows_method(struct arena *a, const struct txn *t);
/* "VISA •• 1111 by RAZORPAY" */
const char *rows_goes_back_to(struct arena *a, const struct txn *t);
/* "the account •••• 7581 of John Wick by AIRWALLEX" */
const char *rows_pays_to(struct arena *a, const struct payee *p, const char *gateway);
/* "AUTO_REFUNDED" -> "Auto refunded"; abbreviations stay as they are. */
const char *rows_words(struct arena *a, const char *name);
/* "cust_2210 · priya@example.in"; "guest" when nothing is known. */
const char *rows_customer(struct arena *a, const struct order *o);

/* "Held until 14:32", "Sending, attempt 2", …; NULL when the badge says it all. */
const char *rows_truth(const struct rows_ctx *c, const struct refund *r);
/* "Asks RAZORPAY again at 14:32"; NULL when nothing will happen by itself. stopped: the merchant
 * stopped all sending; asking goes on. */
const char *rows_next(const struct rows_ctx *c, const struct refund *r, bool stopped);
/* Nothing more happens by itself until somebody does something. */
bool rows_needs_person(const struct refund *r);
bool rows_can_cancel(const struct rows_ctx *c, const struct refund *r);

/* Charged − Refunded − Pending = Refundable of one transaction. */
void rows_equation(const struct rows_ctx *c, struct page_node *n, const struct txn *t);

/* While something is pending the page asks for itself again; `live` has the address and how often.
 * `seen` stands for what the page shows: as long as it is the same the answer is 204. */
void rows_live(const struct rows_ctx *c, struct page_node *root, const char *path, bool pending,
               int64_t seen);
/* "Refund of 300.00 INR: Success. Bank ref. 7412": what is said aloud when it moved. */
const char *rows_news(const struct rows_ctx *c, const struct refund *r);
bool rows_seen_is(const struct req *r, int64_t seen);

/* An amber notice in the list `flags`; href and link may be added to it. */
struct page_node *rows_flag(struct page_node *root, const char *title, const char *text);
/* The same for an open contradiction with the gateway. */
void rows_exception(const struct rows_ctx *c, struct page_node *root, const struct exception *x);

/* Why nothing can be refunded, before any amount was asked for. */
const char *rows_why_not(enum cause cause);

/* One row of a list of refunds (parts/refund_rows). */
void rows_refund(const struct rows_ctx *c, struct page_node *n, const struct refund *r);

#endif
