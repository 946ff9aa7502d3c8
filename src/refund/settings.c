#include "refund/settings.h"

#include "core/limits.h"
#include "core/money.h"
#include "core/str.h"
#include "refund/settings_change.h"
#include "sql/sql.h"

#include <inttypes.h>
#include <string.h>

#define AT(member) offsetof(struct merchant, member)

static const struct setting table[] = {
    {"name", "Merchant name", "Shown at the top left and at every confirmation.", SETTING_TEXT, 1,
     LIMIT_MERCHANT_NAME, AT(name)},
    {"time_zone", "Time zone",
     "An IANA name such as Asia/Kolkata. All times of the portal are shown in it.", SETTING_ZONE, 1,
     64, AT(time_zone)},
    {"default_currency", "Default currency",
     "For orders that come in without one. An ISO 4217 code such as INR.", SETTING_CURRENCY, 3, 3,
     AT(default_currency)},
    {"hold", "Hold before sending",
     "Seconds a new refund waits before it goes to the gateway; until then it can be cancelled. 0 "
     "sends at once, 900 is the most.",
     SETTING_SECONDS, 0, 900, AT(hold_ms)},
    {"refund_limit", "Refunds of one order",
     "How many refunds one order may have; failed and automatic ones do not count. 25 is usual.",
     SETTING_NUMBER, 1, 1000, AT(refund_limit)},
    {"order_age_days", "Oldest order",
     "Orders older than this many days cannot be refunded. 365 is usual.", SETTING_NUMBER, 1, 3650,
     AT(order_age_days)},
    {"twin_window", "Twin window",
     "A second refund of the same payment and amount within so many seconds is refused as a "
     "repetition. 5 is usual; 0 switches it off.",
     SETTING_SECONDS, 0, 600, AT(twin_window_ms)},
    {"batch_rows", "Rows in a batch",
     "A file with more rows than this is refused. 1000 is usual; 100000 is the most.",
     SETTING_NUMBER, 1, LIMIT_BATCH_ROWS_MAX, AT(batch_rows)},
    {"maker_checker", "Maker-checker",
     "Whoever uploads a batch says what it is for, and another user with the right to approve "
     "lets it run.",
     SETTING_SWITCH, 0, 1, AT(maker_checker)},
    {"rate_per_s", "Requests per second",
     "How many API requests one key may send in a second; more are answered 429 Too Many Requests. "
     "0 switches it off.",
     SETTING_NUMBER, 0, 10000, AT(rate_per_s)},
    {"test_mode", "Test mode",
     "Every gateway is played by the simulator; no money moves. A band says so on every page.",
     SETTING_SWITCH, 0, 1, AT(test_mode)},
};
#define N_SETTINGS ((int)(sizeof table / sizeof table[0]))

const struct setting *settings_table(int *count)
{
    *count = N_SETTINGS;
    return table;
}

static int64_t scale_of(const struct setting *s)
{
    return s->kind == SETTING_SECONDS ? CLOCK_SECOND_MS : 1;
}

const char *settings_text(struct arena *a, const struct setting *s, const struct merchant *m)
{
    const char *at = (const char *)m + s->offset;
    const char *text;
    int64_t number;
    bool on;
    switch (s->kind) {
    case SETTING_NUMBER:
    case SETTING_SECONDS:
        memcpy(&number, at, sizeof number);
        return arena_printf(a, "%" PRId64, number / scale_of(s));
    case SETTING_SWITCH:
        memcpy(&on, at, sizeof on);
        return on ? "on" : "";
    default:
        memcpy(&text, at, sizeof text);
        return text;
    }
}

/* ---- reading a form -----------------------------------------------------------------------------
 */

static bool has_control(const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c < 0x20 || *c == 0x7f)
            return true;
    }
    return false;
}

static const char *text_fault(struct arena *a, const struct setting *s, const char *text,
                              const struct settings_input *in)
{
    if (text[0] == '\0')
        return "must not be empty";
    if (s->kind == SETTING_CURRENCY && money_exponent(text) < 0)
        return "is not an ISO 4217 code; write one such as INR, in capitals";
    if (strlen(text) > (size_t)s->most)
        return arena_printf(a, "is longer than %" PRId64 " bytes", s->most);
    if (has_control(text))
        return "must be plain text on one line";
    if (s->kind == SETTING_ZONE && !in->zone_valid(text))
        return "is not a time zone; write one such as Asia/Kolkata or UTC";
    return NULL;
}

static void take_number(struct arena *a, const struct setting *s, const char *text, char *at,
                        struct settings_answer *out)
{
    int64_t number;
    if (!str_parse_i64(text, &number) || number < s->least || number > s->most) {
        settings_fault(out, s->field,
                       arena_printf(a, "must be a whole number from %" PRId64 " to %" PRId64,
                                    s->least, s->most));
        return;
    }
    number *= scale_of(s);
    memcpy(at, &number, sizeof number);
}

