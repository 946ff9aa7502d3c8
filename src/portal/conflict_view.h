/*
 * The content of Settings > Conflict: the values with what each means, gateways with a threshold of
 * their own, daily ceilings, what would have happened, and auto refunds that were refused.
 */
#ifndef PORTAL_CONFLICT_VIEW_H
#define PORTAL_CONFLICT_VIEW_H

#include "portal/settings_form.h"
#include "refund/conflict_form.h"

#define CONFLICT_TITLE "Settings · Conflict"

/* An auto refund that the desk's own rules refused. */
struct conflict_refused {
    const struct conflict *conflict;
    const char *order_id;
};

struct conflict_view {
    struct req *req;
    struct merchant merchant;
    struct conflict_settings now; /* what is in force */
    const char **gateways;        /* known to the merchant or seen, by name */
    int n_gateways;
    const char **currencies; /* the default one, those with amounts of their own or a ceiling */
    int n_currencies;
    struct conflict_refused *refused; /* the newest LIMIT_REFUSED_SHOWN */
    int n_refused;
    int64_t awaiting;              /* auto refunds that wait for approval */
    bool typed;                    /* what req->form holds is shown, with its faults */
    struct settings_answer answer; /* those faults */
    bool previewing;
    const struct would *would; /* NULL: not asked for, or faults are in its way */
};

/* Everything but `req`, from one snapshot. */
MUSTCHECK enum rc conflict_view_read(struct req *r, struct conflict_view *out, struct err *e);
/* The page. */
struct page *conflict_view_page(const struct conflict_view *v);
/* What would have happened (conflict_would_view.c). */
void conflict_would_fill(const struct conflict_view *v, struct page_node *n);

#endif
