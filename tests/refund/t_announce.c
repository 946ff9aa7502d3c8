#include "core/id.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"
#include "refund/announce.h"
#include "refund/apply.h"
#include "refund/shop.h"
#include "refund/told.h"
#include "store/webhooks.h"
#include "support/suite.h"
#include <string.h>

/* ---- endpoints and what they were told ----------------------------------------------------------
 */

struct opening {
    struct endpoint p;
    const char *const *names;
    int n;
};

static enum rc open_fn(struct sql *q, void *arg, struct err *e)
{
    struct opening *o = arg;
    enum rc rc = endpoints_insert(q, &o->p, e);
    return rc == RC_OK ? endpoints_set_events(q, o->p.merchant, o->p.id, o->names, o->n, e) : rc;
}

static int64_t endpoint_wants(int64_t merchant, const char *const *names, int n)
{
    struct opening o = {.p = {.id = id_new(),
                              .merchant = merchant,
                              .url = "https://shop.example/hook",
                              .headers = "[]",
                              .secret = {(const uint8_t *)"s", 1},
                              .state = "ACTIVE",
                              .created_by = "maker"},
                        .names = names,
                        .n = n};
    desk_write(open_fn, &o);
    return o.p.id;
}

static int64_t endpoint_wants_all(void)
{
    const char *wanted[LIMIT_EVENT_NAMES];
    int n;
    const struct announce_name *names = announce_names(&n);
    for (int i = 0; i < n; i++)
        wanted[i] = names[i].name;
    return endpoint_wants(desk.merchant, wanted, n);
}

/* All that is about refunds: how the order came in is not told. */
static int64_t endpoint_wants_refunds(void)
{
    const char *wanted[LIMIT_EVENT_NAMES];
    int n, k = 0;
    const struct announce_name *names = announce_names(&n);
    for (int i = 0; i < n; i++) {
        if (strstr(names[i].name, "REFUND") != NULL)
            wanted[k++] = names[i].name;
    }
    return endpoint_wants(desk.merchant, wanted, k);
}

struct told_hooks {
    int64_t endpoint;
    struct delivery *rows; /* oldest first */
    int n;
};

static enum rc told_fn(struct sql *q, void *arg, struct err *e)
{
    struct told_hooks *t = arg;
    struct delivery *rows;
    enum rc rc =
        deliveries_list(q, desk.arena, t->endpoint, NULL, 0, 0, LIMIT_PAGE_ROWS, &rows, &t->n, e);
    t->rows = arena_array(desk.arena, (size_t)t->n + 1, sizeof *t->rows);
    for (int i = 0; rc == RC_OK && i < t->n; i++)
        rc = deliveries_get(q, desk.arena, rows[i].merchant, rows[i].id, &t->rows[t->n - 1 - i], e);
    return rc;
}

static struct told_hooks told_to(int64_t endpoint)
{
    struct told_hooks t = {.endpoint = endpoint};
    desk_look(told_fn, &t);
    return t;
}

/* Names, each followed by a space. */
static const char *names_told(int64_t endpoint)
{
    struct told_hooks t = told_to(endpoint);
    const char *text = "";
    for (int i = 0; i < t.n; i++)
        text = arena_printf(desk.arena, "%s%s ", text, t.rows[i].name);
    return text;
}

static struct json_object *body_of(const struct delivery *d)
{
    struct json_object *o;
    struct err e;
    ck_assert_int_eq(json_read(desk.arena, d->body, strlen(d->body), &o, &e), RC_OK);
    return o;
}

/* The order in the body of the event that was told last by this name. */
static struct json_object *order_told(int64_t endpoint, const char *name)
{
    struct told_hooks t = told_to(endpoint);
    for (int i = t.n - 1; i >= 0; i--) {
        if (str_eq(t.rows[i].name, name))
            return json_get(json_get(body_of(&t.rows[i]), "content"), "order");
    }
    ck_abort_msg("%s was not told", name);
    return NULL;
}

static const char *refund_status_told(int64_t endpoint, const char *name)
{
    struct json_object *refunds = json_get(order_told(endpoint, name), "refunds");
    ck_assert_int_eq((int)json_object_array_length(refunds), 1);
    return json_text(desk.arena, json_object_array_get_idx(refunds, 0), "status");
}

