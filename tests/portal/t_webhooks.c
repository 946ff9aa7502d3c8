#include "core/id.h"
#include "core/json.h"
#include "core/limits.h"
#include "portal/portal.h"
#include "refund/endpoint_form.h"
#include "rig.h"
#include "store/webhooks.h"
#include "support/suite.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PAGE     "/settings/webhooks"
#define URL_FORM "url=https%3A%2F%2Fshop.example%2Fhooks"
#define PASSWORD "not-for-anybodys-eyes"
#define VALUE    "a-value-that-is-secret"

static struct seal_secret worker;

/* Keys of its own, so that what is sealed can be opened as the worker does. */
static void keys_open(void)
{
    struct err e;
    rig_open();
    const char *secret = arena_printf(desk.arena, "%s/worker.key", desk.folder);
    const char *pub = arena_printf(desk.arena, "%s/worker.pub", desk.folder);
    ck_assert_int_eq(secret_keys_create(secret, pub, &e), RC_OK);
    ck_assert_int_eq(secret_load_secret(secret, &worker, &e), RC_OK);
    rig_app.worker_key = worker.pub;
}

struct look {
    int64_t id;
    struct endpoint endpoint;
    const char **events;
    int n_events;
    struct delivery *rows;
    int n_rows;
};

static enum rc look_fn(struct sql *q, void *arg, struct err *e)
{
    struct look *l = arg;
    enum rc rc = endpoints_get(q, desk.arena, desk.merchant, l->id, &l->endpoint, e);
    if (rc == RC_OK)
        rc = endpoints_events(q, desk.arena, desk.merchant, l->id, &l->events, &l->n_events, e);
    return rc == RC_OK ? deliveries_list(q, desk.arena, l->id, NULL, 0, 0, LIMIT_PAGE_ROWS,
                                         &l->rows, &l->n_rows, e)
                       : rc;
}

static struct look look_at(int64_t id)
{
    struct look l = {.id = id};
    desk_look(look_fn, &l);
    return l;
}

static const char *open_sealed(struct sealed s)
{
    size_t n;
    return s.bytes ? secret_open(desk.arena, &worker, s.bytes, s.n, &n) : NULL;
}

static char *between(const char *html, const char *before, const char *end)
{
    const char *at = strstr(html, before);
    ck_assert_msg(at != NULL, "no %s in: %s", before, html);
    at += strlen(before);
    return arena_strndup(desk.arena, at, strcspn(at, end));
}

static char *with_id(const char *rest)
{
    const char *page = rig_expect(rig_ask(RIG_ADMIN, PAGE "/new", NULL), 200, "New endpoint");
    return arena_printf(desk.arena, "id=%s&%s", rig_input(page, "id"), rest);
}

struct made {
    int64_t id;
    const char *path, *secret;
};

static struct made make_with(const char *rest)
{
    struct made m;
    const char *html =
        rig_expect(rig_ask(RIG_ADMIN, PAGE "/new", with_id(rest)), 200, "Copy it now");
    m.secret = between(html, "data-once>", "<");
    m.path =
        arena_printf(desk.arena, PAGE "/%s", between(html, "btn-primary\" href=\"" PAGE "/", "\""));
    ck_assert(id_parse(m.path + strlen(PAGE "/"), &m.id));
    return m;
}

static struct made make(void)
{
    return make_with(URL_FORM "&event_ORDER_REFUNDED=1&event_ORDER_FAILED=1");
}

static struct reply act(struct made m, const char *path, const char *body)
{
    return rig_ask(RIG_ADMIN, arena_printf(desk.arena, "%s/%s", m.path, path), body);
}

static struct made make_with_secrets(void)
{
    return make_with(URL_FORM
                     "&event_ORDER_FAILED=1&sign_in=replace&username=desk&password=" PASSWORD
                     "&headers=replace&header_name_1=X-Shop&header_value_1=" VALUE);
}

/* ---- making one --------------------------------------------------------------------------------
 */

START_TEST(without_endpoints_the_page_says_what_they_are_for)
{
    rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, "Make the first endpoint");
    const char *html = rig_expect(rig_ask(RIG_SETTINGS_ONLY, PAGE, NULL), 200, "No endpoint yet");
    rig_lacks(html, PAGE "/new");
}
END_TEST

