#include "core/limits.h"
#include "endpoints.h"
#include "support/suite.h"
#include <stdio.h>
#include <string.h>

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

/* ---- two people --------------------------------------------------------------------------------
 */

/* The fields of a form that was opened now. */
static char *shown_by_form(struct made m)
{
    static const char *const fields[] = {"url", "sign_in", "headers", "events", "any_2xx", "state"};
    const char *page = rig_expect(act(m, "edit", NULL), 200, "Change the endpoint");
    char *form = arena_strdup(desk.arena, "");
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        const char *name = arena_printf(desk.arena, "shown_%s", fields[i]);
        form = arena_printf(desk.arena, "%s&%s=%s", form, name, rig_input(page, name));
    }
    return form;
}

static const char *edited(const char *rest, const char *shown)
{
    return arena_printf(desk.arena, "%s%s", rest, shown);
}

#define KEEP_BOTH "&sign_in=keep&headers=keep"

START_TEST(nobody_overwrites_what_another_changed_meanwhile)
{
    static const struct {
        const char *theirs, *said;
    } rows[] = {
        {"url=https%3A%2F%2Fshop.example%2Fnew" KEEP_BOTH "&event_ORDER_FAILED=1",
         "The address was changed meanwhile and is now https://shop.example/new."},
        {URL_FORM "&sign_in=replace&username=desk&password=other&headers=keep&event_ORDER_FAILED=1",
         "The sign-in was changed meanwhile and is now “desk” with a password of its own."},
        {URL_FORM "&sign_in=none&headers=keep&event_ORDER_FAILED=1",
         "The sign-in was changed meanwhile and is now none."},
        {URL_FORM "&sign_in=keep&headers=replace&header_name_1=X-Till&header_value_1=v"
                  "&event_ORDER_FAILED=1",
         "The headers were changed meanwhile and are now X-Till, with values of their own."},
        {URL_FORM KEEP_BOTH "&event_ORDER_REFUNDED=1&event_ORDER_SUCCEEDED=1",
         "The events were changed meanwhile and are now ORDER_SUCCEEDED, ORDER_REFUNDED."},
        {URL_FORM KEEP_BOTH "&event_ORDER_FAILED=1&any_2xx=on",
         "The switch was changed meanwhile and is now on."},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct made m = make_with_secrets();
        const char *mine = URL_FORM KEEP_BOTH "&event_ORDER_FAILED=1&event_TXN_CHARGED=1";
        const char *form = edited(mine, shown_by_form(m));
        rig_expect(act(m, "edit", edited(rows[i].theirs, shown_by_form(m))), 303, NULL);
        struct look theirs = look_at(m.id);
        const char *html = rig_expect(act(m, "edit", form), 200, "Nothing was saved.");
        rig_has(html, rows[i].said);
        rig_has(html, "saving it again overwrites theirs");
        rig_has(html, "name=\"event_TXN_CHARGED\" value=\"1\" checked");
        struct look now = look_at(m.id);
        ck_assert_str_eq(now.endpoint.url, theirs.endpoint.url);
        ck_assert_int_eq(now.n_events, theirs.n_events);
    }
}
END_TEST

START_TEST(who_has_seen_it_overwrites_it)
{
    struct made m = make();
    const char *old = shown_by_form(m);
    const char *mine = "url=https%3A%2F%2Fshop.example%2Fmine&event_ORDER_FAILED=1";
    rig_expect(act(m, "edit", URL_FORM "&event_TXN_CREATED=1"), 303, NULL);
    const char *html = rig_expect(act(m, "edit", edited(mine, old)), 200, "are now TXN_CREATED.");
    ck_assert_str_eq(rig_input(html, "shown_events"), "TXN_CREATED");
    rig_expect(act(m, "edit", edited(mine, shown_by_form(m))), 303, NULL);
    ck_assert_str_eq(look_at(m.id).endpoint.url, "https://shop.example/mine");
}
END_TEST

START_TEST(a_form_from_before_it_was_disabled_does_not_enable_it)
{
    struct made m = make();
    const char *form = edited(URL_FORM "&event_TXN_CREATED=1", shown_by_form(m));
    rig_expect(act(m, "disable", "step=confirmed"), 303, NULL);
    rig_expect(act(m, "edit", form), 200,
               "The endpoint was changed meanwhile and is now disabled (Disabled by admin).");
    ck_assert_str_eq(look_at(m.id).endpoint.state, "DISABLED");
    form = edited(URL_FORM "&event_TXN_CREATED=1", shown_by_form(m));
    rig_expect(act(m, "edit", form), 303, NULL);
    ck_assert_str_eq(look_at(m.id).endpoint.state, "ACTIVE");
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

suite_fn t_webhooks_suite;

Suite *t_webhooks_suite(void)
{
    TCase *t;
    Suite *s = suite_of("webhooks", &t);
    tcase_add_checked_fixture(t, endpoints_open, rig_close);
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
    tcase_add_test(t, nobody_overwrites_what_another_changed_meanwhile);
    tcase_add_test(t, who_has_seen_it_overwrites_it);
    tcase_add_test(t, a_form_from_before_it_was_disabled_does_not_enable_it);
    tcase_add_test(t, rotating_asks_first_and_the_old_secret_signs_along);
    tcase_add_test(t, a_secret_can_stop_at_once);
    return s;
}
