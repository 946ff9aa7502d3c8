/* The words of all mails: templates/mail, with facts as occasions write them and hostile ones. */
#include "core/limits.h"
#include "core/str.h"
#include "notify/mail_text.h"
#include "refund/occasion.h"
#include "support/suite.h"
#include <string.h>

#define HOSTILE "\\\"><script>x</script>&amp;<?cs var:merchant ?>%0d%0a\\r\\nX-Evil: 1\\r\\n.\\r\\n"

static struct mail_desk mail_desk = {.from = "desk@example.com",
                                     .portal_url = "https://desk.example.com",
                                     .format = {.time_zone = "Asia/Kolkata", .locale = "en_IN"}};

static void set_up(void)
{
    struct err e;
    ck_assert_int_eq(templates_load_mails(&mail_desk.templates, TEMPLATES_DIR, &e), RC_OK);
}

static void tear_down(void)
{
    templates_free(mail_desk.templates);
}

struct words {
    const char *subject, *text, *html;
};

static int hex(char c)
{
    return c <= '9' ? c - '0' : c - 'A' + 10;
}

/* Quoted-printable from here to the next boundary. */
static const char *decoded(const char *from)
{
    struct buf b;
    buf_init(&b, suite_arena());
    for (; *from != '\0' && !str_starts(from, "\r\n--=_"); from++) {
        if (*from != '=') {
            if (*from != '\r')
                buf_putc(&b, *from);
        } else if (from[1] == '\r') {
            from += 2;
        } else {
            buf_putc(&b, (char)(hex(from[1]) * 16 + hex(from[2])));
            from += 2;
        }
    }
    return buf_text(&b);
}

static const char *part(const char *message, const char *type)
{
    const char *at = strstr(message, arena_printf(suite_arena(), "Content-Type: %s", type));
    ck_assert_ptr_nonnull(at);
    at = strstr(at, "\r\n\r\n");
    ck_assert_ptr_nonnull(at);
    return decoded(at + 4);
}

static struct words compose(const char *kind, const char *facts)
{
    const struct mail m = {.merchant = 1,
                           .kind = kind,
                           .occasion = "x/1",
                           .address = "ann@example.com",
                           .facts = facts,
                           .created_ms = INT64_C(1795270860000)};
    struct buf out;
    struct err e = {0};
    buf_init(&out, suite_arena());
    enum rc rc = mail_compose(suite_arena(), &mail_desk, &m, &out, &e);
    ck_assert_msg(rc == RC_OK, "%s: %s (%s)", kind, e.text, e.detail);
    const char *message = buf_text(&out);
    const char *body = strstr(message, "\r\n\r\n");
    ck_assert_ptr_nonnull(body);
    const char *head = arena_strndup(suite_arena(), message, (size_t)(body - message) + 2);
    ck_assert_msg(strstr(head, "\nX-Evil") == NULL && strstr(head, "\rX-Evil") == NULL, "%s", head);
    struct words w = {.text = part(message, "text/plain"), .html = part(message, "text/html")};
    const char *h1 = strstr(w.html, "<h1>");
    ck_assert_ptr_nonnull(h1);
    w.subject = arena_strndup(suite_arena(), h1 + 4, strcspn(h1 + 4, "\n<"));
    return w;
}

/* ---- real facts --------------------------------------------------------------------------------
 */

#define FRAME "\"merchant\":\"Acme\",\"test_mode\":false"
#define MONEY "{\"minor\":30000,\"currency\":\"INR\"}"
#define TIME  "{\"at_ms\":1795270860000}"
#define LINK  "{\"path\":[\"refunds\",\"01h4v2k9q8c0m\"]}"
#define REFUND                                                                                 \
    FRAME                                                                                      \
    ",\"refund_id\":\"u1\",\"order_id\":\"ORD 1\",\"txn_id\":\"acme-ORD-1\",\"amount\":" MONEY \
    ",\"gateway\":\"RAZORPAY\",\"reason\":\"CANCELLATION\",\"by\":\"maya\",\"created\":" TIME  \
    ",\"attempts\":2,\"link\":" LINK
