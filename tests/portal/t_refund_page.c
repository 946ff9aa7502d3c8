#include "core/id.h"
#include "rig.h"
#include "store/events.h"
#include "support/suite.h"
#include <string.h>

/* A refund as some state left it, of a paid order; the hold on the txn is not needed to look. */
struct made {
    struct rig_order order;
    struct refund refund;
};

static enum rc insert(struct sql *q, void *arg, struct err *e)
{
    struct made *m = arg;
    m->refund.merchant = desk.merchant;
    m->refund.order_row = m->order.order.id;
    m->refund.txn_row = m->order.txn.id;
    enum rc rc = refunds_insert(q, &m->refund, e);
    return rc == RC_OK ? refunds_move(q, &m->refund, m->refund.state, e) : rc;
}

static struct made made_refund(const char *order_id, const char *state, const char *status)
{
    struct made m = {.order = rig_paid_order(order_id, RIG_NOW_MS)};
    rig_insert(&m.order);
    m.refund = (struct refund){.id = id_new(),
                               .unique_request_id = "erf_1",
                               .amount_minor = 30000,
                               .currency = "INR",
                               .state = state,
                               .status = status,
                               .refund_type = "STANDARD",
                               .reason = "GOODWILL",
                               .source = "PORTAL",
                               .initiated_by = "maker",
                               .gateway = "RAZORPAY",
                               .created_ms = RIG_NOW_MS,
                               .updated_ms = RIG_NOW_MS};
    return m;
}

static const char *page_of(enum rig_user user, struct made *m)
{
    return rig_expect(
        rig_ask(user, arena_printf(desk.arena, "/refunds/%s", id_text(desk.arena, m->refund.id)),
                NULL),
        200, NULL);
}

