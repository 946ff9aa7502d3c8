/*
 * Where a payout goes: the part of its page that Create Refund does not have. The fields of a new
 * account come from payout_types(); an account that is kept is chosen.
 */
#ifndef PORTAL_PAYOUT_FORM_H
#define PORTAL_PAYOUT_FORM_H

#include "portal/rows.h"
#include "refund/create.h"
#include "store/gateways.h"

struct payout_form {
    struct gateway_row *gateways; /* those that can pay out */
    int n_gateways;
    struct payee *kept; /* the newest */
    int n_kept;
    const struct payout_type *type; /* NULL: to an account that is kept */
    const struct form *typed;       /* the fields as they came; NULL: not typed yet */
    const struct gateway_row *gateway;
    struct payout_ask ask;
};

/* The gateways that can pay out; for the page itself (whole) the kept accounts too. */
MUSTCHECK enum rc payout_form_read(struct sql *q, struct arena *a, const struct merchant *m,
                                   bool whole, struct payout_form *out, struct err *e);
/* What kind of account: a payout_type; NULL, "KEPT" and unknown ones: kept if there are any. */
void payout_form_choose(struct payout_form *p, const char *to);
/* Takes the fields; p->ask is for the core. */
void payout_form_take(struct payout_form *p, struct arena *a, const struct form *from);
/* The kinds, the fields, and beside its field what the core has against one. path: of the page. */
void payout_form_fill(const struct payout_form *p, const struct rows_ctx *c, const char *path,
                      const struct refund_answer *answer, struct page_node *root);
/* For the confirmation: who gets it, where, by whom. The account is sealed once more to learn how
 * it is shown, so it must have been judged before. RC_… as payout_seal(). */
MUSTCHECK enum rc payout_form_confirm(const struct payout_form *p, const struct rows_ctx *c,
                                      const struct seal_public *worker_key, struct page_node *root,
                                      struct err *e);

#endif