static void take(struct arena *a, const struct setting *s, const struct settings_input *in,
                 struct merchant *m, struct settings_answer *out)
{
    char *at = (char *)m + s->offset;
    const char *given = in->value(in->ctx, s->field);
    if (s->kind == SETTING_SWITCH) {
        bool on = given != NULL;
        memcpy(at, &on, sizeof on);
        return;
    }
    const char *text = str_trim(a, str_or(given, ""));
    if (s->kind == SETTING_NUMBER || s->kind == SETTING_SECONDS) {
        take_number(a, s, text, at, out);
        return;
    }
    const char *wrong = text_fault(a, s, text, in);
    if (wrong != NULL)
        settings_fault(out, s->field, wrong);
    memcpy(at, &text, sizeof text);
}

/* ---- saving -------------------------------------------------------------------------------------
 */

struct work {
    struct app *app;
    struct arena *arena;
    const struct actor *actor;
    const struct settings_input *in;
    struct settings_answer *out;
    struct merchant wanted;
    const char *currency;
    struct currency_settings amounts;
    bool keeps_approval;
    bool stop;
    const char *why;
};

static int64_t now_of(const struct work *w)
{
    return clock_wall_ms(&w->app->clock);
}

/* Nobody overwrites what he has not seen: a fault for each value that another person changed. */
static void note_stale(struct work *w, const struct merchant *now)
{
    for (int i = 0; i < N_SETTINGS; i++) {
        const char *field = arena_printf(w->arena, SETTINGS_SHOWN "%s", table[i].field);
        const char *shown = w->in->value(w->in->ctx, field);
        const char *text = settings_text(w->arena, &table[i], now);
        if (!shown || str_eq(shown, text))
            continue;
        bool is_switch = table[i].kind == SETTING_SWITCH;
        settings_fault(w->out, table[i].field,
                       arena_printf(w->arena, "was changed meanwhile and is now %s",
                                    !is_switch        ? text
                                    : str_empty(text) ? "off"
                                                      : "on"));
    }
    w->out->stale = w->out->n_faults > 0;
}

static enum rc save_fn(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    struct merchant before;
    struct settings_change c = settings_change_new(w->arena);
    memset(w->out, 0, sizeof *w->out);
    enum rc rc = merchants_get(q, w->arena, w->actor->merchant, &before, e);
    if (rc != RC_OK)
        return rc;
    for (int i = 0; i < N_SETTINGS; i++)
        settings_change_note(&c, table[i].field, settings_text(w->arena, &table[i], &before),
                             settings_text(w->arena, &table[i], &w->wanted));
    if (c.any)
        note_stale(w, &before);
    if (!c.any || w->out->stale)
        return RC_OK;
    w->out->changed = true;
    w->wanted.id = before.id;
    rc = merchants_update(q, &w->wanted, e);
    if (rc == RC_OK)
        rc = settings_change_audit(q, w->arena, w->actor, now_of(w), "settings.changed", "general",
                                   &c, e);
    return rc;
}

static void take_all(struct arena *a, const struct settings_input *in, struct merchant *wanted,
                     struct settings_answer *out)
{
    memset(out, 0, sizeof *out);
    for (int i = 0; i < N_SETTINGS; i++)
        take(a, &table[i], in, wanted, out);
}

void settings_check(struct arena *a, const struct settings_input *in, struct settings_answer *out)
{
    struct merchant ignored = {0};
    take_all(a, in, &ignored, out);
}

enum rc settings_save(struct app *app, struct arena *a, const struct actor *actor,
                      const struct settings_input *in, struct settings_answer *out, struct err *e)
{
    struct work w = {.app = app, .arena = a, .actor = actor, .in = in, .out = out};
    take_all(a, in, &w.wanted, out);
    return out->n_faults > 0 ? RC_OK : sql_tx(app->db, save_fn, &w, e);
}

/* ---- amounts of a currency ---------------------------------------------------------------------
 */

const char *settings_amount_fault(struct arena *a, const char *text, const char *currency,
                                  int64_t *minor)
{
    int decimals = money_exponent(currency);
    if (money_parse(text, currency, minor) == MONEY_OK && *minor > 0)
        return NULL;
    if (decimals == 0)
        return "must be more than zero, in digits without a point";
    return arena_printf(
        a, "must be more than zero, in digits with at most %d decimals after a point", decimals);
}

/* "" is none where none may be. */
static int64_t take_amount(struct work *w, const char *field, const char *given, bool needed)
{
    const char *text = str_trim(w->arena, str_or(given, ""));
    int64_t minor = 0;
    if (str_empty(text) && !needed)
        return 0;
    const char *wrong = settings_amount_fault(w->arena, text, w->currency, &minor);
    if (wrong != NULL)
        settings_fault(w->out, field, wrong);
    return minor;
}