START_TEST(the_vendors_events_are_ticked_for_a_new_one)
{
    const char *html = rig_expect(rig_ask(RIG_ADMIN, PAGE "/new", NULL), 200, NULL);
    rig_has(html, "name=\"event_ORDER_REFUNDED\" value=\"1\" checked");
    rig_has(html, "name=\"event_TXN_CREATED\" value=\"1\">");
}
END_TEST

START_TEST(a_new_one_is_active_and_its_secret_is_shown_once)
{
    struct made m = make();
    struct look l = look_at(m.id);
    ck_assert(str_starts(m.secret, "whsec_"));
    ck_assert_str_eq(open_sealed(l.endpoint.secret), m.secret);
    ck_assert_str_eq(l.endpoint.state, "ACTIVE");
    ck_assert_str_eq(l.endpoint.url, "https://shop.example/hooks");
    ck_assert_int_eq(l.n_events, 2);
    ck_assert_ptr_null(l.endpoint.username);
    rig_lacks(rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, "2 of 13 events"), m.secret);
    rig_lacks(rig_expect(rig_ask(RIG_ADMIN, m.path, NULL), 200, "Nothing was sent yet"), m.secret);
}
END_TEST

START_TEST(the_same_form_again_makes_no_second_one)
{
    const char *form = with_id(URL_FORM "&event_ORDER_FAILED=1");
    rig_expect(rig_ask(RIG_ADMIN, PAGE "/new", form), 200, "Copy it now");
    struct reply again = rig_ask(RIG_ADMIN, PAGE "/new", form);
    rig_expect(again, 303, NULL);
    rig_expect(rig_ask(RIG_ADMIN, again.location, NULL), 200, "Nothing was done twice.");
}
END_TEST

START_TEST(faults_stand_beside_their_fields_and_nothing_is_made)
{
    static const struct {
        const char *rest, *words;
    } rows[] = {
        {"event_ORDER_FAILED=1", "The address is missing."},
        {"url=javascript%3Aalert(1)&event_ORDER_FAILED=1", "must begin with https://"},
        {"url=http%3A%2F%2Fshop.example%2F&event_ORDER_FAILED=1", "must begin with https://"},
        {"url=https%3A%2F%2Fa%3Ab%40shop.example%2F&event_ORDER_FAILED=1", "has a user name in it"},
        {"url=https%3A%2F%2F&event_ORDER_FAILED=1", "has no host"},
        {"url=https%3A%2F%2Fshop.example%2F%0D%0AX&event_ORDER_FAILED=1", "percent-encoded"},
        {URL_FORM, "The events are missing: choose at least one."},
        {URL_FORM "&event_ORDER_FAILED=1&sign_in=replace&username=a%3Ab&password=c", "a colon"},
        {URL_FORM "&event_ORDER_FAILED=1&sign_in=replace&username=a%0D%0Ab&password=c",
         "control character"},
        {URL_FORM "&event_ORDER_FAILED=1&sign_in=replace&username=a", "The password is missing."},
        {URL_FORM "&event_ORDER_FAILED=1&headers=replace", "write at least one"},
        {URL_FORM "&event_ORDER_FAILED=1&headers=replace&header_name_1=Host&header_value_1=x",
         "number 1 has a name that the desk sets itself"},
        {URL_FORM "&event_ORDER_FAILED=1&headers=replace&header_name_1=X-A&header_value_1=a%0D%0AX",
         "line break"},
        {URL_FORM "&event_ORDER_FAILED=1&headers=replace&header_name_1=X-A%0D%0AX&header_value_1=a",
         "no header name has"},
        {URL_FORM
         "&event_ORDER_FAILED=1&headers=replace&header_name_1=X-A&header_value_1=a&header_name_9="
         "x-a&header_value_9=a",
         "number 2 stands here twice"},
        {URL_FORM "&event_ORDER_FAILED=1&headers=replace&header_name_1=X-A", "has no value"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *html =
            rig_expect(rig_ask(RIG_ADMIN, PAGE "/new", with_id(rows[i].rest)), 200, rows[i].words);
        rig_has(html, "Nothing was saved.");
    }
    rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, "No endpoint yet");
}
END_TEST

START_TEST(plain_http_is_taken_where_the_configuration_allows_it)
{
    rig_app.config.webhook_allow_private = true;
    struct made m = make_with("url=http%3A%2F%2F127.0.0.1%3A9%2Fx&event_ORDER_FAILED=1");
    ck_assert_str_eq(look_at(m.id).endpoint.url, "http://127.0.0.1:9/x");
}
END_TEST

