/*
 * Settings > General: the merchant's values, each checked, saved with an audit row that shows what
 * was and what is (DOMAIN: portal; the validation core for the limits).
 *
 * One table describes every field: name in the form, label, what it is for, kind and range. Pages
 * are made from it and forms are read by it. Amounts per currency are a form of their own, and so
 * is the switch that stops all sending.
 */
#ifndef REFUND_SETTINGS_H
#define REFUND_SETTINGS_H

#include "core/app.h"
#include "store/actor.h"
#include "store/merchants.h"

enum setting_kind {
    SETTING_TEXT,
    SETTING_ZONE,     /* an IANA time zone; the caller checks it (settings_input.zone_valid) */
    SETTING_CURRENCY, /* ISO 4217 */
    SETTING_NUMBER,
    SETTING_SECONDS, /* shown in seconds, stored in ms */
    SETTING_SWITCH
};

struct setting {
    const char *field; /* in the form and in the audit row: "refund_limit" */
    const char *label;
    const char *help; /* what it does, what is usual */
    enum setting_kind kind;
    int64_t least, most; /* of numbers, as shown; of texts, the longest in bytes */
    size_t offset;       /* in struct merchant */
};

/* All of them, in the order of the page; *count is set. */
const struct setting *settings_table(int *count);
/* The value as a form shows it: "60", "on" or "" for a switch. */
const char *settings_text(struct arena *a, const struct setting *s, const struct merchant *m);

struct setting_fault {
    const char *field;
    const char *reason; /* what is wrong and how to mend it */
};
#define SETTINGS_MAX_FAULTS 16

struct settings_answer {
    struct setting_fault faults[SETTINGS_MAX_FAULTS];
    int n_faults;
    bool changed; /* something was different and is saved */
    bool stale;   /* another person saved since the form was shown: each fault says what is now */
};

/* value(ctx, field) gives what the form says, NULL when it says nothing (a switch that is off).
 * SETTINGS_SHOWN before the field's name: the value that the form showed when it was made, NULL
 * when that is not known; a value that is another by now refuses the whole form. */
#define SETTINGS_SHOWN "shown_"
struct settings_input {
    const char *(*value)(void *ctx, const char *field);
    void *ctx;
    bool (*zone_valid)(const char *zone);
};

/* Only judges: the faults that settings_save() would find. */
void settings_check(struct arena *a, const struct settings_input *in, struct settings_answer *out);

/* All or nothing: with faults nothing is saved. */
MUSTCHECK enum rc settings_save(struct app *app, struct arena *a, const struct actor *actor,
                                const struct settings_input *in, struct settings_answer *out,
                                struct err *e);

/* Amounts of one currency as decimal text; confirm and approval may be "" for none, approval may be
 * NULL to stay as it is. */
struct currency_input {
    const char *currency, *minimum, *confirm, *approval;
};
MUSTCHECK enum rc settings_save_currency(struct app *app, struct arena *a,
                                         const struct actor *actor, const struct currency_input *in,
                                         struct settings_answer *out, struct err *e);

/* Only judges the reason: the faults that stopping would find. */
void settings_check_reason(struct arena *a, const char *why, struct settings_answer *out);
/* Stops or resumes all sending of the merchant. Stopping needs a reason. Wakes the worker. */
MUSTCHECK enum rc settings_stop_sending(struct app *app, struct arena *a, const struct actor *actor,
                                        bool stop, const char *why, struct settings_answer *out,
                                        struct err *e);

#endif
