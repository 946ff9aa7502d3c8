/* How an order's page tells of conflicts. */
#include "core/id.h"
#include "portal/portal.h"
#include "rig.h"
#include "store/conflicts.h"
#include "store/txns.h"
#include "support/suite.h"

#define MIN CLOCK_MINUTE_MS

static struct rig_order late;
static struct conflict told;

static enum rc put_conflict(struct sql *q, void *arg, struct err *e)
{
    return conflicts_put(q, arg, e);
}

static void open_late(void)
{
    rig_open();
    late = rig_paid_order("ORD_LATE", RIG_NOW_MS - CLOCK_DAY_MS);
    late.txn.charged_ms = late.txn.created_ms + 17 * MIN + 4000;
    late.txn.is_conflicted = true;
    rig_insert(&late);
    told = (struct conflict){.txn_row = late.txn.id,
                             .merchant = desk.merchant,
                             .order_row = late.order.id,
                             .kind = "CONFLICTED",
                             .state = "SHOWN",
                             .initiated_ms = late.txn.created_ms,
                             .success_ms = late.txn.charged_ms,
                             .threshold_minutes = 10,
                             .first_ms = RIG_NOW_MS,
                             .updated_ms = RIG_NOW_MS};
}

static const char *page_with(const char *state, const char *said)
{
    told.state = state;
    told.said = said;
    desk_write(put_conflict, &told);
    const char *html = rig_expect(rig_ask(RIG_VIEWER, "/orders/ORD_LATE", NULL), 200, NULL);
    rig_has(html, "Transaction demo-ORD_LATE-1: success came 17 min 04 s after start; the limit is "
                  "10 min.");
    rig_has(html, "Conflicted: 17 min 04 s after start, limit 10 min");
    rig_lacks(html, "later than allowed");
    return html;
}

START_TEST(what_is_only_shown_says_why)
{
    rig_has(page_with("SHOWN", NULL), "It is only shown: auto refund is off.");
    rig_has(page_with("SHOWN", "Nothing is left of it to refund."), "Nothing is left of it to");
}
END_TEST

static enum rc switch_on(struct sql *q, void *arg, struct err *e)
{
    const struct conflict_settings s = {.refund_conflicted = true,
                                        .conflicted_since_ms = *(const int64_t *)arg,
                                        .threshold_minutes = 10};
    return conflict_settings_put(q, desk.merchant, &s, RIG_NOW_MS, e);
}

START_TEST(what_is_older_than_the_settings_says_since_when_they_hold)
{
    int64_t since_ms = late.txn.charged_ms + 1;
    desk_write(switch_on, &since_ms);
    rig_has(page_with("SHOWN", NULL),
            "the settings hold for successes since 20 Nov 2026, 14:48:11 IST");
    since_ms--;
    desk_write(switch_on, &since_ms);
    rig_has(page_with("SHOWN", NULL), "it was heard of while auto refund was off.");
}
END_TEST

static enum rc set_imported(struct sql *q, void *arg, struct err *e)
{
    (void)arg;
    late.txn.is_imported = true;
    return txns_update(q, &late.txn, e);
}

START_TEST(what_was_imported_says_so)
{
    desk_write(set_imported, NULL);
    rig_has(page_with("SHOWN", NULL),
            "an import or a refund told of it, and neither causes a refund.");
}
END_TEST

static enum rc put_refund(struct sql *q, void *arg, struct err *e)
{
    return refunds_insert(q, arg, e);
}

START_TEST(what_was_done_is_told_with_its_refund)
{
    static const struct {
        const char *state, *status, *error, *words;
    } rows[] = {
        {"SUCCESS", "SUCCESS", NULL, "It was refunded by itself."},
        {"ACCEPTED", "PENDING", NULL, "It is being refunded by itself."},
        {"AWAITING_APPROVAL", "PENDING", NULL,
         "Its auto refund waits for a person&#39;s approval."},
        {"FAILURE", "FAILURE", "No <balance>",
         "Its auto refund failed: No &lt;balance&gt;. The money can be refunded by hand."},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct refund r = {.id = id_new(),
                           .merchant = desk.merchant,
                           .order_row = late.order.id,
                           .txn_row = late.txn.id,
                           .unique_request_id = arena_printf(desk.arena, "AR%zu", i),
                           .amount_minor = 100,
                           .currency = "INR",
                           .state = rows[i].state,
                           .status = rows[i].status,
                           .sent = i != 2,
                           .refund_type = "STANDARD",
                           .reason = "DELAYED_SUCCESS",
                           .source = i == 3 ? "AUTO" : "API", /* one auto refund at a time */
                           .initiated_by = "AUTO_REFUNDED",
                           .gateway = "RAZORPAY",
                           .error_message = rows[i].error,
                           .created_ms = RIG_NOW_MS,
                           .hold_until_ms = RIG_NOW_MS,
                           .updated_ms = RIG_NOW_MS};
        desk_write(put_refund, &r);
        told.refund_row = r.id;
        told.rounds = 1;
        const char *html = page_with("REFUNDED", NULL);
        rig_has(html, rows[i].words);
        rig_has(html, arena_printf(desk.arena, "<a href=\"/refunds/%s\">Refund %s</a></div>",
                                   id_text(desk.arena, r.id), r.unique_request_id));
    }
}
END_TEST

