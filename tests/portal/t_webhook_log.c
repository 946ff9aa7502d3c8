#include "core/id.h"
#include "core/limits.h"
#include "endpoints.h"
#include "support/suite.h"
#include <string.h>

/* ---- states ------------------------------------------------------------------------------------
 */

START_TEST(an_endpoint_is_paused_and_resumed)
{
    struct made m = make();
    struct reply p = act(m, "pause", "");
    rig_expect(rig_ask(RIG_ADMIN, p.location, NULL), 200, "Paused by admin");
    ck_assert_str_eq(look_at(m.id).endpoint.state, "PAUSED");
    ck_assert_int_eq(look_at(m.id).n_events, 2);
    rig_expect(act(m, "pause", ""), 409, NULL);
    rig_expect(act(m, "test", "once=0000000000001&event=ORDER_FAILED"), 409, "active");
    rig_expect(act(m, "resume", ""), 303, NULL);
    ck_assert_str_eq(look_at(m.id).endpoint.state, "ACTIVE");
    rig_expect(act(m, "resume", ""), 409, NULL);
}
END_TEST

static struct delivery one_test(struct made m, const char *event)
{
    const char *page = rig_expect(rig_ask(RIG_ADMIN, m.path, NULL), 200, "Send test");
    const char *form = arena_printf(desk.arena, "once=%s&event=%s", rig_input(page, "once"), event);
    struct reply p = act(m, "test", form);
    rig_expect(p, 303, NULL);
    rig_expect(act(m, "test", form), 303, NULL);
    struct look l = look_at(m.id);
    return l.rows[0];
}

START_TEST(disabling_asks_first_and_what_waits_fails)
{
    struct made m = make();
    struct delivery d = one_test(m, "ORDER_FAILED");
    rig_expect(act(m, "disable", ""), 200, "Disable this endpoint?");
    ck_assert_str_eq(look_at(m.id).endpoint.state, "ACTIVE");
    rig_expect(act(m, "disable", "step=confirmed"), 303, NULL);
    struct look l = look_at(m.id);
    ck_assert_str_eq(l.endpoint.state, "DISABLED");
    ck_assert_str_eq(l.rows[0].state, "FAILED");
    const char *resend =
        arena_printf(desk.arena, "deliveries/%s/resend", id_text(desk.arena, d.id));
    rig_expect(act(m, resend, ""), 409, "disabled");

    const char *html = rig_expect(act(m, "edit", NULL), 200, "Save and enable");
    rig_has(html, "name=\"event_ORDER_REFUNDED\" value=\"1\" checked");
    rig_has(html, "name=\"event_ORDER_SUCCEEDED\" value=\"1\">");
    rig_expect(act(m, "edit", URL_FORM "&event_ORDER_FAILED=1"), 303, NULL);
    ck_assert_str_eq(look_at(m.id).endpoint.state, "ACTIVE");
    rig_expect(act(m, resend, ""), 303, NULL);
    ck_assert_str_eq(look_at(m.id).rows[0].state, "WAITING");
    rig_expect(act(m, resend, ""), 409, "on its way already");
}
END_TEST

START_TEST(a_deleted_endpoint_is_gone_and_forgets_its_credentials)
{
    struct made m = make_with_secrets();
    rig_expect(act(m, "delete", ""), 200, "Delete this endpoint?");
    struct reply p = act(m, "delete", "step=confirmed");
    rig_expect(p, 303, NULL);
    rig_expect(rig_ask(RIG_ADMIN, p.location, NULL), 200, "Deleted.");
    rig_expect(rig_ask(RIG_ADMIN, m.path, NULL), 404, NULL);
    rig_expect(act(m, "resume", ""), 404, NULL);
}
END_TEST

/* ---- test events and the log -------------------------------------------------------------------
 */