START_TEST(one_endpoint_too_many_is_refused)
{
    const char *late = with_id(URL_FORM "&event_ORDER_FAILED=1");
    for (int i = 0; i < LIMIT_ENDPOINTS; i++)
        make();
    rig_expect(rig_ask(RIG_ADMIN, PAGE "/new", late), 409, "delete one first");
    rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, "As many as a merchant may have");
}
END_TEST

/* ---- what must not be seen ---------------------------------------------------------------------
 */

/* In what the database has written so far, of the log too. */
static bool is_stored(const char *words)
{
    static const char *const names[] = {"refunddesk.db", "refunddesk.db-wal"};
    static char bytes[8u << 20];
    bool found = false;
    for (size_t i = 0; i < 2; i++) {
        FILE *f = fopen(arena_printf(desk.arena, "%s/%s", desk.folder, names[i]), "rb");
        if (!f)
            continue;
        size_t n = fread(bytes, 1, sizeof bytes, f);
        ck_assert(n < sizeof bytes);
        found = found || memmem(bytes, n, words, strlen(words));
        ck_assert_int_eq(fclose(f), 0);
    }
    return found;
}

START_TEST(what_identifies_the_desk_is_sealed_and_never_shown)
{
    struct made m = make_with_secrets();
    struct look l = look_at(m.id);
    ck_assert_str_eq(open_sealed(l.endpoint.password), PASSWORD);
    ck_assert_str_eq(open_sealed(l.endpoint.header_values), "{\"X-Shop\":\"" VALUE "\"}");
    ck_assert_str_eq(l.endpoint.headers, "[\"X-Shop\"]");

    const char *pages[] = {"", "/edit"};
    for (size_t i = 0; i < 2; i++) {
        const char *path = arena_printf(desk.arena, "%s%s", m.path, pages[i]);
        const char *html = rig_expect(rig_ask(RIG_ADMIN, path, NULL), 200, "X-Shop");
        rig_lacks(html, PASSWORD);
        rig_lacks(html, VALUE);
    }
    ck_assert(is_stored("shop.example"));
    ck_assert(!is_stored(PASSWORD));
    ck_assert(!is_stored(VALUE));
    ck_assert(!is_stored(m.secret));
}
END_TEST

START_TEST(a_form_with_faults_sends_no_password_back)
{
    const char *html =
        rig_expect(rig_ask(RIG_ADMIN, PAGE "/new",
                           with_id("url=x&sign_in=replace&username=desk&password=" PASSWORD
                                   "&headers=replace&header_name_1=X-Shop&header_value_1=" VALUE)),
                   200, "Nothing was saved.");
    rig_has(html, "value=\"desk\"");
    rig_lacks(html, PASSWORD);
    rig_lacks(html, VALUE);
}
END_TEST

/* ---- changing one ------------------------------------------------------------------------------
 */

START_TEST(a_change_keeps_what_it_is_told_to_keep)
{
    struct made m = make_with_secrets();
    rig_expect(act(m, "edit",
                   "url=https%3A%2F%2FSHOP.example%3A443%2Fother&sign_in=keep&headers=keep&any_2xx="
                   "on&event_TXN_CHARGED=1"),
               303, NULL);
    struct look l = look_at(m.id);
    ck_assert_str_eq(l.endpoint.url, "https://SHOP.example:443/other");
    ck_assert(l.endpoint.any_2xx);
    ck_assert_str_eq(open_sealed(l.endpoint.password), PASSWORD);
    ck_assert_str_eq(open_sealed(l.endpoint.secret), m.secret);
    ck_assert_int_eq(l.n_events, 1);
    ck_assert_str_eq(l.events[0], "TXN_CHARGED");

    rig_expect(act(m, "edit", URL_FORM "&sign_in=none&headers=none&event_ORDER_FAILED=1"), 303,
               NULL);
    l = look_at(m.id);
    ck_assert_ptr_null(l.endpoint.username);
    ck_assert_ptr_null(l.endpoint.password.bytes);
    ck_assert_ptr_null(l.endpoint.header_values.bytes);
    ck_assert_str_eq(l.endpoint.headers, "[]");
}
END_TEST

START_TEST(a_kept_password_never_goes_to_another_host)
{
    static const char *const others[] = {"https%3A%2F%2Fevil.example%2F",
                                         "https%3A%2F%2Fshop.example%3A8443%2Fhooks",
                                         "https%3A%2F%2Fshop.example.evil.example%2F"};
    struct made m = make_with_secrets();
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        const char *form = arena_printf(
            desk.arena, "url=%s&sign_in=keep&headers=keep&event_ORDER_FAILED=1", others[i]);
        const char *html = rig_expect(act(m, "edit", form), 200, "is for another host");
        rig_has(html, "are for another host");
    }
    ck_assert_str_eq(look_at(m.id).endpoint.url, "https://shop.example/hooks");
}
END_TEST

