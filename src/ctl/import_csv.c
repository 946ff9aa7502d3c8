#include "ctl/import.h"

#include "core/json.h"
#include "core/str.h"
#include "refund/batch_csv.h"
#include <string.h>

enum kind { AS_TEXT, AS_NUMBER, AS_OBJECT, AS_NOTHING };

/* Where a cell goes in the order object. */
struct place {
    const char *parent; /* NULL: the order itself */
    const char *member;
    enum kind kind;
};

#define TXN    "txn_detail"
#define ANSWER "payment_gateway_response"
#define CARD   "card"

/* column, must it be there, is it verbatim, parent, member, kind */
#define COLUMNS(X)                                                               \
    X(order_id, true, false, NULL, "order_id", AS_TEXT)                          \
    X(amount, true, false, NULL, "amount", AS_TEXT)                              \
    X(currency, false, false, NULL, "currency", AS_TEXT)                         \
    X(status, false, false, NULL, "status", AS_TEXT)                             \
    X(effective_amount, false, false, NULL, "effective_amount", AS_TEXT)         \
    X(date_created, false, false, NULL, "date_created", AS_TEXT)                 \
    X(customer_id, false, false, NULL, "customer_id", AS_TEXT)                   \
    X(customer_email, false, false, NULL, "customer_email", AS_TEXT)             \
    X(customer_phone, false, false, NULL, "customer_phone", AS_TEXT)             \
    X(product_id, false, false, NULL, "product_id", AS_TEXT)                     \
    X(description, false, true, NULL, "description", AS_TEXT)                    \
    X(return_url, false, false, NULL, "return_url", AS_TEXT)                     \
    X(order_type, false, false, NULL, "order_type", AS_TEXT)                     \
    X(udf1, false, true, NULL, "udf1", AS_TEXT)                                  \
    X(udf2, false, true, NULL, "udf2", AS_TEXT)                                  \
    X(udf3, false, true, NULL, "udf3", AS_TEXT)                                  \
    X(udf4, false, true, NULL, "udf4", AS_TEXT)                                  \
    X(udf5, false, true, NULL, "udf5", AS_TEXT)                                  \
    X(udf6, false, true, NULL, "udf6", AS_TEXT)                                  \
    X(udf7, false, true, NULL, "udf7", AS_TEXT)                                  \
    X(udf8, false, true, NULL, "udf8", AS_TEXT)                                  \
    X(udf9, false, true, NULL, "udf9", AS_TEXT)                                  \
    X(udf10, false, true, NULL, "udf10", AS_TEXT)                                \
    X(metadata, false, false, NULL, "metadata", AS_OBJECT)                       \
    X(txn_id, false, false, TXN, "txn_id", AS_TEXT)                              \
    X(txn_uuid, false, false, TXN, "txn_uuid", AS_TEXT)                          \
    X(txn_status, false, false, TXN, "status", AS_TEXT)                          \
    X(txn_amount, false, false, TXN, "txn_amount", AS_TEXT)                      \
    X(net_amount, false, false, TXN, "net_amount", AS_TEXT)                      \
    X(tax_amount, false, false, TXN, "tax_amount", AS_TEXT)                      \
    X(surcharge_amount, false, false, TXN, "surcharge_amount", AS_TEXT)          \
    X(txn_created, false, false, TXN, "created", AS_TEXT)                        \
    X(gateway, false, false, TXN, "gateway", AS_TEXT)                            \
    X(gateway_id, false, false, TXN, "gateway_id", AS_NUMBER)                    \
    X(gateway_reference_id, false, false, NULL, "gateway_reference_id", AS_TEXT) \
    X(payment_method_type, false, false, NULL, "payment_method_type", AS_TEXT)   \
    X(payment_method, false, false, NULL, "payment_method", AS_TEXT)             \
    X(auth_type, false, false, NULL, "auth_type", AS_TEXT)                       \
    X(epg_txn_id, false, false, ANSWER, "epg_txn_id", AS_TEXT)                   \
    X(rrn, false, false, ANSWER, "rrn", AS_TEXT)                                 \
    X(auth_id_code, false, false, ANSWER, "auth_id_code", AS_TEXT)               \
    X(resp_code, false, false, ANSWER, "resp_code", AS_TEXT)                     \
    X(resp_message, false, false, ANSWER, "resp_message", AS_TEXT)               \
    X(charged_at, false, false, ANSWER, "created", AS_TEXT)                      \
    X(bank_error_code, false, false, NULL, "bank_error_code", AS_TEXT)           \
    X(bank_error_message, false, false, NULL, "bank_error_message", AS_TEXT)     \
    X(card_isin, false, false, CARD, "card_isin", AS_TEXT)                       \
    X(card_last_four_digits, false, false, CARD, "last_four_digits", AS_TEXT)    \
    X(card_brand, false, false, CARD, "card_brand", AS_TEXT)                     \
    X(card_type, false, false, CARD, "card_type", AS_TEXT)                       \
    X(card_issuer, false, false, CARD, "card_issuer", AS_TEXT)                   \
    X(error, false, false, NULL, NULL, AS_NOTHING)

#define AS_COLUMN(column, must, raw, above, in, how) \
    {.name = #column, .required = (must), .verbatim = (raw), .ignored = (how) == AS_NOTHING},
#define AS_PLACE(column, must, raw, above, in, how) \
    {.parent = (above), .member = (in), .kind = (how)},

static const struct batch_csv_column columns[] = {COLUMNS(AS_COLUMN)};
static const struct place places[] = {COLUMNS(AS_PLACE)};
enum { N_COLUMNS = sizeof columns / sizeof columns[0] };

const struct batch_csv_column *import_csv_columns(int *count)
{
    *count = N_COLUMNS;
    return columns;
}

static struct json_object *parent_of(struct arena *a, struct json_object *order, const char *name)
{
    if (name == NULL)
        return order;
    if (!json_has(order, name))
        json_put(order, name, json_object_in(a));
    return json_get(order, name);
}

/* False: the cell is not what it must be. */
static bool put_cell(struct arena *a, struct json_object *to, const struct place *p,
                     const char *cell)
{
    struct json_object *object;
    struct err ignored;
    int64_t number;
    if (p->kind == AS_OBJECT) {
        if (json_read(a, cell, strlen(cell), &object, &ignored) != RC_OK ||
            !json_object_is_type(object, json_type_object))
            return false;
        json_put(to, p->member, object);
    } else if (p->kind == AS_NUMBER) {
        if (!str_parse_i64(cell, &number))
            return false;
        json_put_int(to, p->member, number);
    } else {
        json_put_text(to, p->member, cell);
    }
    return true;
}

struct json_object *import_csv_order(struct arena *a, const char *const *cells,
                                     const char *currency, const char **why)
{
    struct json_object *order = json_object_in(a);
    for (int i = 0; i < N_COLUMNS; i++) {
        const struct place *p = &places[i];
        if (p->kind == AS_NOTHING || str_empty(cells[i]))
            continue;
        if (!put_cell(a, parent_of(a, order, p->parent), p, cells[i])) {
            *why = arena_printf(a, "%s must be %s", columns[i].name,
                                p->kind == AS_OBJECT ? "a JSON object" : "a number");
            return NULL;
        }
    }
    if (!json_has(order, "currency"))
        json_put_text(order, "currency", currency);
    return order;
}
