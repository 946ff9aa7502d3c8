#include "api/list_query.h"
#include "core/clock.h"
#include "core/id.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/money.h"
#include "core/str.h"
#include <string.h>

enum { ID_CHARS = 13 }; /* of id_text() */

void list_query_fault(struct list_query *q, const char *name, const char *reason)
{
    errors_fault(&q->faults, name, reason);
}

const char *list_query_text(struct list_query *q, const char *name, size_t most_bytes)
{
    const char *text = form_get(&q->r->query, name);
    if (str_empty(text))
        return NULL;
    if (strlen(text) > most_bytes)
        list_query_fault(q, name,
                         arena_printf(q->r->arena, "is longer than %zu bytes", most_bytes));
    return text;
}

int list_query_number(struct list_query *q, const char *name, int least, int most, int otherwise)
{
    const char *text = list_query_text(q, name, LIMIT_FILTER_BYTES);
    int64_t n = 0;
    if (!text)
        return otherwise;
    if (str_parse_i64(text, &n) && n >= least && n <= most)
        return (int)n;
    list_query_fault(
        q, name, arena_printf(q->r->arena, "must be a whole number from %d to %d", least, most));
    return otherwise;
}

bool list_query_flag(struct list_query *q, const char *name)
{
    const char *text = list_query_text(q, name, LIMIT_FILTER_BYTES);
    bool yes = str_eq(text, "true") || str_eq(text, "1");
    if (text && !yes && !str_eq(text, "false") && !str_eq(text, "0"))
        list_query_fault(q, name, "must be true or false");
    return yes;
}

/* ---- when and how much ------------------------------------------------------------------------
 */

static int64_t read_time(struct list_query *q, const char *name, int64_t day_ms)
{
    const char *text = list_query_text(q, name, LIMIT_FILTER_BYTES);
    int64_t at_ms = 0;
    if (!text)
        return 0;
    if (clock_parse_iso(text, &at_ms))
        return at_ms > 0 ? at_ms : 1;
    if (clock_parse_iso(arena_printf(q->r->arena, "%.64sT00:00:00Z", text), &at_ms))
        return at_ms + day_ms > 0 ? at_ms + day_ms : 1;
    list_query_fault(q, name, "must be a day or a time such as 2026-11-21 or 2026-11-21T08:30:00Z");
    return 0;
}

static int64_t read_amount(struct list_query *q, const char *name)
{
    const char *text = list_query_text(q, name, LIMIT_FILTER_BYTES);
    int64_t minor = 0;
    if (!text)
        return 0;
    if (!q->currency)
        list_query_fault(q, name, "needs a currency beside it");
    else if (money_exponent(q->currency) >= 0 &&
             (money_parse(text, q->currency, &minor) != MONEY_OK || minor == 0))
        list_query_fault(q, name, "must be an amount above 0 in digits, such as 1500.50");
    return minor;
}

static void read_place(struct list_query *q)
{
    const char *cursor = list_query_text(q, "cursor", LIMIT_FILTER_BYTES);
    if (!cursor)
        return;
    q->page.move = LIST_NEXT;
    bool known = strlen(cursor) == 2 * ID_CHARS &&
                 id_parse(arena_strndup(q->r->arena, cursor, ID_CHARS), &q->page.key_value) &&
                 id_parse(cursor + ID_CHARS, &q->page.key_id);
    if (!known)
        list_query_fault(q, "cursor", "is not a next_cursor of this list");
}

void list_query_read(struct list_query *q, struct req *r)
{
    *q = (struct list_query){.r = r, .page = {.sort = SORT_CREATED, .move = LIST_FIRST}};
    q->page.rows = list_query_number(q, "limit", 1, LIMIT_PAGE_ROWS, LIMIT_PAGE_ROWS_DEFAULT);
    q->from_ms = read_time(q, "from", 0);
    q->before_ms = read_time(q, "to", CLOCK_DAY_MS);
    if (q->before_ms != 0 && q->from_ms >= q->before_ms)
        list_query_fault(q, "to", "lies before from");
    q->currency = list_query_text(q, "currency", LIMIT_FILTER_BYTES);
    if (q->currency && money_exponent(q->currency) < 0)
        list_query_fault(q, "currency", "is not an ISO 4217 code such as INR");
    q->least_minor = read_amount(q, "amount_min");
    q->most_minor = read_amount(q, "amount_max");
    if (q->most_minor != 0 && q->least_minor > q->most_minor)
        list_query_fault(q, "amount_max", "is less than amount_min");
    read_place(q);
}

/* ---- answers ----------------------------------------------------------------------------------
 */

bool list_query_refused(struct list_query *q, struct reply *p)
{
    if (q->faults.n == 0)
        return false;
    const struct api_fault *first = &q->faults.of[0];
    errors_coded(q->r, p, 400, "INVALID_REQUEST",
                 arena_printf(q->r->arena, "%s: %s", first->field, first->reason), &q->faults);
    return true;
}

void list_query_reply(struct list_query *q, struct reply *p, struct json_object *data, bool more,
                      int64_t last_value, int64_t last_id)
{
    struct arena *a = q->r->arena;
    struct json_object *body = json_object_in(a);
    json_put_text(body, "object", "list");
    json_put(body, "data", data);
    json_put_bool(body, "has_more", more);
    json_put_text(body, "next_cursor",
                  more ? arena_printf(a, "%s%s", id_text(a, last_value), id_text(a, last_id))
                       : NULL);
    reply_json(p, 200, json_write(a, body));
}
