/*
 * The content of Create Refund, and of its sister that pays out to another account, in their three
 * shapes: the form, the form with a refusal beside its field, and the confirmation in words.
 */
#ifndef PORTAL_REFUND_FORM_H
#define PORTAL_REFUND_FORM_H

#include "portal/payout_form.h"
#include "portal/rows.h"
#include "portal/split_form.h"
#include "refund/create.h"
#include "refund/order_body.h"

struct refund_form {
    struct req *req;
    struct rows_ctx ctx;
    struct merchant merchant;
    struct currency_settings currency;
    struct order_view view;
    const struct txn *txn;              /* NULL: the order must be refunded by a named one */
    const char *id;                     /* one-time id */
    const char *amount, *reason, *note; /* as typed; NULL: not typed yet */
    const char *type;                   /* STANDARD, INSTANT; as typed, NULL: not typed yet */
    bool can_instant;                   /* the gateway of the payment can */
    struct split_form split;            /* n 0: the order is not split settled */
    bool is_payout;                     /* to another account: a page of its own */
    struct payout_form payout;          /* where it goes; of others only which gateways could */
    const char *typed;                  /* the amount once more, to confirm a large one */
    bool typed_wrong;                   /* … and it is another, or missing: say so */
    bool confirm;                       /* judged and fine: ask again, in words */
    bool closed;                        /* nothing in the form can mend it */
    const struct refund_answer *answer; /* the refusal to show; NULL: none */
};

/* What is left to refund, as decimal text. */
const char *refund_form_rest(const struct refund_form *form);
/* False while the amount is so large that it must be typed to confirm (currency_settings), and what
 * was typed is not that amount. */
bool refund_form_typed_right(const struct refund_form *form);
/* The popup, which is also a page: the order's facts, the fields as typed, and what is asked or
 * refused. RC_…: the account of a payout cannot be used (payout_form_confirm). */
MUSTCHECK enum rc refund_form_page(const struct refund_form *form, struct page **out,
                                   struct err *e);

#endif
