/*
 * The order in which news arrive does not matter: every permutation of a story ends in the same
 * rows, whatever is repeated.
 */
#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"
#include "refund/order_body.h"
#include "refund/shop.h"
#include "refund/told.h"
#include "support/suite.h"
#include <string.h>

#define MAX_EVENTS 6

/* One event: the members that differ from the sample, %s being the order's own name. */
struct told_event {
    const char *at; /* date_created of its envelope; gateway: its seconds */
    bool gateway;
    const char *members[10][2];
};

struct story {
    const char *name;
    int n;
    struct told_event events[MAX_EVENTS];
};

/* ---- telling a story in some order
 * ---------------------------------------------------------------
 */

struct telling_work {
    const struct order_news *news[MAX_EVENTS + 1]; /* one may come twice */
    int n;
    const char *order_id;
    struct order_view view;
    const char *why;
};

static enum rc tell_fn(struct sql *q, void *arg, struct err *e)
{
    struct telling_work *w = arg;
    bool early[MAX_EVENTS + 1];
    enum rc rc = RC_OK;
    memset(early, true, sizeof early);
    for (int pass = 0; pass < 2; pass++) { /* what came too early comes again */
        for (int i = 0; rc == RC_OK && i < w->n; i++) {
            enum order_news_end end = NEWS_KNOWN;
            const char *why = NULL;
            if (early[i])
                rc = order_news_apply(q, desk.arena, &shop_actor, w->news[i], false, SHOP_NOW_MS,
                                      &end, &why, e);
            early[i] = end == NEWS_EARLY;
            w->why = str_or(why, w->why);
        }
    }
    struct order o;
    if (rc == RC_OK)
        rc =
            orders_by_key(q, desk.arena, desk.merchant, orders_key(desk.arena, w->order_id), &o, e);
    return rc == RC_OK ? order_view_of(q, desk.arena, "m", &o, &w->view, e) : rc;
}

static int by_txn_id(const void *a, const void *b)
{
    return strcmp(((const struct txn *)a)->txn_id, ((const struct txn *)b)->txn_id);
}

static int by_request_id(const void *a, const void *b)
{
    return strcmp(((const struct refund *)a)->unique_request_id,
                  ((const struct refund *)b)->unique_request_id);
}

/* Every column but ids and the times of receipt; the order's own name is N everywhere. */
static const char *rows_of(struct telling_work *w)
{
    struct order_view *v = &w->view;
    struct buf b;
    buf_init(&b, desk.arena);
    const struct order *o = &v->order;
    buf_printf(&b, "%s %lld %lld %s %s|%s|%s|%d%d %s %lld\n", o->status, (long long)o->amount_minor,
               (long long)o->effective_minor, o->currency, str_or(o->customer_email, "-"),
               str_or(o->customer_id, "-"), str_or(o->description, "-"), o->is_cod,
               o->is_split_payment, o->facts, (long long)o->created_ms);
    qsort(v->txns, (size_t)v->n_txns, sizeof *v->txns, by_txn_id);
    for (int i = 0; i < v->n_txns; i++) {
        const struct txn *t = &v->txns[i];
        buf_printf(&b, "%s %s %lld %s|%s|%s|%s %lld %lld %lld %lld %s%s\n", t->txn_id, t->status,
                   (long long)t->amount_minor, str_or(t->gateway, "-"),
                   str_or(t->payment_method, "-"), str_or(t->payment_id, "-"),
                   str_or(t->auth_type, "-"), (long long)t->created_ms, (long long)t->charged_ms,
                   (long long)t->held_minor, (long long)t->refunded_minor, t->facts,
                   t->id == o->kept_txn ? " kept" : "");
    }
    if (v->n_refunds > 0)
        qsort(v->refunds, (size_t)v->n_refunds, sizeof *v->refunds, by_request_id);
    for (int i = 0; i < v->n_refunds; i++) {
        const struct refund *r = &v->refunds[i];
        buf_printf(&b, "%s %s %lld %lld %s %s %s %s %s %s %lld %lld\n", r->unique_request_id,
                   r->state, (long long)r->amount_minor, (long long)r->over_minor,
                   str_or(r->gateway_ref, "-"), str_or(r->arn, "-"), str_or(r->error_code, "-"),
                   r->initiated_by, r->source, r->txn_id, (long long)r->created_ms,
                   (long long)r->processed_ms);
    }
    char *text = arena_strdup(desk.arena, buf_text(&b)), *at = text;
    size_t n = strlen(w->order_id);
    while ((at = strstr(at, w->order_id)) != NULL) {
        memset(at, 'N', n);
        at += n;
    }
    return text;
}

