#include "refund/intake.h"
#include "refund/order_facts.h"

#include "core/id.h"
#include "core/limits.h"
#include "core/str.h"
#include "refund/split.h"
#include "sql/sql.h"
#include "store/audit.h"
#include "store/jobs.h"
#include "store/merchants.h"

#include <string.h>

#define SPLIT_FIELD "metadata.split_settlement_details"

bool intake_order_id_valid(const char *text)
{
    if (str_empty(text) || strlen(text) > LIMIT_ORDER_ID || !str_printable_ascii(text))
        return false;
    return strpbrk(text, " /\\?#%") == NULL && !str_eq(text, ".") && !str_eq(text, "..");
}

/* ---- what is wrong with it ----------------------------------------------------------------------
 */

void intake_fault_add(struct intake_answer *out, const char *field, const char *reason)
{
    for (int i = 0; i < out->n_faults; i++) {
        if (str_eq(out->faults[i].field, field))
            return;
    }
    if (out->n_faults < INTAKE_MAX_FAULTS)
        out->faults[out->n_faults++] = (struct intake_fault){field, reason};
}

static void check_texts(struct arena *a, const struct intake_order *in, struct intake_answer *out)
{
    const struct {
        const char *name, *value;
        size_t max;
    } texts[] = {
        {"customer_id", in->customer_id, LIMIT_CUSTOMER},
        {"customer_email", in->customer_email, LIMIT_CUSTOMER},
        {"customer_phone", in->customer_phone, LIMIT_CUSTOMER},
        {"product_id", in->product_id, LIMIT_PRODUCT_ID},
        {"description", in->description, LIMIT_DESCRIPTION},
        {"return_url", in->return_url, LIMIT_RETURN_URL},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (texts[i].value != NULL && strlen(texts[i].value) > texts[i].max)
            intake_fault_add(out, texts[i].name,
                             arena_printf(a, "is longer than %zu bytes", texts[i].max));
    }
}

void intake_check_amount(const char *amount, const char *currency, int64_t *amount_minor,
                         struct intake_answer *out)
{
    static const char *const said[] = {
        [MONEY_OK] = "must be more than zero",
        [MONEY_NOT_DECIMAL] = "must be digits with a point for decimals, for example 100.50",
        [MONEY_TOO_MANY_DECIMALS] = "has more decimals than the currency",
        [MONEY_TOO_LARGE] = "is too large",
    };
    if (money_exponent(currency) < 0) {
        intake_fault_add(out, "currency", "is not an ISO 4217 code such as INR");
        return;
    }
    if (str_empty(amount)) {
        intake_fault_add(out, "amount", "is missing");
        return;
    }
    enum money_fault f = money_parse(amount, currency, amount_minor);
    if (f != MONEY_OK || *amount_minor == 0)
        intake_fault_add(out, "amount", said[f]);
}

/* ---- storing it -------------------------------------------------------------------------------
 */

struct work {
    struct app *app;
    struct arena *arena;
    const struct intake_order *in;
    struct intake_answer *out;
    const struct split_ask *split; /* NULL: not split */
    const char *order_key;
    const char *facts;
    int64_t now_ms;
    struct merchant merchant;
};

static enum rc insert_order(struct sql *q, struct work *w, const char *currency,
                            int64_t amount_minor, struct err *e)
{
    const struct intake_order *in = w->in;
    struct order *o = &w->out->order;
    *o = (struct order){
        .id = id_new(),
        .merchant = in->actor->merchant,
        .order_id = in->order_id,
        .public_id = id_random_hex(w->arena, "ordeh_", 32),
        .status = "NEW",
        .amount_minor = amount_minor,
        .effective_minor = amount_minor,
        .currency = currency,
        .customer_id = in->customer_id,
        .customer_email = in->customer_email,
        .customer_phone = in->customer_phone,
        .product_id = in->product_id,
        .description = in->description,
        .return_url = in->return_url,
        .offer_minimum_minor = -1,
        .facts = w->facts,
        .udf = in->udf,
        .created_ms = w->now_ms,
        .updated_ms = w->now_ms,
    };
    enum rc rc = orders_insert(q, o, w->order_key, e);
    if (rc == RC_OK && w->merchant.test_mode) {
        w->out->charging = true;
        rc = jobs_put(q, JOB_CHARGE, o->merchant, o->id, JOB_CHARGE, w->now_ms, 0, e);
    }
    w->out->created = rc == RC_OK;
    return rc;
}

