#include "core/digest.h"
#include "core/id.h"
#include "core/limits.h"
#include "portal/portal.h"
#include "refund/keys.h"
#include "rig.h"
#include "support/suite.h"
#include <string.h>

#define PAGE "/settings/api-keys"

struct lookup {
    uint8_t hash[DIGEST_BYTES];
    int64_t now_ms;
    struct api_key key;
    enum rc rc;
};

static enum rc find_key(struct sql *q, void *arg, struct err *e)
{
    struct lookup *l = arg;
    (void)e;
    struct err none;
    l->rc = api_keys_get(q, desk.arena, l->hash, l->now_ms, &l->key, &none);
    return RC_OK;
}

/* As the API does with what a client sends. */
static struct lookup look_up(const char *text, int64_t now_ms)
{
    struct lookup l = {.now_ms = now_ms};
    digest_sha256(text, strlen(text), l.hash);
    desk_look(find_key, &l);
    return l;
}

static char *form_of(const char *page, const char *rest)
{
    return arena_printf(desk.arena, "id=%s&%s", rig_input(page, "id"), rest);
}

/* The text between the tags of the page that shows it. */
static char *key_on(const char *html)
{
    const char *at = strstr(html, "data-once>");
    ck_assert_msg(at != NULL, "no key in: %s", html);
    at += strlen("data-once>");
    return arena_strndup(desk.arena, at, strcspn(at, "<"));
}

static const char *make_key(const char *rest)
{
    const char *page = rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, "Make a key");
    return key_on(rig_expect(rig_ask(RIG_ADMIN, PAGE, form_of(page, rest)), 200, "Copy it now"));
}

START_TEST(without_keys_the_page_says_what_they_are_for)
{
    const char *html = rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, "No API key yet");
    rig_has(html, "name=\"scope_read\" value=\"1\" checked");
    rig_has(html, "Create, cancel and sync refunds");
    html = rig_expect(rig_ask(RIG_SETTINGS_ONLY, PAGE, NULL), 200, "No API key yet");
    rig_lacks(html, "Make a key");
}
END_TEST

START_TEST(a_key_is_shown_once_and_works)
{
    const char *text = make_key("name=web+shop&scope_read=1&scope_refund=1&days=30");
    ck_assert_uint_eq(strlen(text), 47);
    struct lookup l = look_up(text, RIG_NOW_MS);
    ck_assert_int_eq(l.rc, RC_OK);
    ck_assert_int_eq(l.key.scopes, SCOPE_READ | SCOPE_REFUND);
    ck_assert_int_eq(l.key.merchant, desk.merchant);
    ck_assert_int_eq(l.key.expires_ms, RIG_NOW_MS + 30 * CLOCK_DAY_MS);
    ck_assert_int_eq(look_up(text, l.key.expires_ms).rc, RC_NOT_FOUND);

    const char *html = rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, "web shop");
    rig_lacks(html, text);
    rig_has(html, arena_printf(desk.arena, "%.12s…", text));
    rig_has(html, "read,refund");
    rig_has(html, "Active");
}
END_TEST

START_TEST(the_answer_is_kept_nowhere)
{
    const char *page = rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, NULL);
    struct reply made = rig_ask(RIG_ADMIN, PAGE, form_of(page, "name=a&scope_read=1"));
    struct req r = {.request_id = "x"};
    struct buf head;
    buf_init(&head, desk.arena);
    reply_head(&head, &r, &made);
    rig_has(buf_text(&head), "Cache-Control: no-store");
    rig_lacks(buf_text(&head), "rdk_");
    ck_assert_ptr_null(made.location);
}
END_TEST

START_TEST(the_same_form_again_makes_no_second_key)
{
    const char *page = rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, NULL);
    const char *form = form_of(page, "name=once&scope_read=1");
    rig_expect(rig_ask(RIG_ADMIN, PAGE, form), 200, "Copy it now");
    struct reply again = rig_ask(RIG_ADMIN, PAGE, form);
    rig_expect(again, 303, NULL);
    const char *html =
        rig_expect(rig_ask(RIG_ADMIN, again.location, NULL), 200, "Nothing was done twice.");
    const char *first = strstr(html, "<b>once</b>");
    ck_assert_ptr_nonnull(first);
    ck_assert_ptr_null(strstr(first + 1, "<b>once</b>"));
}
END_TEST

START_TEST(faults_stand_beside_their_fields_and_nothing_is_made)
{
    static const struct {
        const char *rest, *words;
    } rows[] = {
        {"name=&scope_read=1", "A name has 1 to 100 printable ASCII characters."},
        {"name=caf%C3%A9&scope_read=1", "A name has 1 to 100"},
        {"name=a", "What it may do is missing: choose at least one."},
        {"name=a&scope_read=1&days=0", "The number of days is a whole number from 1 to 3650"},
        {"name=a&scope_read=1&days=3651", "The number of days"},
        {"name=a&scope_read=1&days=1.5", "The number of days"},
    };
    const char *page = rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *html =
            rig_expect(rig_ask(RIG_ADMIN, PAGE, form_of(page, rows[i].rest)), 200, rows[i].words);
        rig_has(html, "No key was made.");
        rig_has(html, "No API key yet");
    }
}
END_TEST

START_TEST(a_form_without_its_id_or_with_one_to_come_is_shown_again)
{
    static const char *const ids[] = {"", "id=&", "id=0000000000000&", "id=7zzzzzzzzzzzz&",
                                      "id=nonsense&"};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        rig_expect(
            rig_ask(RIG_ADMIN, PAGE, arena_printf(desk.arena, "%sname=a&scope_read=1", ids[i])),
            200, "No key was made.");
}
END_TEST