static const struct order_news *read_event(const struct told_event *event, const char *name)
{
    struct told_member members[10];
    int n = 0;
    for (; n < 10 && event->members[n][0] != NULL; n++) {
        struct buf json;
        buf_init(&json, desk.arena);
        for (const char *c = str_or(event->members[n][1], ""); *c != '\0'; c++) {
            if (*c == '%')
                buf_puts(&json, name);
            else
                buf_putc(&json, *c);
        }
        members[n] = (struct told_member){event->members[n][0],
                                          event->members[n][1] != NULL ? buf_text(&json) : NULL};
    }
    struct json_object *order = told_order(members, n);
    if (!event->gateway)
        return told_read(told_envelope("ORDER_SUCCEEDED", event->at, order), false, 0);
    int64_t ms = 0;
    ck_assert(clock_parse_iso(event->at, &ms));
    return told_read(order, true, ms);
}

/* An arena of its own for each telling: there are many. */
static char *tell(const struct story *s, const int *order, int n, int number, char *rows,
                  size_t size)
{
    struct arena *outer = desk.arena;
    desk.arena = arena_new(LIMIT_ARENA_JOB_BYTES);
    const char *name = arena_printf(desk.arena, "P%05d", number);
    struct telling_work w = {.n = n, .order_id = name};
    for (int i = 0; i < n; i++)
        w.news[i] = read_event(&s->events[order[i]], name);
    desk_write(tell_fn, &w);
    ck_assert_msg(w.why == NULL, "%s: %s", s->name, str_or(w.why, ""));
    ck_assert(str_copy(rows, size, rows_of(&w)));
    arena_free(desk.arena);
    desk.arena = outer;
    return rows;
}

/* The next permutation in lexical order; false after the last. */
static bool next_order(int *order, int n)
{
    int i = n - 2, j = n - 1;
    while (i >= 0 && order[i] > order[i + 1])
        i--;
    if (i < 0)
        return false;
    while (order[j] < order[i])
        j--;
    int swap = order[i];
    order[i] = order[j];
    order[j] = swap;
    for (int a = i + 1, b = n - 1; a < b; a++, b--) {
        swap = order[a];
        order[a] = order[b];
        order[b] = swap;
    }
    return true;
}

/* ---- stories
 * -------------------------------------------------------------------------------------
 */

#define NAMED              \
    {"order_id", "\"%\""}, \
    {                      \
        "id", NULL         \
    }
#define TXN(n, status_, pay)                                                     \
    {"txn_id", "\"%-" n "\""}, {"txn_detail.txn_id", "\"%-" n "\""},             \
        {"txn_detail.status", "\"" status_ "\""}, {"status", "\"" status_ "\""}, \
    {                                                                            \
        "payment_gateway_response", pay                                          \
    }
#define ANSWER(n, at) "{\"epg_txn_id\":\"pay_%_" n "\",\"created\":\"" at "\",\"rrn\":\"7\"}"
#define NO_REFUNDS      \
    {                   \
        "refunds", NULL \
    }
#define REFUND(id, status, more)                             \
    "{\"unique_request_id\":\"" id "\",\"status\":\"" status \
    "\",\"amount\":0.3,\"ref\":\"rfnd_%_" id "\",\"created\":\"2021-11-10T10:00:00Z\"" more "}"