#define BATCH                                                                                    \
    FRAME ",\"file\":\"may.csv\",\"by\":\"maya\",\"status\":\"Partially completed\",\"rows\":3," \
          "\"accepted\":2,\"failed\":1,\"created\":" TIME ",\"link\":" LINK                      \
          ",\"totals\":[{\"amount\":" MONEY "}]"
#define CONFLICT                                                                \
    FRAME ",\"order_id\":\"ORD 1\",\"txn_id\":\"acme-ORD-1\",\"amount\":" MONEY \
          ",\"gateway\":\"RAZORPAY\",\"started\":" TIME ",\"succeeded\":" TIME ",\"link\":" LINK

static const struct {
    const char *kind, *facts, *subject;
    const char *says[4], *never;
} cases[] = {
    {"manual_review",
     "{" REFUND ",\"sent\":true,\"stands\":\"the outcome is unknown\",\"ref\":\"rfnd_1\"}",
     "Acme: refund of 300.00 INR needs manual review",
     {"Last known: the outcome is unknown\n", "Gateway's refund id: rfnd_1\n",
      "What to do: Ask RAZORPAY what became of it"},
     "never sent"},
    {"manual_review",
     "{" REFUND ",\"sent\":false,\"stands\":\"queued for the gateway\"}",
     "Acme: refund of 300.00 INR needs manual review",
     {"It was never sent. Cancel it", "Amount: 300.00 INR\nOrder: ORD 1\nPayment: acme-ORD-1\n",
      "https://desk.example.com/refunds/01h4v2k9q8c0m"},
     "refund id:"},
    {"day_7",
     "{" REFUND ",\"sent\":true,\"review\":" TIME "}",
     "Acme: refund of 300.00 INR is still pending",
     {"It goes to manual review at 21 Nov 2026, ", "Ask RAZORPAY what holds it up"},
     "paused"},
    {"auto_refund_done",
     "{" REFUND ",\"sent\":true,\"arn\":\"74\"}",
     "Acme: auto refund of 300.00 INR is done",
     {"came too late, succeeded.", "ARN: 74\n", "What to do: Nothing."},
     "one too many"},
    {"auto_refund_failed",
     "{" REFUND ",\"sent\":true,\"error_code\":\"BANK\",\"error_message\":\"No.\"}",
     "Acme: auto refund of 300.00 INR failed",
     {"The refund that the desk made by itself failed. The money was not given back.",
      "Error: BANK\nMessage: No.\n", "refund it by hand", "Open the refund:"},
     "own rules"},
    {"auto_refund_failed",
     "{" CONFLICT ",\"kind\":\"CONFLICTED\",\"state\":\"REFUSED\",\"said\":\"No id.\"}",
     "Acme: auto refund of 300.00 INR failed",
     {"its own rules refused: No id. The money was not given back.", "Open the order:"},
     "Refund:"},
    {"status_conflict",
     "{" CONFLICT ",\"kind\":\"CONFLICTED\",\"state\":\"REFUNDED\",\"late\":\"17 min 04 s\","
     "\"threshold\":10,\"refund_id\":\"AR1\"}",
     "Acme: 300.00 INR of order ORD 1 came too late",
     {"succeeded 17 min 04 s after it was started; the limit is 10 min.", "Refund: AR1\n",
      "What was done: The desk refunds it by itself."},
     "ceiling"},
    {"status_conflict",
     "{" CONFLICT ",\"kind\":\"CONFLICTED\",\"state\":\"REFUNDED\",\"late\":\"17 min 04 s\","
     "\"threshold\":10,\"refund_id\":\"AR1\",\"awaits_approval\":true}",
     "Acme: 300.00 INR of order ORD 1 came too late",
     {"as soon as somebody approves it: it would go over the day's ceiling.",
      "What to do: Approve or reject the refund."},
     "What to do: Nothing"},
    {"status_conflict",
     "{" CONFLICT ",\"kind\":\"MULTIPLE_CHARGED\",\"state\":\"SHOWN\",\"kept_txn_id\":\"K\"}",
     "Acme: order ORD 1 was charged again, 300.00 INR",
     {"had been paid by payment K, which is kept.", "What was done: Nothing was refunded."},
     "limit"},
    {"batch_finished",
     "{" BATCH "}",
     "Acme: batch may.csv: 2 of 3 rows became refunds",
     {"The batch has ended: Partially completed.", "Total without problems: 300.00 INR\n",
      "Download the failed rows"},
     "Description"},
    {"approval_requested",
     "{" BATCH "}",
     "Acme: batch may.csv waits for approval",
     {"maya uploaded a batch of refunds that needs the approval of somebody else.",
      "File: may.csv\n", "Open the batch:"},
     "Refund:"},
    {"approval_requested",
     "{" REFUND ",\"sent\":false}",
     "Acme: refund of 300.00 INR waits for approval",
     {"A refund was created that needs the approval", "Refund: u1\n", "Open the refund:"},
     "File:"},
    {"approved",
     "{" BATCH ",\"checked_by\":\"chandra\"}",
     "Acme: batch may.csv was approved",
     {"chandra approved the batch.", "Approved by: chandra\n"},
     "Refund:"},
    {"approved",
     "{" REFUND ",\"checked_by\":\"chandra\"}",
     "Acme: refund of 300.00 INR was approved",
     {"chandra approved the refund. It goes to its gateway."},
     "File:"},
    {"rejected",
     "{" BATCH ",\"checked_by\":\"chandra\",\"said\":\"the wrong month\"}",
     "Acme: batch may.csv was rejected",
     {"None of its rows became a refund.", "Why: the wrong month\n"},
     "Refund:"},
    {"rejected",
     "{" REFUND ",\"checked_by\":\"chandra\",\"error_message\":\"twice\"}",
     "Acme: refund of 300.00 INR was rejected",
     {"its amount is free again.", "Why: twice\n"},
     "File:"},
    {"gateway_paused",
     "{" FRAME ",\"gateway\":\"STRIPE\",\"by\":\"root\",\"said\":\"night\",\"paused\":" TIME
     ",\"link\":" LINK "}",
     "Acme: STRIPE is paused, its refunds wait",
     {"root paused STRIPE.", "Why: night\n", "refundctl gateway resume STRIPE"},
     "Refund:"},
    {"endpoint_disabled",
     "{" FRAME ",\"url\":\"https://x.example/hook\",\"said\":\"410 Gone\",\"disabled\":" TIME
     ",\"link\":" LINK "}",
     "Acme: a webhook endpoint was disabled",
     {"Endpoint: https://x.example/hook\n", "Why: 410 Gone\n"},
     "Refund:"},
};

