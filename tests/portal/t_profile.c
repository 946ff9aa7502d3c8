#include "core/limits.h"
#include "core/str.h"
#include "refund/occasion.h"
#include "rig.h"
#include "store/audit.h"
#include "store/mails.h"
#include "store/users.h"
#include "support/suite.h"
#include <string.h>

#define PAGE  "/profile"
#define MAILS "/profile/mails"

struct stored {
    const char *name;
    struct mail_choice choice;
};

static enum rc read_choice(struct sql *q, void *arg, struct err *e)
{
    struct stored *s = arg;
    struct user u;
    enum rc rc = users_by_name(q, desk.arena, s->name, &u, e);
    return rc == RC_OK ? mails_choice(q, desk.arena, u.id, &s->choice, e) : rc;
}

static struct mail_choice choice_of(const char *name)
{
    struct stored s = {.name = name};
    desk_look(read_choice, &s);
    return s.choice;
}

struct audit_count {
    int64_t entries, broken;
};

static enum rc count_audit(struct sql *q, void *arg, struct err *e)
{
    struct audit_count *c = arg;
    return audit_verify(q, desk.arena, desk.merchant, &c->entries, &c->broken, e);
}

static int64_t audit_entries(void)
{
    struct audit_count c = {0};
    desk_look(count_audit, &c);
    return c.entries;
}

static void saved(struct reply p, const char *done)
{
    rig_expect(p, 303, NULL);
    ck_assert_str_eq(p.location, arena_printf(desk.arena, PAGE "?done=%s", done));
}

START_TEST(says_who_one_is_and_what_one_may)
{
    const char *html = rig_expect(rig_ask(RIG_VIEWER, PAGE, NULL), 200, "<dt>Role</dt><dd>viewer<");
    rig_has(html, "<dt>Name</dt><dd>viewer<");
    rig_has(html, "<dt>Merchant</dt><dd>Demo Merchant<");
    rig_has(html, "<dt>Orders</dt><dd>Read<");
    rig_has(html, "<dt>Settings</dt><dd>None<");
    rig_has(rig_expect(rig_ask(RIG_MAKER, PAGE, NULL), 200, NULL),
            "<dt>Refunds, batches</dt><dd>Read and write<");
    rig_has(rig_expect(rig_ask(RIG_VIEWER, "/orders", NULL), 200, NULL), "href=\"/profile\"");
}
END_TEST

START_TEST(offers_only_what_the_rights_allow)
{
    for (int i = 0; i < OCCASION_COUNT; i++) {
        const char *box = arena_printf(desk.arena, "name=\"mail_%s\"", occasion_row(i)->name);
        rig_has(rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, NULL), box);
    }
    const char *html = rig_expect(rig_ask(RIG_VIEWER, PAGE, NULL), 200, "mail_manual_review");
    rig_lacks(html, "mail_approval_requested");
    rig_lacks(html, "mail_endpoint_disabled");
    rig_lacks(html, "Those of your own");
    rig_has(rig_expect(rig_ask(RIG_MAKER, PAGE, NULL), 200, NULL), "Those of your own");
    html = rig_expect(rig_ask(RIG_ORDERS_ONLY, PAGE, NULL), 200, "mail_status_conflict");
    rig_lacks(html, "mail_manual_review");
}
END_TEST

START_TEST(one_who_never_chose_is_offered_what_needs_a_person)
{
    const char *html = rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, NULL);
    ck_assert_str_eq(rig_input(html, "email"), "");
    rig_has(html, "name=\"mail_manual_review\" value=\"1\" checked");
    rig_has(html, "name=\"mail_auto_refund_done\" value=\"1\">");
    ck_assert_ptr_null(choice_of("admin").email);
}
END_TEST

START_TEST(saves_the_choice_with_an_audit_row_and_says_so)
{
    saved(rig_ask(RIG_VIEWER, MAILS, "email=+ann%40example.com+&mail_day_7=1&mail_rejected=1"),
          "saved");
    struct mail_choice c = choice_of("viewer");
    ck_assert_str_eq(c.email, "ann@example.com");
    ck_assert_int_eq(c.n_kinds, 2);
    ck_assert_str_eq(c.kinds[0], "day_7");
    ck_assert_str_eq(c.kinds[1], "rejected");
    ck_assert_int_eq(audit_entries(), 1);
    const char *html = rig_expect(rig_ask(RIG_VIEWER, PAGE "?done=saved", NULL), 200, "Saved.");
    rig_has(html, "Your mails go to ann@example.com.");
    ck_assert_str_eq(rig_input(html, "email"), "ann@example.com");
    rig_has(html, "name=\"mail_day_7\" value=\"1\" checked");
    rig_has(html, "name=\"mail_manual_review\" value=\"1\">");
    saved(rig_ask(RIG_VIEWER, MAILS, "email=ann%40example.com&mail_rejected=1&mail_day_7=1"),
          "same");
    ck_assert_int_eq(audit_entries(), 1);
    saved(rig_ask(RIG_VIEWER, MAILS, "email=&mail_rejected=1"), "saved");
    ck_assert_ptr_null(choice_of("viewer").email);
    rig_expect(rig_ask(RIG_VIEWER, PAGE "?done=saved", NULL), 200, "you get no mails");
    ck_assert_ptr_null(choice_of("maker").email);
}
END_TEST