static const struct story STORIES[] = {
    {"a late charge after a failure, and a second charge",
     6,
     {{"2021-11-09T16:20:00Z",
       false,
       {NAMED,
        {"txn_detail", NULL},
        {"txn_id", NULL},
        {"status", "\"NEW\""},
        NO_REFUNDS,
        {"payment_gateway_response", NULL},
        {"customer_email", "\"first@x.example\""}}},
      {"2021-11-09T16:20:52Z",
       false,
       {NAMED, TXN("1", "AUTHORIZING", NULL), NO_REFUNDS, {"udf3", "\"only here\""}}},
      {"2021-11-09T16:25:00Z",
       false,
       {NAMED,
        TXN("1", "AUTHORIZATION_FAILED", NULL),
        NO_REFUNDS,
        {"txn_detail.error_code", "\"DECLINED\""}}},
      {"2021-11-09T16:26:00Z",
       false,
       {NAMED,
        TXN("2", "PENDING_VBV", NULL),
        NO_REFUNDS,
        {"txn_detail.created", "\"2021-11-09T16:26:00Z\""}}},
      {"2021-11-09T16:27:00Z",
       false,
       {NAMED,
        TXN("2", "CHARGED", ANSWER("2", "2021-11-09T16:26:50Z")),
        NO_REFUNDS,
        {"txn_detail.created", "\"2021-11-09T16:26:00Z\""}}},
      {"2021-11-09T16:40:00Z",
       false,
       {NAMED, TXN("1", "CHARGED", ANSWER("1", "2021-11-09T16:39:00Z")), NO_REFUNDS}}}},
    {"a refund made elsewhere, told in pieces",
     6,
     {{"2021-11-09T16:22:00Z",
       false,
       {NAMED, TXN("1", "CHARGED", ANSWER("1", "2021-11-09T16:21:11Z")), NO_REFUNDS}},
      {"2021-11-10T10:00:01Z",
       false,
       {NAMED,
        TXN("1", "CHARGED", ANSWER("1", "2021-11-09T16:21:11Z")),
        {"refunds", "[" REFUND("a", "PENDING", "") "]"}}},
      {"2021-11-20T10:00:01Z",
       false,
       {NAMED,
        TXN("1", "CHARGED", ANSWER("1", "2021-11-09T16:21:11Z")),
        {"refunds", "[" REFUND("a", "MANUAL_REVIEW", "") "," REFUND("b", "PENDING", "") "]"}}},
      {"2021-11-21T10:00:01Z",
       false,
       {NAMED,
        TXN("1", "CHARGED", ANSWER("1", "2021-11-09T16:21:11Z")),
        {"refunds", "[" REFUND("a", "SUCCESS",
                               ",\"arn\":\"74000000000000000000001\",\"pg_processed_at\":"
                               "\"2021-11-21T09:00:00Z\"") "]"}}},
      {"2021-11-21T11:00:01Z",
       false,
       {NAMED,
        TXN("1", "CHARGED", ANSWER("1", "2021-11-09T16:21:11Z")),
        {"refunds", "[" REFUND("b", "FAILURE", ",\"error_code\":\"BANK_DOWN\"") "]"}}},
      {"2021-11-21T11:00:01Z",
       false,
       {NAMED,
        TXN("1", "CHARGED", ANSWER("1", "2021-11-09T16:21:11Z")),
        {"refunds", "[" REFUND("b", "FAILURE", ",\"error_code\":\"BANK_DOWN\"") "]"}}}}},
    {"the gateway's own news beside the vendor's",
     5,
     {{"2021-11-09T16:21:00Z",
       true,
       {NAMED,
        {"txn_id", NULL},
        {"txn_detail.txn_id", NULL},
        {"status", "\"AUTHORIZED\""},
        {"txn_detail.status", "\"AUTHORIZED\""},
        NO_REFUNDS,
        {"payment_gateway_response", ANSWER("1", "2021-11-09T16:21:00Z")}}},
      {"2021-11-09T16:21:11Z",
       true,
       {NAMED,
        {"txn_id", NULL},
        {"txn_detail.txn_id", NULL},
        NO_REFUNDS,
        {"payment_gateway_response", ANSWER("1", "2021-11-09T16:21:11Z")}}},
      {"2021-11-09T16:22:00Z",
       false,
       {NAMED, TXN("1", "CHARGED", ANSWER("1", "2021-11-09T16:21:12Z")), NO_REFUNDS}},
      {"2021-11-10T10:00:00Z",
       true,
       {{"order_id", NULL},
        {"amount", NULL},
        {"effective_amount", NULL},
        {"status", NULL},
        {"txn_detail", NULL},
        {"txn_id", NULL},
        {"refunds", "[" REFUND("a", "PENDING", "") "]"},
        {"payment_gateway_response", "{\"epg_txn_id\":\"pay_%_1\"}"}}},
      {"2021-11-10T12:00:00Z",
       true,
       {{"order_id", NULL},
        {"amount", NULL},
        {"effective_amount", NULL},
        {"status", NULL},
        {"txn_detail", NULL},
        {"txn_id", NULL},
        {"refunds", "[" REFUND("a", "SUCCESS", "") "]"},
        {"payment_gateway_response", "{\"epg_txn_id\":\"pay_%_1\"}"}}}}},
};

START_TEST(any_order_ends_the_same)
{
    const struct story *s = &STORIES[_i];
    int order[MAX_EVENTS], number = 0;
    char want[8192], got[8192];
    for (int i = 0; i < s->n; i++)
        order[i] = i;
    tell(s, order, s->n, number++, want, sizeof want);
    while (next_order(order, s->n)) {
        tell(s, order, s->n, number++, got, sizeof got);
        ck_assert_msg(str_eq(want, got), "%s, order %d%d%d%d%d%d:\n%s\nis not\n%s", s->name,
                      order[0], order[1], order[2], order[3], order[4], order[5], got, want);
    }
}
END_TEST

START_TEST(what_is_repeated_changes_nothing)
{
    const struct story *s = &STORIES[_i];
    char want[8192], got[8192];
    static const int once[] = {0, 1, 2, 3, 4, 5};
    tell(s, once, s->n, 0, want, sizeof want);
    for (int i = 0; i < s->n; i++) {
        const int first[] = {i, 0, 1, 2, 3, 4, 5};
        tell(s, first, s->n + 1, i + 1, got, sizeof got);
        ck_assert_msg(str_eq(want, got), "%s, %d twice:\n%s\nis not\n%s", s->name, i, got, want);
    }
}
END_TEST

suite_fn t_news_order_suite;
Suite *t_news_order_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("news_order", &tc);
    tcase_add_checked_fixture(tc, shop_open, shop_close);
    tcase_add_loop_test(tc, any_order_ends_the_same, 0, sizeof STORIES / sizeof STORIES[0]);
    tcase_add_loop_test(tc, what_is_repeated_changes_nothing, 0,
                        sizeof STORIES / sizeof STORIES[0]);
    return s;
}