START_TEST(each_mail_says_what_happened_and_what_to_do)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct words w = compose(cases[i].kind, cases[i].facts);
        ck_assert_str_eq(w.subject, cases[i].subject);
        for (int k = 0; k < 4 && cases[i].says[k] != NULL; k++)
            ck_assert_msg(strstr(w.text, cases[i].says[k]) != NULL, "%s: no \"%s\" in: %s",
                          cases[i].kind, cases[i].says[k], w.text);
        ck_assert_msg(strstr(w.text, cases[i].never) == NULL, "%s: %s", cases[i].kind, w.text);
        ck_assert_ptr_nonnull(strstr(w.text, "What to do: "));
        ck_assert_ptr_nonnull(strstr(w.text, "\n-- \nrefunddesk of Acme"));
        ck_assert_ptr_nonnull(strstr(w.text, "\nhttps://desk.example.com/"));
        ck_assert_ptr_nonnull(strstr(w.html, "<a href=\"https://desk.example.com/"));
        ck_assert_msg(strstr(w.text, ": \n") == NULL, "a fact is empty: %s", w.text);
        ck_assert_msg(strchr(w.text, '<') == NULL, "a tag in the text: %s", w.text);
    }
}
END_TEST

START_TEST(each_kind_is_among_them)
{
    for (int kind = 0; kind < OCCASION_COUNT; kind++) {
        bool found = false;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
            found = found || str_eq(cases[i].kind, occasion_row(kind)->name);
        ck_assert_msg(found, "%s", occasion_row(kind)->name);
    }
}
END_TEST

