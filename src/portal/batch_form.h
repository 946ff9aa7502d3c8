/*
 * The steps of Create Batch Refunds, and the confirmation of a file that was checked.
 */
#ifndef PORTAL_BATCH_FORM_H
#define PORTAL_BATCH_FORM_H

#include "portal/batch_view.h"
#include "refund/batch.h"

enum batch_step { STEP_DESCRIPTION, STEP_FILE, STEP_CHECK, STEP_APPROVAL, STEP_PROGRESS };

/* Fills the list `steps`; description and approval stand in it with maker-checker only. */
void batch_form_steps(struct page_node *root, bool maker_checker, enum batch_step current);

/* What was typed to confirm: kept when it cannot be used. */
struct batch_form {
    bool asked;           /* the form was sent */
    const char *run_mode; /* as sent */
    struct batch_typed *typed;
    int n_typed;
    struct batch_fault fault;
};

/* The fields "total_INR" for each currency of the totals, and run_mode. */
void batch_form_take(struct batch_form *f, struct arena *a, const struct form *from,
                     const struct batch_total *totals, int n_totals);
/* "12.50 EUR · 62.00 INR": what all rows that passed the check come to; `all`: the refused ones
 * too. NULL: nothing. */
const char *batch_form_sums(const struct rows_ctx *c, const struct batch_total *totals,
                            int n_totals, bool all);
/* Fills `sums` (by currency and gateway), `confirm` (mode, one field for each currency, faults). */
void batch_form_fill(const struct rows_ctx *c, struct page_node *root, const struct batch_form *f,
                     const struct batch *b, const struct batch_total *totals, int n_totals);

#endif