START_TEST(revoking_asks_first_and_then_refuses_the_key)
{
    const char *text = make_key("name=old+till&scope_intake=1");
    struct lookup l = look_up(text, RIG_NOW_MS);
    const char *path = arena_printf(desk.arena, PAGE "/%s/revoke", id_text(desk.arena, l.key.id));

    const char *asked = rig_expect(rig_ask(RIG_ADMIN, path, ""), 200, "Revoke this API key?");
    rig_has(asked, "old till");
    rig_has(asked, "Demo Merchant");
    rig_has(asked, "it was never used");
    rig_expect(rig_ask(RIG_ADMIN, path, "step=edit"), 303, NULL);
    ck_assert_int_eq(look_up(text, RIG_NOW_MS).rc, RC_OK);

    struct reply done = rig_ask(RIG_ADMIN, path, "step=confirmed");
    rig_expect(done, 303, NULL);
    ck_assert_int_eq(look_up(text, RIG_NOW_MS).rc, RC_NOT_FOUND);
    const char *html = rig_expect(rig_ask(RIG_ADMIN, done.location, NULL), 200, "Revoked.");
    rig_lacks(html, arena_printf(desk.arena, "action=\"%s\"", path));
    rig_expect(rig_ask(RIG_ADMIN, path, "step=confirmed"), 404, "revoked already");
}
END_TEST

static enum rc insert_other(struct sql *q, void *arg, struct err *e)
{
    return keys_insert(q, desk.arena, arg, e);
}

START_TEST(keys_of_another_merchant_are_out_of_reach)
{
    struct key_made k = {0};
    keys_new(desk.arena, &k);
    k.key.id = id_new();
    k.key.merchant = rig_other_merchant();
    k.key.name = "theirs";
    k.key.scopes = SCOPE_READ;
    k.key.created_ms = RIG_NOW_MS;
    desk_write(insert_other, &k);
    const char *id = id_text(desk.arena, k.key.id);
    rig_lacks(rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, NULL), "theirs");
    const char *path = arena_printf(desk.arena, PAGE "/%s/revoke", id);
    rig_expect(rig_ask(RIG_ADMIN, path, ""), 404, NULL);
    rig_expect(rig_ask(RIG_ADMIN, path, "step=confirmed"), 404, NULL);
    rig_expect(rig_ask(RIG_ADMIN, PAGE, arena_printf(desk.arena, "id=%s&name=a&scope_read=1", id)),
               409, "open it again");
}
END_TEST

START_TEST(who_may_only_read_neither_makes_nor_revokes)
{
    const char *text = make_key("name=a&scope_read=1");
    struct lookup l = look_up(text, RIG_NOW_MS);
    const char *html = rig_expect(rig_ask(RIG_SETTINGS_ONLY, PAGE, NULL), 200, "rdk_");
    rig_lacks(html, "Revoke");
    rig_lacks(html, "Make a key");
    rig_expect(rig_ask(RIG_SETTINGS_ONLY, PAGE, "name=a&scope_read=1"), 403, NULL);
    rig_expect(rig_ask(RIG_SETTINGS_ONLY,
                       arena_printf(desk.arena, PAGE "/%s/revoke", id_text(desk.arena, l.key.id)),
                       "step=confirmed"),
               403, NULL);
    rig_expect(rig_ask(RIG_MAKER, PAGE, NULL), 403, NULL);
    ck_assert_int_eq(look_up(text, RIG_NOW_MS).rc, RC_OK);
}
END_TEST

static enum rc insert_many(struct sql *q, void *arg, struct err *e)
{
    enum rc rc = RC_OK;
    const int *count = arg;
    for (int i = 0; rc == RC_OK && i < *count; i++) {
        struct key_made k = {0};
        keys_new(desk.arena, &k);
        k.key.id = id_new();
        k.key.merchant = desk.merchant;
        k.key.name = "one of many";
        k.key.scopes = SCOPE_READ;
        k.key.created_ms = RIG_NOW_MS;
        rc = keys_insert(q, desk.arena, &k, e);
    }
    return rc;
}

START_TEST(one_usable_key_too_many_is_refused)
{
    int count = LIMIT_API_KEYS_USABLE - 1;
    const char *page = rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, NULL);
    const char *late = form_of(page, "name=late&scope_read=1");
    desk_write(insert_many, &count);
    make_key("name=last&scope_read=1");
    rig_expect(rig_ask(RIG_ADMIN, PAGE, late), 409, "50 API keys can be used already");
    const char *html = rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, "Revoke one first.");
    rig_lacks(html, "Make the key");
    ck_assert_uint_lt(strlen(html), 50000);
}
END_TEST

suite_fn t_api_keys_suite;

Suite *t_api_keys_suite(void)
{
    TCase *t;
    Suite *s = suite_of("api_keys", &t);
    tcase_add_checked_fixture(t, rig_open, rig_close);
    tcase_add_test(t, without_keys_the_page_says_what_they_are_for);
    tcase_add_test(t, a_key_is_shown_once_and_works);
    tcase_add_test(t, the_answer_is_kept_nowhere);
    tcase_add_test(t, the_same_form_again_makes_no_second_key);
    tcase_add_test(t, faults_stand_beside_their_fields_and_nothing_is_made);
    tcase_add_test(t, a_form_without_its_id_or_with_one_to_come_is_shown_again);
    tcase_add_test(t, revoking_asks_first_and_then_refuses_the_key);
    tcase_add_test(t, keys_of_another_merchant_are_out_of_reach);
    tcase_add_test(t, who_may_only_read_neither_makes_nor_revokes);
    tcase_add_test(t, one_usable_key_too_many_is_refused);
    return s;
}