static const char *amount_text(struct arena *a, int64_t minor, const char *currency)
{
    return minor == 0 ? "" : money_text(a, minor, currency);
}

static enum rc save_currency_fn(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    struct currency_settings before;
    struct settings_change c = settings_change_new(w->arena);
    w->out->changed = false;
    enum rc rc = merchants_currency(q, w->actor->merchant, w->currency, &before, e);
    if (rc != RC_OK)
        return rc;
    if (w->keeps_approval)
        w->amounts.approval_minor = before.approval_minor;
    const struct {
        const char *field;
        int64_t before, after;
    } rows[] = {
        {"minimum", before.minimum_minor, w->amounts.minimum_minor},
        {"confirm", before.confirm_minor, w->amounts.confirm_minor},
        {"approval", before.approval_minor, w->amounts.approval_minor},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        settings_change_note(&c, rows[i].field, amount_text(w->arena, rows[i].before, w->currency),
                             amount_text(w->arena, rows[i].after, w->currency));
    if (!c.any)
        return RC_OK;
    w->out->changed = true;
    rc = merchants_set_currency(q, w->actor->merchant, w->currency, &w->amounts, e);
    if (rc == RC_OK)
        rc = settings_change_audit(q, w->arena, w->actor, now_of(w), "settings.changed",
                                   arena_printf(w->arena, "currency/%s", w->currency), &c, e);
    return rc;
}

enum rc settings_save_currency(struct app *app, struct arena *a, const struct actor *actor,
                               const struct currency_input *in, struct settings_answer *out,
                               struct err *e)
{
    struct work w = {.app = app, .arena = a, .actor = actor, .out = out, .currency = in->currency};
    memset(out, 0, sizeof *out);
    if (str_empty(in->currency) || money_exponent(in->currency) < 0) {
        settings_fault(out, "currency",
                       "is not an ISO 4217 code; write one such as INR, in capitals");
        return RC_OK;
    }
    w.amounts.minimum_minor = take_amount(&w, "minimum", in->minimum, true);
    w.amounts.confirm_minor = take_amount(&w, "confirm", in->confirm, false);
    w.keeps_approval = in->approval == NULL;
    w.amounts.approval_minor = take_amount(&w, "approval", in->approval, false);
    return out->n_faults > 0 ? RC_OK : sql_tx(app->db, save_currency_fn, &w, e);
}

/* ---- the switch
 * ------------------------------------------------------------------------------------ */

static enum rc stop_fn(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    struct merchant before;
    struct settings_change c = settings_change_new(w->arena);
    w->out->changed = false;
    enum rc rc = merchants_get(q, w->arena, w->actor->merchant, &before, e);
    if (rc != RC_OK || before.sending_stopped == w->stop)
        return rc;
    w->out->changed = true;
    settings_change_note(&c, "sending", w->stop ? "on" : "stopped", w->stop ? "stopped" : "on");
    settings_change_note(&c, "why", before.sending_stopped_why, w->stop ? w->why : NULL);
    rc = merchants_stop_sending(q, before.id, w->stop, w->stop ? w->actor->name : NULL,
                                w->stop ? w->why : NULL, e);
    if (rc == RC_OK)
        rc = settings_change_audit(q, w->arena, w->actor, now_of(w),
                                   w->stop ? "sending.stopped" : "sending.resumed", "general", &c,
                                   e);
    return rc;
}

void settings_check_reason(struct arena *a, const char *why, struct settings_answer *out)
{
    const char *text = str_trim(a, str_or(why, ""));
    memset(out, 0, sizeof *out);
    if (str_empty(text))
        settings_fault(out, "why", "is needed, so that colleagues know");
    else if (strlen(text) > LIMIT_NOTE)
        settings_fault(out, "why", arena_printf(a, "is longer than %d bytes", LIMIT_NOTE));
    else if (has_control(text))
        settings_fault(out, "why", "must be plain text on one line");
}

enum rc settings_stop_sending(struct app *app, struct arena *a, const struct actor *actor,
                              bool stop, const char *why, struct settings_answer *out,
                              struct err *e)
{
    struct work w = {.app = app, .arena = a, .actor = actor, .out = out, .stop = stop};
    memset(out, 0, sizeof *out);
    w.why = str_trim(a, str_or(why, ""));
    if (stop)
        settings_check_reason(a, why, out);
    if (out->n_faults > 0)
        return RC_OK;
    enum rc rc = sql_tx(app->db, stop_fn, &w, e);
    if (rc == RC_OK && !stop)
        app_wake_worker(app);
    return rc;
}