static const struct split_ask *read_split(struct arena *a, const struct intake_order *in,
                                          struct intake_answer *out)
{
    struct split_ask *ask = arena_alloc(a, sizeof *ask);
    struct err bad;
    if (str_empty(in->split))
        return NULL;
    if (split_read(a, in->split, ask, &bad) == RC_OK)
        return ask;
    intake_fault_add(out, SPLIT_FIELD, arena_strdup(a, bad.text));
    return NULL;
}

/* What the parties get of the amount; the sum and each part are right, or there is a fault. */
static void resolve_split(struct arena *a, const struct split_ask *ask, const char *currency,
                          int64_t amount_minor, struct party **parties, int *n,
                          struct intake_answer *out)
{
    struct err bad;
    *n = 0;
    if (ask != NULL && split_resolve(a, ask, currency, amount_minor, parties, n, &bad) != RC_OK)
        intake_fault_add(out, SPLIT_FIELD, arena_strdup(a, bad.text));
}

static enum rc find_or_insert(struct sql *q, struct work *w, struct err *e)
{
    struct intake_answer *out = w->out;
    struct err miss;
    struct party *parties = NULL;
    int n_parties = 0;
    int64_t amount_minor = 0;
    out->n_faults = 0;
    out->created = out->differs = out->charging = false;

    enum rc rc = merchants_get(q, w->arena, w->in->actor->merchant, &w->merchant, e);
    if (rc != RC_OK)
        return rc;
    const char *currency =
        str_empty(w->in->currency) ? w->merchant.default_currency : w->in->currency;
    intake_check_amount(w->in->amount, currency, &amount_minor, out);
    if (out->n_faults == 0)
        resolve_split(w->arena, w->split, currency, amount_minor, &parties, &n_parties, out);
    if (out->n_faults > 0)
        return RC_OK;

    rc = orders_by_key(q, w->arena, w->in->actor->merchant, w->order_key, &out->order, &miss);
    if (rc == RC_OK) {
        out->differs =
            out->order.amount_minor != amount_minor || !str_eq(out->order.currency, currency);
        return RC_OK;
    }
    if (rc != RC_NOT_FOUND) {
        *e = miss;
        return rc;
    }
    rc = insert_order(q, w, currency, amount_minor, e);
    out->order.is_split_settled = n_parties > 0;
    return rc == RC_OK && n_parties > 0
               ? split_insert_order(q, out->order.id, parties, n_parties, e)
               : rc;
}

static enum rc create_fn(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    struct decision *d = w->in->decision;
    enum rc rc = decision_before(d, q, e);
    if (rc != RC_OK || (d != NULL && d->settled))
        return rc;
    rc = find_or_insert(q, w, e);
    return rc == RC_OK ? decision_after(d, q, e) : rc;
}

enum rc intake_order_create(struct app *app, struct arena *a, const struct intake_order *in,
                            struct intake_answer *out, struct err *e)
{
    struct work w = {
        .app = app, .arena = a, .in = in, .out = out, .now_ms = clock_wall_ms(&app->clock)};
    memset(out, 0, sizeof *out);
    for (int i = 0; i < in->n_found; i++)
        intake_fault_add(out, in->found[i].field, in->found[i].reason);
    if (str_empty(in->order_id))
        intake_fault_add(out, "order_id", "is missing");
    else if (!intake_order_id_valid(in->order_id))
        intake_fault_add(out, "order_id",
                         "must be 1 to 255 letters, digits or signs without space / \\ ? # %");
    check_texts(a, in, out);
    w.facts = order_facts_merge(a, NULL, in, out);
    w.split = read_split(a, in, out);
    if (out->n_faults > 0) {
        int64_t ignored;
        intake_check_amount(in->amount, str_empty(in->currency) ? "INR" : in->currency, &ignored,
                            out);
        return RC_OK;
    }
    w.order_key = orders_key(a, in->order_id);
    enum rc rc = sql_tx(app->db, create_fn, &w, e);
    if (rc == RC_OK && out->charging)
        app_wake_worker(app);
    return rc;
}
