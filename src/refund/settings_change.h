/*
 * What a form of settings changed, field by field, as its audit row keeps it.
 */
#ifndef REFUND_SETTINGS_CHANGE_H
#define REFUND_SETTINGS_CHANGE_H

#include "core/json.h"
#include "refund/settings.h"
#include "sql/sql.h"

struct settings_change {
    struct json_object *before, *after; /* only what is another now */
    bool any;
};

/* Nothing changed yet; the trees live in the arena. */
struct settings_change settings_change_new(struct arena *a);
/* Notes the field when the texts differ; NULL stands for none. */
void settings_change_note(struct settings_change *c, const char *field, const char *before,
                          const char *after);
/* The audit row {before, after}, in the transaction of the change. */
MUSTCHECK enum rc settings_change_audit(struct sql *q, struct arena *a, const struct actor *actor,
                                        int64_t now_ms, const char *action, const char *subject,
                                        const struct settings_change *c, struct err *e);

/* Adds a fault; from the SETTINGS_MAX_FAULTS-th on they are not kept. */
void settings_fault(struct settings_answer *out, const char *field, const char *reason);
/* An amount as people type it, more than zero: NULL and *minor when it is fine, else what is wrong
 * with it. */
const char *settings_amount_fault(struct arena *a, const char *text, const char *currency,
                                  int64_t *minor);

#endif
