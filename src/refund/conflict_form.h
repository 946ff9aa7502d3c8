/*
 * Settings > Conflict as a form: each field checked, saved with an audit row that shows before and
 * after, and what its values would have done to the last 30 days (vendor's page "Refunds", Auto
 * Refund).
 */
#ifndef REFUND_CONFLICT_FORM_H
#define REFUND_CONFLICT_FORM_H

#include "refund/settings.h"
#include "store/conflicts.h"

/* The fields that stand alone, in the order of the page; the labels are the vendor's. */
struct conflict_field {
    const char *field, *label, *help;
    bool is_switch;
};
#define CONFLICT_FIELDS 5
extern const struct conflict_field conflict_fields[CONFLICT_FIELDS];
/* As a form shows it: "10", "on" or "" for a switch. */
const char *conflict_form_text(struct arena *a, const char *field,
                               const struct conflict_settings *s);
/* The gateway's own threshold, the currency's ceiling; 0: none. As a form shows them: "" for none.
 */
int64_t conflict_form_minutes(const struct conflict_settings *s, const char *gateway);
int64_t conflict_form_ceiling(const struct conflict_settings *s, const char *currency);
const char *conflict_form_minutes_text(struct arena *a, const struct conflict_settings *s,
                                       const char *gateway);
const char *conflict_form_ceiling_text(struct arena *a, const struct conflict_settings *s,
                                       const char *currency);

/* What is wrong is in out->faults; else *read is what the form says (texts in the arena). Fields:
 * refund_conflicted, threshold_minutes, notify, emails, refund_multiple, and in numbered rows
 * gateway_N + gateway_minutes_N, ceiling_currency_N + ceiling_amount_N; a row without a value has
 * none of its own. */
void conflict_form_read(struct arena *a, const struct settings_input *in,
                        struct conflict_settings *read, struct settings_answer *out);

/* All or nothing. A toggle that is switched on, or a threshold that changes, holds for successes
 * from now on. Gateways and currencies that the form does not name stay as they are. out->stale as
 * in settings_save(). */
MUSTCHECK enum rc conflict_form_save(struct app *app, struct arena *a, const struct actor *actor,
                                     const struct settings_input *in, struct settings_answer *out,
                                     struct err *e);

/* What would have happened. */
struct would_row {
    const char *order_id, *txn_id, *gateway, *currency;
    int64_t amount_minor; /* what was not refunded yet when its success came */
    int64_t created_ms, charged_ms;
    int64_t threshold_minutes;
    bool multiple; /* charged beside kept_txn_id; else conflicted */
    const char *kept_txn_id;
};
struct would_total {
    const char *currency;
    int64_t conflicted_minor, multiple_minor;
    int64_t conflicted, multiple; /* how many */
    bool too_large;               /* a sum does not fit: the amounts are meaningless */
};
struct would {
    struct would_row *rows; /* the newest LIMIT_WOULD_ROWS */
    int n_rows;
    struct would_total *totals; /* of all */
    int n_totals;
    int64_t count;      /* of all */
    int64_t shown_only; /* late or charged twice, but their switch is off */
    bool cut;           /* more orders than LIMIT_WOULD_ORDERS: the totals are of the newest */
};
#define WOULD_DAYS 30
/* Judges the charged txns of the last WOULD_DAYS days by `s`, as if it had always held, over one
 * snapshot. Slow: the caller counts those who wait (web/slow.h). */
MUSTCHECK enum rc conflict_would(struct app *app, struct arena *a, int64_t merchant,
                                 const struct conflict_settings *s, struct would *out,
                                 struct err *e);

#endif