static int64_t create(void)
{
    shop_add((struct shop_order){.order_id = "ORD"});
    struct refund_answer answer = shop_ask("ORD", "u1", "300");
    ck_assert_int_eq(answer.cause, CAUSE_NONE);
    return answer.refund.id;
}

/* ---- what is told -------------------------------------------------------------------------------
 */

START_TEST(has_the_vendors_shape)
{
    int64_t to = endpoint_wants_refunds();
    create();
    struct told_hooks t = told_to(to);
    ck_assert_int_eq(t.n, 1);
    struct json_object *o = body_of(&t.rows[0]), *order = order_told(to, "REFUND_INITIATED");
    const char *id = json_text(desk.arena, o, "id");
    ck_assert_str_eq(id, t.rows[0].event_id);
    ck_assert(str_starts(id, "evt_V2_"));
    ck_assert_uint_eq(strlen(id), strlen("evt_V2_") + 32);
    ck_assert_str_eq(json_text(desk.arena, o, "event_name"), "REFUND_INITIATED");
    ck_assert_str_eq(json_text(desk.arena, o, "date_created"), clock_iso(desk.arena, SHOP_NOW_MS));
    ck_assert_int_eq((int)json_object_object_length(o), 4);
    /* the order is as GET /orders/{order_id} tells it */
    ck_assert_str_eq(json_write(desk.arena, json_get(order, "order_id")), "\"ORD\"");
    ck_assert_str_eq(json_text(desk.arena, order, "amount"), "1000");
    ck_assert(json_has(order, "refund_supported"));
    ck_assert_str_eq(t.rows[0].order_id, "ORD");
    ck_assert_str_eq(t.rows[0].state, "WAITING");
    ck_assert_int_eq(t.rows[0].due_ms, SHOP_NOW_MS);
}
END_TEST

START_TEST(shows_the_order_as_of_the_change)
{
    int64_t to = endpoint_wants_refunds();
    int64_t id = create();
    ck_assert_int_eq(shop_apply(id, EVENT_SEND).verdict, VERDICT_MOVE);
    ck_assert_int_eq(shop_apply(id, EVENT_DONE).verdict, VERDICT_MOVE);
    ck_assert_str_eq(shop_refund(id).status, "SUCCESS");
    ck_assert_str_eq(refund_status_told(to, "REFUND_INITIATED"), "PENDING");
    ck_assert_str_eq(refund_status_told(to, "ORDER_REFUNDED"), "SUCCESS");
}
END_TEST

START_TEST(tells_of_a_failure_and_of_a_cancellation)
{
    static const enum refund_event failing[] = {EVENT_REFUSED, EVENT_CANCEL};
    for (int i = 0; i < 2; i++) {
        int64_t to = endpoint_wants_refunds();
        const char *order = arena_printf(desk.arena, "ORD%d", i);
        shop_add((struct shop_order){.order_id = order});
        int64_t id = shop_ask(order, "u1", "300").refund.id;
        if (failing[i] == EVENT_REFUSED)
            shop_apply(id, EVENT_SEND);
        ck_assert_int_eq(shop_apply(id, failing[i]).verdict, VERDICT_MOVE);
        ck_assert_str_eq(names_told(to), "REFUND_INITIATED ORDER_REFUND_FAILED ");
        ck_assert_str_eq(refund_status_told(to, "ORDER_REFUND_FAILED"), "FAILURE");
    }
}
END_TEST

START_TEST(tells_of_manual_review_once)
{
    int64_t to = endpoint_wants_refunds();
    int64_t id = create();
    shop_apply(id, EVENT_SEND);
    shop_apply(id, EVENT_ACCEPTED);
    shop_apply(id, EVENT_AGE);
    shop_apply(id, EVENT_AGE);
    ck_assert_str_eq(names_told(to), "REFUND_INITIATED REFUND_MANUAL_REVIEW_NEEDED ");
    ck_assert_str_eq(refund_status_told(to, "REFUND_MANUAL_REVIEW_NEEDED"), "MANUAL_REVIEW");
}
END_TEST

struct arn_news {
    int64_t refund;
    enum refund_event event;
    const char *arn;
};

static enum rc arn_fn(struct sql *q, void *arg, struct err *e)
{
    struct arn_news *n = arg;
    const struct refund_news news = {.actor = "worker", .arn = n->arn};
    return refund_apply(q, desk.arena, n->refund, n->event, &news, SHOP_NOW_MS, NULL, e);
}

