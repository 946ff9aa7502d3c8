#include "refund/order_news_read.h"

#include "core/clock.h"
#include "core/limits.h"
#include "core/str.h"
#include "refund/mask.h"

#include <string.h>

void reading_fault(struct reading *r, const char *where, const char *field, const char *reason)
{
    if (r->n_faults < INTAKE_MAX_FAULTS)
        r->faults[r->n_faults++] =
            (struct intake_fault){arena_printf(r->arena, "%s%s", where, field), reason};
}

/* ---- one member --------------------------------------------------------------------------------
 */

static bool is_container(struct json_object *value)
{
    return json_object_is_type(value, json_type_object) ||
           json_object_is_type(value, json_type_array);
}

static const char *limited(struct reading *r, const char *where, const char *field,
                           const char *text, size_t limit)
{
    if (str_empty(text))
        return NULL;
    if (strlen(text) <= limit)
        return text;
    reading_fault(r, where, field, arena_printf(r->arena, "is longer than %zu bytes", limit));
    return NULL;
}

const char *reading_text(struct reading *r, struct json_object *from, const char *where,
                         const char *field, size_t limit)
{
    if (is_container(json_get(from, field))) {
        reading_fault(r, where, field, "must be text");
        return NULL;
    }
    return limited(r, where, field, json_text(r->arena, from, field), limit);
}

const char *reading_id(struct reading *r, struct json_object *from, const char *where,
                       const char *field, size_t limit)
{
    const char *text = reading_text(r, from, where, field, limit);
    if (text == NULL || str_printable_ascii(text))
        return text;
    reading_fault(r, where, field, "must be printable ASCII");
    return NULL;
}

int64_t reading_time(struct reading *r, struct json_object *from, const char *where,
                     const char *field)
{
    const char *text = reading_text(r, from, where, field, LIMIT_TOLD_WORD);
    int64_t ms = 0;
    if (text != NULL && !clock_parse_iso(text, &ms))
        reading_fault(r, where, field, "must be a time such as 2021-11-09T16:20:52Z");
    return ms;
}

int64_t reading_money(struct reading *r, struct json_object *from, const char *where,
                      const char *field, const char *currency)
{
    static const char *const said[] = {
        [MONEY_NOT_DECIMAL] = "must be digits with a point for decimals, for example 100.50",
        [MONEY_TOO_MANY_DECIMALS] = "has more decimals than the currency",
        [MONEY_TOO_LARGE] = "is too large",
    };
    const char *text = reading_text(r, from, where, field, LIMIT_TOLD_WORD);
    int64_t minor = -1;
    if (text == NULL || currency == NULL)
        return -1;
    enum money_fault f = money_parse(text, currency, &minor);
    if (f == MONEY_OK)
        return minor;
    reading_fault(r, where, field, said[f]);
    return -1;
}

const char *reading_status(struct reading *r, struct json_object *from, const char *where)
{
    const char *text = reading_text(r, from, where, "status", LIMIT_ERROR_CODE);
    const struct order_status *status = text != NULL ? order_status_find(text) : NULL;
    if (text != NULL && status == NULL)
        reading_fault(r, where, "status", "is not a status of an order, for example CHARGED");
    return status != NULL ? status->name : NULL;
}

/* ---- a sheet -----------------------------------------------------------------------------------
 */

static struct json_object *holder_of(struct arena *a, struct json_object *from, const char *path,
                                     const char **key)
{
    const char *dot = strchr(path, '.');
    *key = dot != NULL ? dot + 1 : path;
    return dot == NULL ? from : json_get(from, arena_strndup(a, path, (size_t)(dot - path)));
}

static const char *quoted(struct arena *a, const char *text)
{
    struct json_object *o = json_object_new_string(text);
    const char *json =
        arena_strdup(a, json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN |
                                                              JSON_C_TO_STRING_NOSLASHESCAPE));
    json_object_put(o);
    return json;
}

static int count_elements(struct json_object *value)
{
    int n = 1;
    if (json_object_is_type(value, json_type_object)) {
        json_object_object_foreach(value, key, member)
        {
            (void)key;
            n += count_elements(member);
        }
    } else if (json_object_is_type(value, json_type_array)) {
        for (size_t i = 0; i < json_object_array_length(value); i++)
            n += count_elements(json_object_array_get_idx(value, i));
    }
    return n;
}

