#include "refund/conflict_form.h"

#include "core/limits.h"
#include "core/money.h"
#include "core/str.h"
#include "refund/occasion.h"
#include "refund/settings_change.h"

#include <inttypes.h>
#include <string.h>

#define MOST_MINUTES 999999999

const struct conflict_field conflict_fields[CONFLICT_FIELDS] = {
    {"refund_conflicted", "Auto refund of Conflicted transactions",
     "A success that comes later than the threshold is refunded in full, by itself.", true},
    {"threshold_minutes", "Auto Refund of Conflicted Transactions Threshold in Mins",
     "Minutes from the start of the transaction, not of the order, to its success. Exactly the "
     "threshold is still in time. Set it to your order fulfilment window; 10 is usual.",
     false},
    {"refund_multiple", "Multiple charged Transactions",
     "When an order is charged more than once, the first success is kept and every other one is "
     "refunded in full, by itself. Split payments are never meant.",
     true},
    {"notify", "Notify on status conflict",
     "One e-mail for each conflict, whether or not it is refunded.", true},
    {"emails", "Conflict Status Email",
     "Where they go; several addresses are separated by commas. Needed while they are switched on. "
     "Where very many come at once, the later ones follow one by one.",
     false},
};
static const char *switch_text(bool on)
{
    return on ? "on" : "";
}

const char *conflict_form_text(struct arena *a, const char *field,
                               const struct conflict_settings *s)
{
    if (str_eq(field, "refund_conflicted"))
        return switch_text(s->refund_conflicted);
    if (str_eq(field, "refund_multiple"))
        return switch_text(s->refund_multiple);
    if (str_eq(field, "notify"))
        return switch_text(s->notify);
    if (str_eq(field, "emails"))
        return str_or(s->emails, "");
    CHECK(str_eq(field, "threshold_minutes"));
    return arena_printf(a, "%" PRId64, s->threshold_minutes);
}

int64_t conflict_form_minutes(const struct conflict_settings *s, const char *gateway)
{
    for (int i = 0; i < s->n_gateways; i++)
        if (str_eq(s->gateways[i].gateway, gateway))
            return s->gateways[i].threshold_minutes;
    return 0;
}

int64_t conflict_form_ceiling(const struct conflict_settings *s, const char *currency)
{
    for (int i = 0; i < s->n_ceilings; i++)
        if (str_eq(s->ceilings[i].currency, currency))
            return s->ceilings[i].daily_minor;
    return 0;
}

const char *conflict_form_minutes_text(struct arena *a, const struct conflict_settings *s,
                                       const char *gateway)
{
    int64_t minutes = conflict_form_minutes(s, gateway);
    return minutes == 0 ? "" : arena_printf(a, "%" PRId64, minutes);
}

const char *conflict_form_ceiling_text(struct arena *a, const struct conflict_settings *s,
                                       const char *currency)
{
    int64_t minor = conflict_form_ceiling(s, currency);
    return minor == 0 ? "" : money_text(a, minor, currency);
}

/* ---- reading -----------------------------------------------------------------------------------
 */

struct reading {
    struct arena *arena;
    const struct settings_input *in;
    struct conflict_settings *read;
    struct settings_answer *out;
};

static const char *numbered(struct arena *a, const char *field, int row)
{
    return arena_printf(a, "%s_%d", field, row);
}

/* NULL when the form has no such field. */
static const char *text_of(const struct reading *r, const char *field)
{
    const char *given = r->in->value(r->in->ctx, field);
    return given ? str_trim(r->arena, given) : NULL;
}

/* 0 when it is wrong, which is noted. */
static int64_t take_minutes(struct reading *r, const char *field, const char *text)
{
    int64_t minutes;
    if (str_parse_i64(text, &minutes) && minutes >= 1 && minutes <= MOST_MINUTES)
        return minutes;
    settings_fault(r->out, field, "must be a whole number of minutes from 1 to 999,999,999");
    return 0;
}