START_TEST(in_test_mode_the_subject_and_both_texts_say_so)
{
    for (int kind = 0; kind < OCCASION_COUNT; kind++) {
        const char *name = occasion_row(kind)->name;
        struct words w = compose(name, "{\"merchant\":\"Acme\",\"test_mode\":true}");
        ck_assert_msg(str_starts(w.subject, "[TEST] Acme: "), "%s", w.subject);
        ck_assert_ptr_nonnull(strstr(w.html, "TEST MODE"));
        ck_assert_ptr_nonnull(strstr(w.text, "TEST MODE"));
    }
}
END_TEST

/* ---- hostile ones ------------------------------------------------------------------------------
 */

static const char *const texts[] = {
    "merchant", "refund_id", "order_id", "txn_id",     "amount", "gateway",     "reason",
    "by",       "created",   "stands",   "checked_by", "ref",    "arn",         "error_code",
    "file",     "status",    "rows",     "accepted",   "failed", "description", "said",
    "started",  "succeeded", "late",     "threshold",  "paused", "kept_txn_id", "refunded",
    "url",      "disabled",  "review",   "link",       "kind",   "state",       "error_message"};

/* Every fact hostile but for those left out, so that each branch is taken. */
static const char *hostile_facts(bool flags, const char *without)
{
    struct buf b;
    buf_init(&b, suite_arena());
    buf_puts(&b, "{\"totals\":[{\"amount\":\"" HOSTILE "\"}]");
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (without != NULL && str_eq(texts[i], without))
            continue;
        buf_printf(&b, ",\"%s\":", texts[i]);
        buf_puts(&b, "\"" HOSTILE "\"");
    }
    if (flags)
        buf_puts(&b, ",\"sent\":true,\"awaits_approval\":true,\"test_mode\":true");
    buf_putc(&b, '}');
    return buf_text(&b);
}

START_TEST(a_hostile_fact_stays_text_in_every_mail)
{
    static const char *const without[] = {NULL, "file", "kind"};
    for (int i = 0; i < OCCASION_COUNT * 6; i++) {
        const char *kind = occasion_row(i % OCCASION_COUNT)->name;
        int way = i / OCCASION_COUNT;
        struct words w = compose(kind, hostile_facts(way % 2 != 0, without[way / 2]));
        ck_assert_msg(strstr(w.html, "<script") == NULL, "%s: %s", kind, w.html);
        ck_assert_ptr_null(strstr(w.html, "\"><script"));
        ck_assert_ptr_nonnull(strstr(w.html, "&lt;script&gt;"));
        ck_assert_ptr_nonnull(strstr(w.text, "<script>x</script>"));
        ck_assert_msg(strstr(w.text, "\nX-Evil") == NULL && strstr(w.text, "\n.\n") == NULL,
                      "%s: %s", kind, w.text);
        ck_assert_ptr_nonnull(strstr(w.text, "<?cs var:merchant ?>"));
    }
}
END_TEST

suite_fn t_mail_words_suite;
Suite *t_mail_words_suite(void)
{
    TCase *t;
    Suite *s = suite_of("mail_words", &t);
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, each_mail_says_what_happened_and_what_to_do);
    tcase_add_test(t, each_kind_is_among_them);
    tcase_add_test(t, in_test_mode_the_subject_and_both_texts_say_so);
    tcase_add_test(t, a_hostile_fact_stays_text_in_every_mail);
    return s;
}