START_TEST(says_where_mails_go)
{
    rig_expect(rig_ask(RIG_VIEWER, PAGE, NULL), 200,
               "mails are written to the folder mail of the instance");
    rig_app.config.mail_host = "smtp.example.com";
    rig_lacks(rig_expect(rig_ask(RIG_VIEWER, PAGE, NULL), 200, "mail server smtp.example.com."),
              "folder");
}
END_TEST

START_TEST(what_the_rights_do_not_allow_is_not_chosen)
{
    saved(rig_ask(RIG_VIEWER, MAILS,
                  "email=ann%40example.com&mail_approval_requested=1&mail_endpoint_disabled=1&"
                  "mail_nonsense=1&mail_day_7=1"),
          "saved");
    struct mail_choice c = choice_of("viewer");
    ck_assert_int_eq(c.n_kinds, 1);
    ck_assert_str_eq(c.kinds[0], "day_7");
}
END_TEST

START_TEST(a_bad_address_stays_as_typed_with_what_is_wrong_beside_it)
{
    const char *html =
        rig_expect(rig_ask(RIG_VIEWER, MAILS, "email=%22%3E%3Cb%3Eann&mail_rejected=1"), 200,
                   "Nothing was saved.");
    rig_has(html, "id=\"email-error\">The address ");
    rig_has(html, "aria-describedby=\"email-error email-help\"");
    rig_lacks(html, "<b>ann");
    rig_has(html, "&lt;b&gt;ann");
    rig_has(html, "name=\"mail_rejected\" value=\"1\" checked");
    rig_has(html, "name=\"mail_manual_review\" value=\"1\">");
    rig_expect(rig_ask(RIG_VIEWER, MAILS, "email=ann%40x.co%0D%0ABcc:e%40evil.example"), 200,
               "has a line break in it");
    rig_expect(rig_ask(RIG_VIEWER, MAILS, "email=a%40x.co,b%40x.co"), 200, "more than one address");
    ck_assert_ptr_null(choice_of("viewer").email);
    ck_assert_int_eq(audit_entries(), 0);
}
END_TEST

START_TEST(a_password_is_changed_only_by_who_knows_it)
{
    static const struct {
        const char *body, *words, *field;
    } rows[] = {
        {"old=x&password=longer+than+8&again=longer+than+8", "This is not your password.", "old"},
        {"old=x&password=short+7&again=short+7", "8 to 1024 characters.", "password"},
        {"old=x&again=longer+than+8", "8 to 1024 characters.", "password"},
        {"old=x&password=longer+than+8&again=other", "The two new passwords differ.", "again"},
        {"old=x&password=longer+than+8", "The two new passwords differ.", "again"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct reply p = rig_ask(RIG_VIEWER, PAGE "/password", rows[i].body);
        const char *html = rig_expect(p, 200, "The password is as it was.");
        rig_has(html, arena_printf(desk.arena, "id=\"%s-error\">", rows[i].field));
        rig_has(html, rows[i].words);
        rig_lacks(html, "longer than 8");
        ck_assert_ptr_null(p.cookies[0]);
    }
    rig_expect(rig_ask(RIG_VIEWER, PAGE "?done=password", NULL), 200, "The password is changed.");
}
END_TEST

START_TEST(is_nobodys_without_a_session)
{
    ck_assert_int_eq(rig_ask(RIG_NOBODY, PAGE, NULL).status, 303);
    ck_assert_int_ne(rig_ask(RIG_NOBODY, MAILS, "email=ann%40example.com").status, 200);
    rig_expect(rig_ask(RIG_VIEWER, MAILS, "csrf=wrong&email=ann%40example.com"), 403, NULL);
    ck_assert_ptr_null(choice_of("viewer").email);
}
END_TEST

suite_fn t_profile_suite;

Suite *t_profile_suite(void)
{
    TCase *t;
    Suite *s = suite_of("profile", &t);
    tcase_add_checked_fixture(t, rig_open, rig_close);
    tcase_add_test(t, says_who_one_is_and_what_one_may);
    tcase_add_test(t, offers_only_what_the_rights_allow);
    tcase_add_test(t, one_who_never_chose_is_offered_what_needs_a_person);
    tcase_add_test(t, saves_the_choice_with_an_audit_row_and_says_so);
    tcase_add_test(t, says_where_mails_go);
    tcase_add_test(t, what_the_rights_do_not_allow_is_not_chosen);
    tcase_add_test(t, a_bad_address_stays_as_typed_with_what_is_wrong_beside_it);
    tcase_add_test(t, a_password_is_changed_only_by_who_knows_it);
    tcase_add_test(t, is_nobodys_without_a_session);
    return s;
}