static const char *read_tree(struct reading *r, const struct sheet_field *f, const char *where,
                             struct json_object *value)
{
    static const json_type types[] = {
        [SHEET_OBJECT] = json_type_object, [SHEET_ARRAY] = json_type_array};
    if (f->kind != SHEET_ANY && !json_object_is_type(value, types[f->kind])) {
        reading_fault(r, where, f->path,
                      f->kind == SHEET_OBJECT ? "must be a JSON object" : "must be a JSON array");
        return NULL;
    }
    if (count_elements(value) > LIMIT_FACT_ELEMENTS) {
        reading_fault(r, where, f->path,
                      arena_printf(r->arena, "has more than %d elements", LIMIT_FACT_ELEMENTS));
        return NULL;
    }
    bool is_empty = is_container(value) && count_elements(value) == 1;
    return is_empty ? NULL
                    : limited(r, where, f->path, json_write(r->arena, value), (size_t)f->limit);
}

static const char *read_bool(struct reading *r, const char *where, const char *path,
                             const char *text)
{
    if (str_eq(text, "true") || str_eq(text, "false"))
        return text;
    reading_fault(r, where, path, "must be true or false");
    return NULL;
}

static const char *read_int(struct reading *r, const char *where, const char *path,
                            const char *text)
{
    int64_t number;
    if (str_parse_i64(text, &number))
        return number != 0 ? text : NULL;
    reading_fault(r, where, path, "must be a whole number");
    return NULL;
}

static const char *read_field(struct reading *r, const struct sheet_field *f,
                              struct json_object *holder, const char *key, const char *where,
                              const char *currency)
{
    struct json_object *value = json_get(holder, key);
    if (f->kind >= SHEET_OBJECT)
        return read_tree(r, f, where, value);
    if (is_container(value)) {
        reading_fault(r, where, f->path, "must be text");
        return NULL;
    }
    const char *text = json_text(r->arena, holder, key);
    if (str_empty(text))
        return NULL;
    if (f->kind == SHEET_BOOL)
        return read_bool(r, where, f->path, text);
    if (f->kind == SHEET_INT)
        return read_int(r, where, f->path, text);
    if (f->kind == SHEET_MONEY) {
        int64_t minor = reading_money(r, holder, where, key, currency);
        return minor < 0 ? NULL : arena_printf(r->arena, "%lld", (long long)minor);
    }
    text = limited(r, where, f->path, text, (size_t)f->limit);
    return text == NULL || f->column != SHEET_NO_COLUMN ? text : quoted(r->arena, text);
}

void reading_sheet(struct reading *r, const struct sheet_table *t, struct json_object *inner,
                   struct json_object *outer, const char *where, const char *currency,
                   struct sheet *out)
{
    memset(out, 0, sizeof *out);
    for (int i = 0; i < t->n; i++) {
        const struct sheet_field *f = &t->fields[i];
        const char *key;
        struct json_object *holder = holder_of(r->arena, inner, f->path, &key);
        if (json_get(holder, key) == NULL)
            holder = holder_of(r->arena, outer, f->path, &key);
        if (json_get(holder, key) != NULL)
            out->value[i] = read_field(r, f, holder, key, where, currency);
    }
}

/* ---- the order ---------------------------------------------------------------------------------
 */

static void read_order_id(struct reading *r, struct json_object *order)
{
    const char *id = reading_text(r, order, "", "order_id", LIMIT_ORDER_ID);
    if (id == NULL && !json_has(order, "order_id") && !r->partial)
        reading_fault(r, "", "order_id", "is missing");
    else if (id == NULL ? !r->partial && r->n_faults == 0 : !intake_order_id_valid(id))
        reading_fault(r, "", "order_id",
                      "must be 1 to 255 letters, digits or signs without space / \\ ? # %");
    r->news->order_id = id;
    r->news->order_key = id != NULL ? orders_key(r->arena, id) : NULL;
}

static void read_currency(struct reading *r, struct json_object *order)
{
    const char *currency = reading_text(r, order, "", "currency", LIMIT_TOLD_WORD);
    if (currency == NULL && !r->partial)
        reading_fault(r, "", "currency", "is missing");
    else if (currency != NULL && money_exponent(currency) < 0)
        reading_fault(r, "", "currency", "is not an ISO 4217 code such as INR");
    else
        r->news->currency = currency;
}