START_TEST(a_test_event_waits_once_with_the_newest_order_and_says_that_it_is_a_test)
{
    struct rig_order o = rig_paid_order("NEWEST-1", RIG_NOW_MS - 1000);
    rig_insert(&o);
    struct made m = make();
    struct delivery d = one_test(m, "REFUND_ARN_CAPTURED");
    ck_assert_int_eq(look_at(m.id).n_rows, 1);
    ck_assert_str_eq(d.state, "WAITING");
    ck_assert_str_eq(d.name, "REFUND_ARN_CAPTURED");
    ck_assert_ptr_null(d.order_id);
    const char *html = rig_expect(
        rig_ask(RIG_ADMIN,
                arena_printf(desk.arena, "%s/deliveries/%s", m.path, id_text(desk.arena, d.id)),
                NULL),
        200, "not sent yet");
    rig_has(html, "&quot;test&quot;: true");
    rig_has(html, "NEWEST-1");
    rig_has(html, d.event_id);
    rig_has(html, "hx-get");
}
END_TEST

START_TEST(without_an_order_a_sample_is_sent)
{
    struct made m = make();
    struct delivery d = one_test(m, "ORDER_SUCCEEDED");
    rig_expect(
        rig_ask(RIG_ADMIN,
                arena_printf(desk.arena, "%s/deliveries/%s", m.path, id_text(desk.arena, d.id)),
                NULL),
        200, "SAMPLE-1");
    rig_expect(act(m, "test", "once=0000000000001&event=NO_SUCH"), 400, "no such event");
    rig_expect(act(m, "test", "event=ORDER_FAILED"), 400, NULL);
}
END_TEST

struct history {
    int64_t endpoint;
    int n;
    int64_t order_row; /* 0: of none */
};

/* n deliveries that failed, one each minute, and their answers. */
static enum rc add_history(struct sql *q, void *arg, struct err *e)
{
    const struct history *h = arg;
    enum rc rc = RC_OK;
    for (int i = 0; rc == RC_OK && i < h->n; i++) {
        int64_t id = id_new(), at_ms = RIG_NOW_MS - (int64_t)i * CLOCK_MINUTE_MS;
        const struct webhook w = {.id = id,
                                  .merchant = desk.merchant,
                                  .order_row = h->order_row,
                                  .event_id = id_random_hex(desk.arena, "evt_V2_", 32),
                                  .name = "ORDER_FAILED",
                                  .body = "{\"a\":\"<script>\"}",
                                  .created_ms = at_ms};
        struct delivery d = {.id = id,
                             .merchant = desk.merchant,
                             .endpoint = h->endpoint,
                             .webhook = id,
                             .due_ms = at_ms,
                             .created_ms = at_ms};
        rc = webhooks_insert(q, &w, e);
        if (rc == RC_OK)
            rc = deliveries_insert(q, &d, e);
        d.state = "FAILED";
        d.attempts = 1;
        d.status = 500;
        d.took_ms = 84;
        d.tried_ms = at_ms;
        d.said = "<b>Internal</b> \"error\"";
        if (rc == RC_OK)
            rc = deliveries_tried(q, &d, e);
    }
    return rc;
}

static void fail_some(struct made m, int n)
{
    struct history h = {m.id, n, 0};
    desk_write(add_history, &h);
}

START_TEST(the_log_is_read_in_pages_and_by_state)
{
    struct made m = make();
    fail_some(m, LIMIT_DELIVERIES_SHOWN + 1);
    const char *html = rig_expect(rig_ask(RIG_ADMIN, m.path, NULL), 200, "500 in 84 ms");
    ck_assert_uint_lt(strlen(html), 50000);
    const char *older = between(html, "rel=\"next\" href=\"", "#");
    html = rig_expect(rig_ask(RIG_ADMIN, older, NULL), 200, "← Newest");
    rig_lacks(html, "rel=\"next\"");
    const char *path = arena_printf(desk.arena, "%s?tab=delivered", m.path);
    rig_expect(rig_ask(RIG_ADMIN, path, NULL), 200, "No such deliveries");
    path = arena_printf(desk.arena, "%s?tab=failed", m.path);
    rig_expect(rig_ask(RIG_ADMIN, path, NULL), 200, "Resend");
    path = arena_printf(desk.arena, "%s?after=nonsense", m.path);
    rig_expect(rig_ask(RIG_ADMIN, path, NULL), 400, NULL);
    rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, "500 in 84 ms");
}
END_TEST

