/*
 * Create Refund of a split-settled order: one field for what each party gives back. The refund's
 * amount is their sum. Fields are named by the party's place in the order ("part.0", "part.1", …),
 * which never changes.
 */
#ifndef PORTAL_SPLIT_FORM_H
#define PORTAL_SPLIT_FORM_H

#include "portal/rows.h"
#include "refund/split.h"

struct split_form {
    const struct party *parties; /* of the order, with what its txn's refunds hold of each */
    int n;                       /* 0: the order is not split settled */
    const char **typed;          /* one for each party; NULL: a party was not told */
    const char **errors;         /* why not, in words; NULL: fine */
    bool wrong;                  /* one of them has an error, or nothing is given back */
    int64_t sum_minor;           /* of the parts that can be read */
    struct split_ask ask;        /* for the core; when nothing is wrong */
};

/* Takes the fields as `value` has them (of a form, of an address). RC_OK always fills `out`. */
void split_form_take(struct split_form *s, const struct rows_ctx *c, const char *currency,
                     const struct form *from);
/* Every party gives back all it has left. */
void split_form_rest(struct split_form *s, const struct rows_ctx *c, const char *currency);
/* What an address of the form says to begin with a refund's parts: "&part.0=1.00&part.2=5.00". */
const char *split_form_query(struct arena *a, const struct party *parties, int n,
                             const struct party *parts, int n_parts, const char *currency);
/* Fills the list `parts`: the table with its fields, or what was agreed. */
void split_form_fill(const struct split_form *s, const struct rows_ctx *c, const char *currency,
                     struct page_node *root);
/* The list `parts` of an order: party, its part, what it gave back so far, what it has left. */
void split_form_fill_order(const struct rows_ctx *c, struct page_node *root,
                           const struct party *parties, int n, const char *currency);
/* The same of a refund's parts, each with what it gives back. */
void split_form_fill_refund(const struct rows_ctx *c, struct page_node *root,
                            const struct party *parties, int n, const struct party *parts,
                            int n_parts, const char *currency);

#endif