START_TEST(tells_of_the_arn_that_the_desk_itself_was_answered)
{
    int64_t to = endpoint_wants_refunds();
    int64_t id = create();
    shop_apply(id, EVENT_SEND);
    desk_write(arn_fn, &(struct arn_news){id, EVENT_ACCEPTED, "arn1"});
    desk_write(arn_fn, &(struct arn_news){id, EVENT_DONE, "arn1"});
    ck_assert_str_eq(names_told(to), "REFUND_INITIATED REFUND_ARN_CAPTURED ORDER_REFUNDED ");
    struct json_object *refunds = json_get(order_told(to, "REFUND_ARN_CAPTURED"), "refunds");
    ck_assert_str_eq(json_text(desk.arena, json_object_array_get_idx(refunds, 0), "arn"), "arn1");
}
END_TEST

/* The vendor's sample order comes in charged, with a refund that its gateway has. */
START_TEST(news_from_outside_are_told_when_they_are_whole)
{
    int64_t to = endpoint_wants_all();
    ck_assert_int_eq(told_apply(told_order(NULL, 0)), NEWS_APPLIED);
    const char *names = names_told(to);
    ck_assert_ptr_nonnull(strstr(names, "TXN_CREATED "));
    ck_assert_ptr_nonnull(strstr(names, "TXN_CHARGED "));
    ck_assert_ptr_nonnull(strstr(names, "ORDER_SUCCEEDED "));
    ck_assert_ptr_nonnull(strstr(names, "REFUND_INITIATED "));
    ck_assert_str_eq(json_text(desk.arena, order_told(to, "TXN_CREATED"), "status"), "CHARGED");
    ck_assert_str_eq(json_text(desk.arena, order_told(to, "ORDER_SUCCEEDED"), "status"), "CHARGED");
    ck_assert_str_eq(refund_status_told(to, "REFUND_INITIATED"), "PENDING");
    int n = told_to(to).n;
    ck_assert_int_eq(told_apply(told_order(NULL, 0)), NEWS_KNOWN);
    ck_assert_int_eq(told_to(to).n, n);
}
END_TEST

START_TEST(a_foreign_refund_that_is_done_began_pending)
{
    int64_t to = endpoint_wants_all();
    struct json_object *told =
        told_envelope("ORDER_REFUNDED", "2021-11-09T16:30:00Z", told_order(NULL, 0));
    struct json_object *order = json_get(json_get(told, "content"), "order");
    struct json_object *refund = json_object_array_get_idx(json_get(order, "refunds"), 0);
    json_put_text(refund, "status", "SUCCESS");
    ck_assert_int_eq(told_apply(told), NEWS_APPLIED);
    ck_assert_str_eq(refund_status_told(to, "REFUND_INITIATED"), "PENDING");
    ck_assert_str_eq(refund_status_told(to, "ORDER_REFUNDED"), "SUCCESS");
}
END_TEST

/* One news can make hundreds of events, each with the order in it. */
START_TEST(an_order_is_told_with_its_newest_refunds)
{
    int64_t to = endpoint_wants_refunds();
    struct buf b;
    buf_init(&b, desk.arena);
    for (int i = 0; i <= LIMIT_WEBHOOK_REFUNDS; i++)
        buf_printf(&b, "%s{\"ref\":\"r%d\",\"status\":\"PENDING\",\"amount\":0.01}",
                   i > 0 ? "," : "[", i);
    buf_putc(&b, ']');
    told_apply(TOLD({"refunds", buf_text(&b)}, {"amount", "10"}, {"effective_amount", "10"},
                    {"txn_detail.txn_amount", "10"}));
    struct json_object *refunds = json_get(order_told(to, "REFUND_INITIATED"), "refunds");
    ck_assert_uint_eq(json_object_array_length(refunds), LIMIT_WEBHOOK_REFUNDS);
}
END_TEST

START_TEST(history_is_told_to_nobody)
{
    int64_t to = endpoint_wants_all();
    ck_assert_int_eq(told_apply_imported(told_order(NULL, 0)), NEWS_APPLIED);
    ck_assert_int_eq(told_to(to).n, 0);
}
END_TEST