START_TEST(what_an_endpoint_said_stays_text)
{
    struct made m = make();
    fail_some(m, 1);
    struct look l = look_at(m.id);
    const char *html = rig_expect(rig_ask(RIG_ADMIN,
                                          arena_printf(desk.arena, "%s/deliveries/%s", m.path,
                                                       id_text(desk.arena, l.rows[0].id)),
                                          NULL),
                                  200, "&lt;b&gt;Internal&lt;/b&gt;");
    rig_lacks(html, "<b>Internal");
    rig_lacks(html, "<script>\"");
    rig_has(html, "&lt;script&gt;");
}
END_TEST

START_TEST(an_order_tells_what_became_of_its_webhooks)
{
    struct rig_order o = rig_paid_order("TOLD-1", RIG_NOW_MS - CLOCK_HOUR_MS);
    rig_insert(&o);
    struct made m = make_with("url=https%3A%2F%2Fshop.example%2Fhooks%3Ftoken%3Din-the-address&"
                              "event_ORDER_FAILED=1");
    struct history h = {m.id, 1, o.order.id};
    desk_write(add_history, &h);
    const char *html =
        rig_expect(rig_ask(RIG_ORDERS_ONLY, "/orders/TOLD-1", NULL), 200,
                   "Webhook ORDER_FAILED: not delivered, 500 in 84 ms at attempt 1 (shop.example)");
    rig_lacks(html, "in-the-address");
    rig_expect(act(m, "resend", "from=2026-11-20&to=2026-11-21&step=confirmed"), 303, NULL);
    rig_expect(rig_ask(RIG_ORDERS_ONLY, "/orders/TOLD-1", NULL), 200,
               "not delivered yet, 500 in 84 ms at attempt 1, next 14:31 (shop.example)");
}
END_TEST

START_TEST(what_failed_on_some_days_is_counted_then_sent_again)
{
    struct made m = make();
    fail_some(m, 3);
    rig_expect(act(m, "resend", "from=2026-11-21&to=2026-11-20"), 400, "swap them");
    rig_expect(act(m, "resend", "from=2026-11-31&to=2026-11-20"), 400, NULL);
    struct reply p = act(m, "resend", "from=2026-11-22&to=2026-11-22");
    rig_expect(rig_ask(RIG_ADMIN, p.location, NULL), 200, "Nothing was sent.");
    rig_expect(act(m, "resend", "from=2026-11-20&to=2026-11-21"), 200, "Send 3 again");
    ck_assert_str_eq(look_at(m.id).rows[0].state, "FAILED");
    rig_expect(act(m, "resend", "from=2026-11-20&to=2026-11-21&step=confirmed"), 303, NULL);
    struct look l = look_at(m.id);
    for (int i = 0; i < 3; i++)
        ck_assert_str_eq(l.rows[i].state, "WAITING");
    rig_expect(rig_ask(RIG_ADMIN, m.path, NULL), 200, "3 wait, 3 of them tried before");
}
END_TEST

START_TEST(of_too_many_failures_the_oldest_go_first)
{
    struct made m = make();
    fail_some(m, LIMIT_DELIVERIES_RESENT + 1);
    const char *range = "from=2026-11-01&to=2026-11-21";
    rig_expect(act(m, "resend", range), 200, "the oldest 1000 failed deliveries");
    rig_expect(act(m, "resend", arena_printf(desk.arena, "%s&step=confirmed", range)), 303, NULL);
    rig_expect(act(m, "resend", range), 200, "Send 1 again");
    ck_assert_str_eq(look_at(m.id).rows[0].state, "FAILED");
}
END_TEST

/* ---- who may -----------------------------------------------------------------------------------
 */

START_TEST(who_may_only_read_sees_no_button_and_does_nothing)
{
    static const char *const acts[] = {"edit",   "pause",  "resume", "disable",
                                       "delete", "rotate", "test",   "resend"};
    struct made m = make();
    fail_some(m, 1);
    const char *html = rig_expect(rig_ask(RIG_SETTINGS_ONLY, m.path, NULL), 200, "500 in 84 ms");
    rig_lacks(html, "Resend");
    rig_lacks(html, "Rotate");
    rig_lacks(html, "Send test");
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++)
        rig_expect(rig_ask(RIG_SETTINGS_ONLY, arena_printf(desk.arena, "%s/%s", m.path, acts[i]),
                           "step=confirmed"),
                   403, NULL);
    rig_expect(rig_ask(RIG_SETTINGS_ONLY, PAGE "/new", NULL), 403, NULL);
    rig_expect(rig_ask(RIG_SETTINGS_ONLY, PAGE "/new", URL_FORM), 403, NULL);
    rig_expect(rig_ask(RIG_MAKER, PAGE, NULL), 403, NULL);
    ck_assert_str_eq(look_at(m.id).endpoint.state, "ACTIVE");
}
END_TEST

