/*
 * Settings > Conflict as a form: each field checked, saved with an audit row that shows before and
 * after, and what its values would have done to the last 30 days.
 */
#ifndef REFUND_CONFLICT_FORM_H
#define REFUND_CONFLICT_FORM_H

#include "refund/settings.h"
#include "store/conflicts.h"

/* What is wrong is in out->faults; else *read is what the form says (texts in the arena). Fields:
 * refund_conflicted, threshold_minutes, notify, emails, refund_multiple, and in numbered rows
 * gateway_N + gateway_minutes_N, ceiling_currency_N + ceiling_amount_N. */
void conflict_form_read(struct arena *a, const struct settings_input *in,
                        struct conflict_settings *read, struct settings_answer *out);

/* All or nothing. A toggle that is switched on, or a threshold that changes, holds for successes
 * from now on. out->stale as in settings_save(). */
MUSTCHECK enum rc conflict_form_save(struct app *app, struct arena *a, const struct actor *actor,
                                     const struct settings_input *in, struct settings_answer *out,
                                     struct err *e);

/* What would have happened. */
struct would_row {
    const char *order_id, *txn_id, *gateway, *currency;
    int64_t amount_minor;
    int64_t created_ms, charged_ms;
    int64_t threshold_minutes;
    bool multiple; /* charged beside kept_txn_id; else conflicted */
    const char *kept_txn_id;
};
struct would_total {
    const char *currency;
    int64_t conflicted_minor, multiple_minor;
    int64_t conflicted, multiple; /* how many */
};
struct would {
    struct would_row *rows; /* the newest LIMIT_WOULD_ROWS */
    int n_rows;
    struct would_total *totals; /* of all */
    int n_totals;
    bool cut; /* more orders than LIMIT_WOULD_ORDERS: the totals are of the newest */
};
/* Judges the charged txns of the last 30 days by `s`, whole remainders, over one snapshot. */
MUSTCHECK enum rc conflict_would(struct app *app, struct arena *a, int64_t merchant,
                                 const struct conflict_settings *s, struct would *out,
                                 struct err *e);

#endif