START_TEST(says_what_happens_next_and_when)
{
    static const struct {
        const char *state, *words;
    } cases[] = {{"ACCEPTED", "Asks RAZORPAY again at 14:41 IST"},
                 {"UNKNOWN", "Asks RAZORPAY again at 14:41 IST"},
                 {"QUEUED", "Is sent to RAZORPAY at 14:41 IST"},
                 {"LOW_BALANCE", "Is sent to RAZORPAY again at 14:41 IST"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct made m =
            made_refund(arena_printf(desk.arena, "ORD_%zu", i), cases[i].state, "PENDING");
        m.refund.next_check_ms = RIG_NOW_MS + 600000;
        desk_write(insert, &m);
        const char *html = page_of(RIG_MAKER, &m);
        rig_has(html, cases[i].words);
        rig_has(html, ">Reload</a></noscript>");
    }
}
END_TEST

START_TEST(a_refund_that_needs_a_person_says_what_now)
{
    struct made m = made_refund("ORD_REVIEW", "MANUAL_REVIEW", "MANUAL_REVIEW");
    desk_write(insert, &m);
    const char *link = arena_printf(desk.arena, "<a href=\"/refunds/%s#now\">What now?</a>",
                                    id_text(desk.arena, m.refund.id));
    rig_expect(rig_ask(RIG_MAKER, "/refunds", NULL), 200, link);
    rig_has(page_of(RIG_MAKER, &m), "<div id=\"now\">");
    rig_has(page_of(RIG_MAKER, &m), "It never reached the gateway. Cancel it");

    m = made_refund("ORD_SENT", "MANUAL_REVIEW", "MANUAL_REVIEW");
    m.refund.sent = true;
    desk_write(insert, &m);
    rig_has(page_of(RIG_MAKER, &m), "dashboard of RAZORPAY, payment pay_ORD_SENT;");

    m = made_refund("ORD_WAITS", "AWAITING_APPROVAL", "PENDING");
    desk_write(insert, &m);
    rig_has(page_of(RIG_MAKER, &m), "A person other than maker who may approve");

    m = made_refund("ORD_AUTO", "AWAITING_APPROVAL", "PENDING");
    m.refund.source = "AUTO";
    desk_write(insert, &m);
    rig_has(page_of(RIG_MAKER, &m), "A person who may approve");

    m = made_refund("ORD_DONE", "SUCCESS", "SUCCESS");
    desk_write(insert, &m);
    rig_lacks(page_of(RIG_MAKER, &m), "What now?");
}
END_TEST

START_TEST(somebody_else_approves_or_rejects)
{
    struct made m = made_refund("ORD_APPROVE", "AWAITING_APPROVAL", "PENDING");
    m.refund.initiated_by = "AUTO_REFUNDED";
    m.refund.source = "AUTO";
    desk_write(insert, &m);
    const char *own = arena_printf(desk.arena, "/refunds/%s", id_text(desk.arena, m.refund.id));
    const char *reject = arena_printf(desk.arena, "%s/reject", own);
    const char *approve = arena_printf(desk.arena, "%s/approve", own);
    rig_has(page_of(RIG_ADMIN, &m), "id=\"approve\"");
    rig_lacks(page_of(RIG_MAKER, &m), "id=\"approve\"");
    rig_lacks(page_of(RIG_VIEWER, &m), "/reject\"");
    rig_has(page_of(RIG_MAKER, &m), "above the daily ceiling of auto refunds");
    rig_lacks(page_of(RIG_MAKER, &m), "other than AUTO_REFUNDED");
    rig_expect(rig_ask(RIG_MAKER, approve, ""), 403, NULL);
    rig_expect(rig_ask(RIG_MAKER, reject, "why=x"), 403, NULL);
    rig_expect(rig_ask(RIG_ADMIN, reject, NULL), 200, "Reject the refund?");
    rig_expect(rig_ask(RIG_ADMIN, reject, "why=+"), 200, "Say why it is rejected");
    rig_has(page_of(RIG_ADMIN, &m), "id=\"approve\"");
    rig_expect(rig_ask(RIG_ADMIN, approve, ""), 303, NULL);
    rig_lacks(page_of(RIG_ADMIN, &m), "id=\"approve\"");
    rig_has(rig_expect(rig_ask(RIG_ADMIN, reject, "why=late"), 409, "Look at it again"),
            arena_printf(desk.arena, "href=\"%s\"", own));
}
END_TEST

START_TEST(a_failure_says_why_what_to_do_and_retries_prefilled)
{
    struct made m = made_refund("ORD_FAIL", "FAILURE", "FAILURE");
    m.refund.sent = true;
    m.refund.error_code = "BALANCE_TOO_LOW";
    m.refund.error_message = "Not enough balance";
    m.refund.gateway_words = "{\"error\":\"<b>\"}";
    desk_write(insert, &m);
    const char *html = page_of(RIG_MAKER, &m);
    rig_has(html, "The balance at the gateway is too low.");
    rig_has(html, "The amount is free again. Add funds there, then retry.");
    rig_has(html, "<pre>{&quot;error&quot;:&quot;&lt;b&gt;&quot;}</pre>");
    rig_lacks(html, "hx-trigger");
    rig_lacks(html, "/cancel\"");
    const char *retry = "/orders/ORD_FAIL/refund?txn=demo-ORD_FAIL-1&amount=300.00&reason=GOODWILL";
    rig_has(html, "href=\"/orders/ORD_FAIL/refund?txn=demo-ORD_FAIL-1&amp;amount=300.00&amp;"
                  "reason=GOODWILL\"");
    const char *form = rig_expect(rig_ask(RIG_MAKER, retry, NULL), 200, NULL);
    ck_assert_str_eq(rig_input(form, "amount"), "300.00");
    rig_has(form, "<option value=\"GOODWILL\" selected>");
    rig_lacks(form, "erf_1\""); /* a new id */
    rig_lacks(page_of(RIG_VIEWER, &m), ">Retry<");
}
END_TEST

START_TEST(what_could_not_be_sent_at_all_says_so_plainly)
{
    static const struct {
        const char *code, *words;
    } cases[] = {
        {"REFUND_TYPE_NOT_SUPPORTED", "The gateway cannot do this type of refund."},
        {"BENEFICIARY_UNREADABLE", "The account to pay out to could not be opened."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct made m = made_refund(arena_printf(desk.arena, "ORD_%zu", i), "FAILURE", "FAILURE");
        m.refund.error_code = cases[i].code;
        m.refund.error_message = "Why.";
        desk_write(insert, &m);
        const char *html = page_of(RIG_MAKER, &m);
        rig_has(html, cases[i].words);
        rig_has(html, "Why. The amount is free again.");
    }
}
END_TEST

START_TEST(a_hostile_prefill_is_text_and_no_amount)
{
    struct rig_order o = rig_paid_order("ORD_PRE", RIG_NOW_MS);
    rig_insert(&o);
    const char *form = rig_expect(
        rig_ask(RIG_MAKER, "/orders/ORD_PRE/refund?amount=%22%3E%3Cimg%3E&reason=NONE", NULL), 200,
        "&lt;img&gt;");
    rig_lacks(form, "<img>");
    rig_lacks(form, " selected>");
    ck_assert_int_eq(rig_count_refunds("ORD_PRE"), 0);
}
END_TEST

static enum rc contradict(struct sql *q, void *arg, struct err *e)
{
    struct made *m = arg;
    bool opened;
    return exceptions_open(q, desk.merchant, m->refund.id, "done_after_FAILURE", "<i>late</i>",
                           30000, RIG_NOW_MS, &opened, e);
}

START_TEST(an_open_contradiction_is_said_on_both_pages)
{
    struct made m = made_refund("ORD_EXC", "FAILURE", "FAILURE");
    desk_write(insert, &m);
    desk_write(contradict, &m);
    const char *html = page_of(RIG_MAKER, &m);
    rig_has(html, "A person must settle this refund.");
    rig_has(html, "The gateway reports that it succeeded after all");
    rig_has(html, "&lt;i&gt;late&lt;/i&gt;");
    rig_has(html, "300.00 INR stays held meanwhile.");
    rig_lacks(html, "The amount is free again");
    rig_expect(rig_ask(RIG_MAKER, "/orders/ORD_EXC", NULL), 200,
               "A person must settle this refund.");
}
END_TEST

START_TEST(related_refunds_and_ids_stand_there)
{
    struct made m = made_refund("ORD_REL", "SUCCESS", "SUCCESS");
    m.refund.arn = "74120000001";
    m.refund.gateway_ref = "rfnd_9";
    m.refund.checked_by = "checker";
    m.refund.metadata = "{\"ticket\":\"T-1\"}";
    desk_write(insert, &m);
    const char *html = page_of(RIG_MAKER, &m);
    rig_has(html, "<dt>Bank reference</dt><dd class=\"id\">74120000001</dd>");
    rig_has(html, "<dt>Gateway&#39;s refund id</dt><dd class=\"id\">rfnd_9</dd>");
    rig_has(html, arena_printf(desk.arena, "<dt>Desk&#39;s own id</dt><dd class=\"id\">%s</dd>",
                               id_text(desk.arena, m.refund.id)));
    rig_has(html, "<dt>Approved by</dt><dd>checker</dd>");
    rig_has(html, "<dt>Ticket</dt><dd>T-1</dd>");
    rig_has(html, "<tr aria-current=\"true\">");
    rig_has(html, "<dt>Charged</dt><dd>500.00</dd>");
}
END_TEST

Suite *t_refund_page_suite(void);
Suite *t_refund_page_suite(void)
{
    Suite *s = suite_create("refund page");
    TCase *t = tcase_create("refund page");
    tcase_add_checked_fixture(t, rig_open, rig_close);
    tcase_add_test(t, says_what_happens_next_and_when);
    tcase_add_test(t, a_refund_that_needs_a_person_says_what_now);
    tcase_add_test(t, somebody_else_approves_or_rejects);
    tcase_add_test(t, a_failure_says_why_what_to_do_and_retries_prefilled);
    tcase_add_test(t, what_could_not_be_sent_at_all_says_so_plainly);
    tcase_add_test(t, a_hostile_prefill_is_text_and_no_amount);
    tcase_add_test(t, an_open_contradiction_is_said_on_both_pages);
    tcase_add_test(t, related_refunds_and_ids_stand_there);
    suite_add_tcase(s, t);
    return s;
}