/* ---- to whom ------------------------------------------------------------------------------------
 */

START_TEST(only_who_asked_for_an_event_hears_of_it)
{
    static const char *const refunded[] = {"ORDER_REFUNDED"};
    int64_t one = endpoint_wants(desk.merchant, refunded, 1), all = endpoint_wants_refunds(),
            none = endpoint_wants(desk.merchant, NULL, 0);
    int64_t id = create();
    shop_apply(id, EVENT_SEND);
    shop_apply(id, EVENT_DONE);
    ck_assert_str_eq(names_told(one), "ORDER_REFUNDED ");
    ck_assert_str_eq(names_told(all), "REFUND_INITIATED ORDER_REFUNDED ");
    ck_assert_str_eq(names_told(none), "");
    /* one event, one id, whoever hears of it */
    ck_assert_str_eq(told_to(one).rows[0].event_id, told_to(all).rows[1].event_id);
    ck_assert_str_eq(told_to(one).rows[0].body, told_to(all).rows[1].body);
}
END_TEST

struct planted {
    struct event ev;
};

static enum rc announce_fn(struct sql *q, void *arg, struct err *e)
{
    const struct planted *p = arg;
    return announce(q, &p->ev, SHOP_NOW_MS, e);
}

START_TEST(what_is_the_desks_own_is_no_webhook)
{
    static const char *const own[] = {"refund.sending"};
    int64_t to = endpoint_wants(desk.merchant, own, 1);
    int64_t order = shop_add((struct shop_order){.order_id = "ORD"});
    desk_write(announce_fn, &(struct planted){.ev = {.merchant = desk.merchant,
                                                     .order_row = order,
                                                     .name = "refund.sending",
                                                     .actor = "worker",
                                                     .at_ms = 1,
                                                     .frozen = "{}"}});
    ck_assert_int_eq(told_to(to).n, 0);
    ck_assert(!announce_is_public("refund.sending"));
    ck_assert(!announce_is_public("ORDER_CREATED"));
    ck_assert(announce_is_public("TXN_FAILED"));
}
END_TEST

/* All that the vendor's two pages name, and how an order ends; nothing else by default. */
START_TEST(offers_the_vendors_events)
{
    static const char *const by_default[] = {"ORDER_SUCCEEDED",       "ORDER_FAILED",
                                             "ORDER_REFUNDED",        "ORDER_REFUND_FAILED",
                                             "AUTO_REFUND_INITIATED", "REFUND_MANUAL_REVIEW_NEEDED",
                                             "AUTO_REFUND_SUCCEEDED", "AUTO_REFUND_FAILED"};
    int n, defaults = 0;
    const struct announce_name *names = announce_names(&n);
    ck_assert_int_eq(n, 13);
    ck_assert_int_le(n, LIMIT_EVENT_NAMES);
    for (int i = 0; i < n; i++) {
        bool wanted = false;
        for (int k = 0; k < 8; k++)
            wanted = wanted || str_eq(by_default[k], names[i].name);
        ck_assert_msg(names[i].is_default == wanted, "%s", names[i].name);
        defaults += names[i].is_default;
    }
    ck_assert_int_eq(defaults, 8);
}
END_TEST

suite_fn t_announce_suite;
Suite *t_announce_suite(void)
{
    TCase *c;
    Suite *s = suite_of("announce", &c);
    tcase_add_checked_fixture(c, shop_open, shop_close);
    tcase_add_test(c, has_the_vendors_shape);
    tcase_add_test(c, shows_the_order_as_of_the_change);
    tcase_add_test(c, tells_of_a_failure_and_of_a_cancellation);
    tcase_add_test(c, tells_of_manual_review_once);
    tcase_add_test(c, tells_of_the_arn_that_the_desk_itself_was_answered);
    tcase_add_test(c, news_from_outside_are_told_when_they_are_whole);
    tcase_add_test(c, a_foreign_refund_that_is_done_began_pending);
    tcase_add_test(c, an_order_is_told_with_its_newest_refunds);
    tcase_add_test(c, history_is_told_to_nobody);
    tcase_add_test(c, only_who_asked_for_an_event_hears_of_it);
    tcase_add_test(c, what_is_the_desks_own_is_no_webhook);
    tcase_add_test(c, offers_the_vendors_events);
    return s;
}