struct theirs {
    struct endpoint endpoint;
};

static enum rc add_theirs(struct sql *q, void *arg, struct err *e)
{
    const struct theirs *t = arg;
    return endpoints_insert(q, &t->endpoint, e);
}

START_TEST(endpoints_of_another_merchant_are_out_of_reach)
{
    static const char *const acts[] = {"edit", "pause", "disable", "delete", "test", "resend"};
    struct theirs t = {.endpoint = {.id = id_new(),
                                    .merchant = rig_other_merchant(),
                                    .url = "https://theirs.example/",
                                    .headers = "[]",
                                    .secret = {(const uint8_t *)"x", 1},
                                    .state = "ACTIVE",
                                    .created_by = "them",
                                    .created_ms = RIG_NOW_MS,
                                    .updated_ms = RIG_NOW_MS}};
    desk_write(add_theirs, &t);
    const char *path = arena_printf(desk.arena, PAGE "/%s", id_text(desk.arena, t.endpoint.id));
    const char *body = arena_printf(desk.arena,
                                    "step=confirmed&once=%s&event=ORDER_FAILED&from=2026-11-01&"
                                    "to=2026-11-21&%s&event_ORDER_FAILED=1",
                                    id_text(desk.arena, id_new()), URL_FORM);
    rig_expect(rig_ask(RIG_ADMIN, path, NULL), 404, NULL);
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++)
        rig_expect(rig_ask(RIG_ADMIN, arena_printf(desk.arena, "%s/%s", path, acts[i]), body), 404,
                   NULL);
    rig_expect(rig_ask(RIG_ADMIN, arena_printf(desk.arena, "%s/rotate", path), "old=1h&seen=1"),
               404, NULL);
    const char *taken = arena_printf(desk.arena, "id=%s&%s&event_ORDER_FAILED=1",
                                     id_text(desk.arena, t.endpoint.id), URL_FORM);
    rig_expect(rig_ask(RIG_ADMIN, PAGE "/new", taken), 409, "open it again");
    rig_lacks(rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, NULL), "theirs.example");

    struct made m = make(), other = make();
    fail_some(m, 1);
    const char *id = id_text(desk.arena, look_at(m.id).rows[0].id);
    rig_expect(act(other, arena_printf(desk.arena, "deliveries/%s", id), NULL), 404, NULL);
    rig_expect(act(other, arena_printf(desk.arena, "deliveries/%s/resend", id), ""), 404, NULL);
    rig_expect(act(m, "deliveries/nonsense", NULL), 404, NULL);
}
END_TEST

suite_fn t_webhook_log_suite;

Suite *t_webhook_log_suite(void)
{
    TCase *t;
    Suite *s = suite_of("webhook_log", &t);
    tcase_add_checked_fixture(t, endpoints_open, rig_close);
    tcase_add_test(t, an_endpoint_is_paused_and_resumed);
    tcase_add_test(t, disabling_asks_first_and_what_waits_fails);
    tcase_add_test(t, a_deleted_endpoint_is_gone_and_forgets_its_credentials);
    tcase_add_test(t, a_test_event_waits_once_with_the_newest_order_and_says_that_it_is_a_test);
    tcase_add_test(t, without_an_order_a_sample_is_sent);
    tcase_add_test(t, the_log_is_read_in_pages_and_by_state);
    tcase_add_test(t, what_an_endpoint_said_stays_text);
    tcase_add_test(t, an_order_tells_what_became_of_its_webhooks);
    tcase_add_test(t, what_failed_on_some_days_is_counted_then_sent_again);
    tcase_add_test(t, of_too_many_failures_the_oldest_go_first);
    tcase_add_test(t, who_may_only_read_sees_no_button_and_does_nothing);
    tcase_add_test(t, endpoints_of_another_merchant_are_out_of_reach);
    return s;
}