static void take_emails(struct reading *r)
{
    const char *text = str_or(text_of(r, "emails"), ""), **list;
    struct buf joined;
    int count = 0;
    if (str_empty(text)) {
        if (r->read->notify)
            settings_fault(r->out, "emails", "is needed while Notify on status conflict is on");
        return;
    }
    const char *wrong = occasion_addresses(r->arena, text, &list, &count);
    if (wrong != NULL) {
        settings_fault(r->out, "emails", wrong);
        return;
    }
    buf_init(&joined, r->arena);
    for (int i = 0; i < count; i++)
        buf_printf(&joined, "%s%s", i > 0 ? ", " : "", list[i]);
    r->read->emails = buf_text(&joined);
}

static const char *gateway_fault(const struct reading *r, const char *name)
{
    if (strlen(name) > LIMIT_GATEWAY_NAME || !str_printable_ascii(name))
        return "is not the name of a gateway";
    if (conflict_form_minutes(r->read, name) != 0)
        return "stands in the form twice";
    return NULL;
}

static void take_gateway(struct reading *r, int row)
{
    const char *name_field = numbered(r->arena, "gateway", row);
    const char *minutes_field = numbered(r->arena, "gateway_minutes", row);
    const char *name = text_of(r, name_field), *text = text_of(r, minutes_field);
    if (str_empty(text))
        return;
    if (row == LIMIT_GATEWAYS || str_empty(name)) {
        settings_fault(r->out, minutes_field,
                       name ? "is of one gateway too many" : "has no gateway");
        return;
    }
    const char *wrong = gateway_fault(r, name);
    if (wrong != NULL)
        settings_fault(r->out, minutes_field, wrong);
    int64_t minutes = take_minutes(r, minutes_field, text);
    if (wrong == NULL && minutes > 0)
        r->read->gateways[r->read->n_gateways++] = (struct conflict_gateway){name, minutes};
}

static const char *currency_fault(const struct reading *r, const char *code)
{
    if (str_empty(code) || money_exponent(code) < 0)
        return "is not an ISO 4217 code; write one such as INR, in capitals";
    if (conflict_form_ceiling(r->read, code) != 0)
        return "stands in the form twice";
    return NULL;
}

static void take_ceiling(struct reading *r, int row)
{
    const char *code_field = numbered(r->arena, "ceiling_currency", row);
    const char *amount_field = numbered(r->arena, "ceiling_amount", row);
    const char *code = text_of(r, code_field), *text = text_of(r, amount_field);
    int64_t minor = 0;
    if (str_empty(text))
        return;
    if (row == LIMIT_CURRENCIES) {
        settings_fault(r->out, amount_field, "is of one currency too many");
        return;
    }
    const char *wrong = currency_fault(r, code);
    if (wrong != NULL) {
        settings_fault(r->out, code_field, wrong);
        return;
    }
    wrong = settings_amount_fault(r->arena, text, code, &minor);
    if (wrong != NULL)
        settings_fault(r->out, amount_field, wrong);
    else
        r->read->ceilings[r->read->n_ceilings++] = (struct conflict_ceiling){code, minor};
}

void conflict_form_read(struct arena *a, const struct settings_input *in,
                        struct conflict_settings *read, struct settings_answer *out)
{
    struct reading r = {a, in, read, out};
    memset(out, 0, sizeof *out);
    *read = (struct conflict_settings){
        .refund_conflicted = in->value(in->ctx, "refund_conflicted") != NULL,
        .refund_multiple = in->value(in->ctx, "refund_multiple") != NULL,
        .notify = in->value(in->ctx, "notify") != NULL,
        /* room for those of the form and those that stay */
        .gateways = arena_array(a, 2 * LIMIT_GATEWAYS, sizeof *read->gateways),
        .ceilings = arena_array(a, 2 * LIMIT_CURRENCIES, sizeof *read->ceilings),
    };
    read->threshold_minutes =
        take_minutes(&r, "threshold_minutes", str_or(text_of(&r, "threshold_minutes"), ""));
    take_emails(&r);
    for (int row = 0; row <= LIMIT_GATEWAYS; row++)
        take_gateway(&r, row);
    for (int row = 0; row <= LIMIT_CURRENCIES; row++)
        take_ceiling(&r, row);
}
