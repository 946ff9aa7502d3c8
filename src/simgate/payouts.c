/*
 * POST /v1/payouts, GET /v1/payouts/by-key/{key}: money to another account than the payment's. The
 * account itself is never kept: the ledger and every answer show its last four characters.
 */
#include "core/str.h"
#include "simgate/refunds.h"
#include <string.h>

#define ACCOUNT_BYTES 255
#define SHOWN_CHARS   4

/* Which member of `details` is the account. */
static const struct {
    const char *type;
    const char *account;
} types[] = {
    {"BANK_TRANSFER", "account"},
    {"ACCOUNT_IFSC", "account"},
    {"UPI_ID", "vpa"},
};

static const char *account_of(struct json_object *details, const char *type)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_eq(type, types[i].type) && json_object_is_type(details, json_type_object))
            return routes_text(details, types[i].account, ACCOUNT_BYTES);
    return NULL;
}

static const char *masked(struct arena *a, const char *account)
{
    size_t n = strlen(account);

    return arena_printf(a, "****%s", n > SHOWN_CHARS ? account + n - SHOWN_CHARS : "");
}

/* What may be shown of it; NULL when it names no account. */
static const char *shown_beneficiary(struct arena *a, struct json_object *beneficiary)
{
    struct json_object *shown = json_object_in(a);
    const char *type, *account;

    if (!json_object_is_type(beneficiary, json_type_object))
        return NULL;
    type = routes_text(beneficiary, "type", ACCOUNT_BYTES);
    account = account_of(json_get(beneficiary, "details"), type);
    if (!account)
        return NULL;
    json_put_text(shown, "type", type);
    json_put_text(shown, "account", masked(a, account));
    json_put_text(shown, "transfer_type", json_text(a, beneficiary, "transfer_type"));
    json_put_text(shown, "payout_mode", json_text(a, beneficiary, "payout_mode"));
    return json_write(a, shown);
}

static const char *read_wanted(const struct question *q, struct ledger_refund *r)
{
    struct json_object *body;
    const char *why = refunds_read(q, &body, r);

    if (why)
        return why;
    r->payout = true;
    r->payment_id = "";
    r->reference_id = routes_text(body, "reference_id", ACCOUNT_BYTES);
    r->beneficiary = shown_beneficiary(q->a, json_get(body, "beneficiary"));
    return r->beneficiary ? NULL
                          : "beneficiary must have a known type, and details with its account.";
}

struct answer payouts_create(struct service *s, const struct question *q, const char *name)
{
    struct ledger_refund wanted = {0};
    const char *why = read_wanted(q, &wanted);

    (void)name;
    return why ? answer_error(q->a, 400, "BAD_REQUEST", why)
               : refunds_carry_out(s, q, OPERATION_PAYOUT, &wanted);
}

struct answer payouts_inquire(struct service *s, const struct question *q, const char *name)
{
    return refunds_ask(s, q, name, true);
}