START_TEST(a_form_that_changes_nothing_says_so)
{
    struct made m = make();
    struct reply p =
        act(m, "edit",
            URL_FORM "&sign_in=none&headers=none&event_ORDER_REFUNDED=1&event_ORDER_FAILED=1");
    rig_expect(p, 303, NULL);
    rig_expect(rig_ask(RIG_ADMIN, p.location, NULL), 200, "Nothing was changed.");
}
END_TEST

/* ---- the signing secret ------------------------------------------------------------------------
 */

static char *rotation(struct made m, const char *old)
{
    const char *page = rig_expect(rig_ask(RIG_ADMIN, m.path, NULL), 200, NULL);
    return arena_printf(desk.arena, "step=confirmed&old=%s&seen=%s", old, rig_input(page, "seen"));
}

START_TEST(rotating_asks_first_and_the_old_secret_signs_along)
{
    struct made m = make();
    rig_expect(act(m, "rotate", "old=24h&seen=1"), 200, "signs along for 24 hours more");
    const char *form = rotation(m, "24h");
    const char *html = rig_expect(act(m, "rotate", form), 200, "Copy it now");
    struct look l = look_at(m.id);
    ck_assert_str_eq(open_sealed(l.endpoint.secret), between(html, "data-once>", "<"));
    ck_assert_str_eq(open_sealed(l.endpoint.old_secret), m.secret);
    ck_assert_int_eq(l.endpoint.old_until_ms, RIG_NOW_MS + CLOCK_DAY_MS);
    rig_has(html, "22 Nov 2026, 14:31:07 IST");
    rig_expect(rig_ask(RIG_ADMIN, m.path, NULL), 200, "signs along until");

    rig_expect(act(m, "rotate", form), 409, "rotated by the same form");
    ck_assert_str_eq(open_sealed(look_at(m.id).endpoint.old_secret), m.secret);
}
END_TEST

START_TEST(a_secret_can_stop_at_once)
{
    struct made m = make();
    rig_expect(act(m, "rotate", rotation(m, "now")), 200, "Copy it now");
    struct look l = look_at(m.id);
    ck_assert_ptr_null(l.endpoint.old_secret.bytes);
    ck_assert_int_eq(l.endpoint.old_until_ms, 0);
    rig_expect(act(m, "rotate", "old=9h&seen=1"), 400, NULL);
    rig_expect(act(m, "rotate", "old=1h&step=confirmed&seen=x"), 400, NULL);
}
END_TEST

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
    ck_assert_int_eq(l.n_events, 0);
    const char *resend =
        arena_printf(desk.arena, "deliveries/%s/resend", id_text(desk.arena, d.id));
    rig_expect(act(m, resend, ""), 409, "disabled");

    rig_expect(act(m, "edit", NULL), 200, "Save and enable");
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

suite_fn t_webhooks_suite;

Suite *t_webhooks_suite(void)
{
    TCase *t;
    Suite *s = suite_of("webhooks", &t);
    tcase_add_checked_fixture(t, keys_open, rig_close);
    tcase_add_test(t, without_endpoints_the_page_says_what_they_are_for);
    tcase_add_test(t, the_vendors_events_are_ticked_for_a_new_one);
    tcase_add_test(t, a_new_one_is_active_and_its_secret_is_shown_once);
    tcase_add_test(t, the_same_form_again_makes_no_second_one);
    tcase_add_test(t, faults_stand_beside_their_fields_and_nothing_is_made);
    tcase_add_test(t, plain_http_is_taken_where_the_configuration_allows_it);
    tcase_add_test(t, one_endpoint_too_many_is_refused);
    tcase_add_test(t, what_identifies_the_desk_is_sealed_and_never_shown);
    tcase_add_test(t, a_form_with_faults_sends_no_password_back);
    tcase_add_test(t, a_change_keeps_what_it_is_told_to_keep);
    tcase_add_test(t, a_kept_password_never_goes_to_another_host);
    tcase_add_test(t, a_form_that_changes_nothing_says_so);
    tcase_add_test(t, rotating_asks_first_and_the_old_secret_signs_along);
    tcase_add_test(t, a_secret_can_stop_at_once);
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