START_TEST(what_was_not_done_says_why)
{
    rig_has(page_with("REFUSED", "The order is <old>."),
            "The desk&#39;s own rules refused its auto refund: The order is &lt;old&gt;.");
    rig_has(page_with("CANCELLED", "Cancelled by maker"),
            "Its auto refund was taken back and is never made again: Cancelled by maker.");
    rig_has(page_with("WITHDRAWN", NULL), "taken back before it was sent: other news came.");
}
END_TEST

static enum rc add_txn(struct sql *q, void *arg, struct err *e)
{
    return txns_add(q, arg, e);
}

START_TEST(the_charge_that_is_kept_is_named)
{
    struct rig_order o = rig_paid_order("ORD_TWICE", RIG_NOW_MS - CLOCK_DAY_MS);
    rig_insert(&o);
    struct txn second = o.txn;
    second.id = id_new();
    second.txn_id = "demo-ORD_TWICE-2";
    second.payment_id = "pay_second";
    second.charged_ms += 5000;
    desk_write(add_txn, &second);
    struct conflict c = {.txn_row = second.id,
                         .merchant = desk.merchant,
                         .order_row = o.order.id,
                         .kind = "MULTIPLE_CHARGED",
                         .state = "SHOWN",
                         .initiated_ms = second.created_ms,
                         .success_ms = second.charged_ms,
                         .kept_txn = o.txn.id,
                         .first_ms = RIG_NOW_MS,
                         .updated_ms = RIG_NOW_MS};
    const char *html = rig_expect(rig_ask(RIG_VIEWER, "/orders/ORD_TWICE", NULL), 200,
                                  "2 payments of this order were charged."); /* not judged yet */
    desk_write(put_conflict, &c);
    html = rig_expect(rig_ask(RIG_VIEWER, "/orders/ORD_TWICE", NULL), 200, NULL);
    rig_has(html, "<strong>Charged more than once.</strong> Transaction demo-ORD_TWICE-2: charged "
                  "beside demo-ORD_TWICE-1, which is kept. It is only shown: auto refund is off.");
    rig_has(html, "<div class=\"sub\">Charged beside demo-ORD_TWICE-1</div>");
    rig_lacks(html, "payments of this order were charged");
}
END_TEST

/* The person decided of the first; of the second nobody has. */
START_TEST(a_charge_beside_one_that_a_person_left_is_told)
{
    struct txn second = late.txn;
    second.id = id_new();
    second.txn_id = "demo-ORD_LATE-2";
    second.payment_id = "pay_second";
    second.is_conflicted = false;
    desk_write(add_txn, &second);
    rig_has(
        page_with("CANCELLED", "Cancelled by maker"),
        "<strong>Charged more than once.</strong> 2 payments of this order were charged. A person "
        "decides which one stays");
}
END_TEST

static enum rc mark_multiple(struct sql *q, void *arg, struct err *e)
{
    struct order o = *(const struct order *)arg;
    o.is_multiple = true;
    return orders_mark(q, &o, e);
}

START_TEST(lists_show_and_find_both_kinds)
{
    struct rig_order twice = rig_paid_order("ORD_TWICE", RIG_NOW_MS - CLOCK_DAY_MS);
    struct rig_order plain = rig_paid_order("ORD_PLAIN", RIG_NOW_MS - CLOCK_DAY_MS);
    rig_insert(&twice);
    rig_insert(&plain);
    desk_write(mark_multiple, &twice.order);
    const char *html = rig_expect(rig_ask(RIG_VIEWER, "/orders", NULL), 200, "ORD_PLAIN");
    rig_has(html, "<small>Conflicted</small>");
    rig_has(html, "<small>Multiple charged</small>");
    html = rig_expect(rig_ask(RIG_VIEWER, "/orders?conflicted=on", NULL), 200, ">ORD_LATE</a>");
    rig_lacks(html, ">ORD_TWICE</a>");
    html = rig_expect(rig_ask(RIG_VIEWER, "/orders?multiple=on", NULL), 200, ">ORD_TWICE</a>");
    rig_lacks(html, ">ORD_LATE</a>");
    rig_lacks(html, ">ORD_PLAIN</a>");
}
END_TEST

Suite *t_order_conflicts_suite(void); /* main.c */

Suite *t_order_conflicts_suite(void)
{
    Suite *s = suite_create("order conflicts");
    TCase *t = tcase_create("order conflicts");
    tcase_add_checked_fixture(t, open_late, rig_close);
    suite_add_tcase(s, t);
    tcase_add_test(t, what_is_only_shown_says_why);
    tcase_add_test(t, what_is_older_than_the_settings_says_since_when_they_hold);
    tcase_add_test(t, what_was_imported_says_so);
    tcase_add_test(t, what_was_done_is_told_with_its_refund);
    tcase_add_test(t, what_was_not_done_says_why);
    tcase_add_test(t, the_charge_that_is_kept_is_named);
    tcase_add_test(t, a_charge_beside_one_that_a_person_left_is_told);
    tcase_add_test(t, lists_show_and_find_both_kinds);
    return s;
}