static void read_amounts(struct reading *r, struct json_object *order)
{
    struct order_news *n = r->news;
    n->amount_minor = reading_money(r, order, "", "amount", n->currency);
    if (!json_has(order, "amount") && !r->partial)
        reading_fault(r, "", "amount", "is missing");
    else if (n->amount_minor == 0)
        reading_fault(r, "", "amount", "must be more than zero");
    int64_t eligible = reading_money(r, order, "", "maximum_eligible_refund_amount", n->currency);
    if (eligible >= 0 && eligible <= n->amount_minor)
        n->sheet.value[sheet_index(&order_news_order_fields, "offer_minimum")] =
            arena_printf(r->arena, "%lld", (long long)(n->amount_minor - eligible));
}

static bool is_cash(struct arena *a, struct json_object *order, const struct order_news *n)
{
    return str_eq(n->status, "COD_INITIATED") ||
           str_eq(json_text(a, order, "payment_method_type"), "CASH") ||
           str_eq(json_text(a, order, "payment_method"), "CASH");
}

static void read_order(struct reading *r, struct json_object *order)
{
    struct order_news *n = r->news;
    read_order_id(r, order);
    read_currency(r, order);
    reading_sheet(r, &order_news_order_fields, order, NULL, "", n->currency, &n->sheet);
    read_amounts(r, order);
    n->status = reading_status(r, order, "");
    n->other_payment_id = reading_id(r, order, "", "other_payment_id", LIMIT_PAYMENT_ID);
    n->public_id = reading_id(r, order, "", "id", LIMIT_PUBLIC_ID);
    n->created_ms = reading_time(r, order, "", "date_created");
    n->is_cod = is_cash(r->arena, order, n);
    reading_txns(r, order);
    reading_refunds(r, order);
    reading_split(r, order);
    if (n->status != NULL && n->n_txns == 0 && !r->partial &&
        order_news_rank(n->status) >= order_news_rank("PARTIAL_CHARGED"))
        reading_fault(r, "", "txn_detail",
                      arena_printf(r->arena, "is missing although the order is %s", n->status));
}

/* The order of an envelope; `told` itself when it is no envelope. */
static struct json_object *open_envelope(struct reading *r, struct json_object *told)
{
    struct json_object *content = json_get(told, "content");
    if (content == NULL)
        return told;
    struct json_object *order = json_get(content, "order");
    if (!json_object_is_type(order, json_type_object))
        reading_fault(r, "", "content.order", "is missing");
    r->news->at_ms = reading_time(r, told, "", "date_created");
    return order;
}

/* ORDER_REFUNDED, AUTO_REFUND_INITIATED; a gateway's charge.refunded, refund.processed. */
static bool is_of_refund(struct arena *a, struct json_object *told)
{
    const char *name = str_or(json_text(a, told, "event_name"), "");
    return strstr(name, "REFUND") != NULL || strstr(name, "refund") != NULL;
}

static int read_any(struct arena *a, struct json_object *told, bool partial, int64_t at_ms,
                    struct order_news **out, struct intake_fault *faults)
{
    struct order_news *n = arena_alloc(a, sizeof *n);
    struct reading r = {.arena = a, .news = n, .faults = faults, .partial = partial};
    n->amount_minor = -1;
    n->at_ms = at_ms;
    n->is_partial = partial;
    if (!json_object_is_type(told, json_type_object)) {
        reading_fault(&r, "", "order", "must be a JSON object");
    } else {
        n->is_of_refund = is_of_refund(a, told);
        struct json_object *order = open_envelope(&r, mask_tree(a, told));
        if (order != NULL && r.n_faults == 0)
            read_order(&r, order);
    }
    *out = n;
    return r.n_faults;
}

void order_news_heard(struct order_news *n, int64_t heard_ms)
{
    n->heard_ms = heard_ms;
}

enum rc order_news_read(struct arena *a, struct json_object *told, struct order_news **out,
                        struct intake_fault *faults, int *n_faults, struct err *e)
{
    (void)e;
    *n_faults = read_any(a, told, false, 0, out, faults);
    return RC_OK;
}

enum rc order_news_read_gateway(struct arena *a, struct json_object *told, int64_t at_ms,
                                struct order_news **out, struct intake_fault *faults, int *n_faults,
                                struct err *e)
{
    (void)e;
    *n_faults = read_any(a, told, true, at_ms, out, faults);
    return RC_OK;
}
