/* Occasions: what each is called and who may get it; addresses as people type them. */
#include "core/limits.h"
#include "core/str.h"
#include "refund/occasion.h"
#include "store/users.h"
#include "support/suite.h"
#include <string.h>

START_TEST(every_kind_has_its_words_and_its_right)
{
    for (int i = 0; i < OCCASION_COUNT; i++) {
        const struct occasion_row *row = occasion_row(i);
        ck_assert(!str_empty(row->name) && !str_empty(row->label) && str_ends(row->help, "."));
        ck_assert_int_gt(row->module, MODULE_NONE);
        ck_assert_int_gt(row->right, RIGHT_NONE);
        for (int k = 0; k < i; k++)
            ck_assert_str_ne(row->name, occasion_row(k)->name);
    }
}
END_TEST

START_TEST(a_mail_tells_nobody_what_the_portal_would_not_show)
{
    static const struct {
        const char *role;
        enum occasion_kind kind;
        bool may;
    } cases[] = {
        {"viewer", OCCASION_MANUAL_REVIEW, true},
        {"viewer", OCCASION_APPROVAL_REQUESTED, false},
        {"viewer", OCCASION_ENDPOINT_DISABLED, false},
        {"maker", OCCASION_APPROVAL_REQUESTED, false},
        {"maker", OCCASION_BATCH_FINISHED, true},
        {"checker", OCCASION_APPROVAL_REQUESTED, true},
        {"checker", OCCASION_ENDPOINT_DISABLED, false},
        {"admin", OCCASION_APPROVAL_REQUESTED, true},
        {"admin", OCCASION_ENDPOINT_DISABLED, true},
    };
    unsigned char rights[MODULE_COUNT];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ck_assert(users_role_rights(cases[i].role, rights));
        ck_assert_msg(occasion_allowed(cases[i].kind, rights) == cases[i].may, "%s, %s",
                      cases[i].role, occasion_row(cases[i].kind)->name);
    }
    memset(rights, RIGHT_NONE, sizeof rights);
    for (int i = 0; i < OCCASION_COUNT; i++)
        ck_assert(!occasion_allowed(i, rights));
}
END_TEST

/* ---- addresses ---------------------------------------------------------------------------------
 */

START_TEST(takes_addresses_that_people_have)
{
    static const char *const good[] = {
        "a@b.co",
        "first.last@example.com",
        "ops+refunds@pay.example.co.in",
        "o'brien_99@xn--mnchen-3ya.example",
        "root@localhost",
        "ROOT@LOCALHOST",
        "123456@1and1.com",
        "a-b@c-d.e1",
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        ck_assert_msg(occasion_address_fault(good[i]) == NULL, "%s %s", good[i],
                      occasion_address_fault(good[i]));
}
END_TEST

START_TEST(refuses_what_is_no_bare_address)
{
    static const char *const bad[] = {
        NULL, "", " ", "@", "a", "a@", "@b.co", "a@b", "a@b.", "a@.b.co", "a@b..co", "a@-b.co",
        "a@b-.co", "a@b_c.co", "a@b.co.", "a@@b.co", "a@b@c.co", ".a@b.co", "a.@b.co", "a..a@b.co",
        "a b@c.co", " a@b.co", "a@b.co ", "a@b.co,c@d.co", "a@b.co;c@d.co", "Ann <a@b.co>",
        "<a@b.co>", "\"a\"@b.co", "a(comment)@b.co", "a@b.co(comment)", "a@[127.0.0.1]",
        "a@127.0.0.1", "a@b.123", "a\\b@c.co", "a:b@c.co", "group:a@b.co;", "a@localhost.",
        "m\xc3\xbcller@b.co", "a@m\xc3\xbcnchen.de", "a@b\xff.co",
        /* what would end a header, or a command of SMTP */
        "a@b.co\n", "a@b.co\r\nBcc: x@evil.example", "a@b.co\nBcc:x@evil.example", "a\r@b.co",
        "a@b.co\r", "a@b.co%0d%0aBcc:x@evil.example", "a@b.co>\r\nRCPT TO:<x@evil.example",
        "a@b.co\r\n.\r\nMAIL FROM:<x@evil.example>", "a\t@b.co", "a@b.co\v", "a@b.co\x7f",
        "a@b.co\x1b[2J", "a@b.co\xe2\x80\xa8x@evil.example", /* a line separator */
        "a@b.co\xc2\x85x@evil.example",                      /* next line */
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const char *fault = occasion_address_fault(bad[i]);
        ck_assert_msg(fault != NULL, "%s", bad[i]);
        ck_assert(str_printable_ascii(fault));
    }
}
END_TEST

/* The text with its # made n letters. */
static const char *filled(const char *text, int n)
{
    struct buf b;
    buf_init(&b, suite_arena());
    for (const char *c = text; *c != '\0'; c++) {
        if (*c != '#')
            buf_putc(&b, *c);
        for (int i = 0; *c == '#' && i < n; i++)
            buf_putc(&b, 'x');
    }
    return buf_text(&b);
}

START_TEST(lengths_end_exactly_where_mail_ends_them)
{
    static const struct {
        const char *address; /* # stands for n letters */
        int most;
    } cases[] = {
        {"#@b.co", 64},
        {"a@#.co", 63},
        {"#@label.label.label.label.label.label.label.label.label.label.label.label.label.label."
         "label.label.label.label.label.label.label.label.label.label.label.label.label.label."
         "label.label.label.lab",
         LIMIT_MAIL_ADDRESS - 190},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ck_assert_ptr_null(occasion_address_fault(filled(cases[i].address, cases[i].most)));
        ck_assert_ptr_nonnull(occasion_address_fault(filled(cases[i].address, cases[i].most + 1)));
    }
}
END_TEST

static const char *fault_of(const char *text, const char ***list, int *count)
{
    return occasion_addresses(suite_arena(), text, list, count);
}

START_TEST(a_list_keeps_its_order_and_each_once)
{
    const char **list;
    int n;
    ck_assert_ptr_null(fault_of("b@x.co,  a@x.co ,B@X.co,, c@x.co,", &list, &n));
    ck_assert_int_eq(n, 3);
    ck_assert_str_eq(list[0], "b@x.co");
    ck_assert_str_eq(list[1], "a@x.co");
    ck_assert_str_eq(list[2], "c@x.co");
}
END_TEST

START_TEST(a_list_names_what_is_wrong_and_keeps_the_good_ones)
{
    const char **list;
    int n;
    const char *said = fault_of("a@x.co, nobody, b@x.co", &list, &n);
    ck_assert_str_eq(said, "\"nobody\" has no @; write one such as refunds@example.com");
    ck_assert_int_eq(n, 2);
    said = fault_of("a@x.co\r\nBcc: e@evil.example, b@x.co", &list, &n);
    ck_assert(str_starts(said, "\"a@x.co  Bcc: e@evil.example\" has a"));
    ck_assert_int_eq(n, 1);
    ck_assert_str_eq(list[0], "b@x.co");
    ck_assert_ptr_nonnull(fault_of("a@x.co; b@x.co", &list, &n));
    ck_assert_int_eq(n, 0);
    static const char *const none[] = {NULL, "", "  ", " , ,"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        ck_assert(str_starts(fault_of(none[i], &list, &n), "An address is needed"));
        ck_assert_int_eq(n, 0);
    }
}
END_TEST

START_TEST(a_list_ends_at_its_limit)
{
    const char **list;
    int n;
    struct buf b;
    buf_init(&b, suite_arena());
    for (int i = 0; i < LIMIT_MAIL_ADDRESSES; i++)
        buf_printf(&b, "a%d@x.co,", i);
    ck_assert_ptr_null(fault_of(buf_text(&b), &list, &n));
    buf_puts(&b, "a0@x.co,"); /* again: not one more */
    ck_assert_ptr_null(fault_of(buf_text(&b), &list, &n));
    buf_puts(&b, "more@x.co");
    ck_assert_str_eq(fault_of(buf_text(&b), &list, &n), "At most 20 addresses can be given");
    ck_assert_int_eq(n, LIMIT_MAIL_ADDRESSES);
}
END_TEST

suite_fn t_occasion_suite;
Suite *t_occasion_suite(void)
{
    TCase *t;
    Suite *s = suite_of("occasion", &t);
    tcase_add_test(t, every_kind_has_its_words_and_its_right);
    tcase_add_test(t, a_mail_tells_nobody_what_the_portal_would_not_show);
    tcase_add_test(t, takes_addresses_that_people_have);
    tcase_add_test(t, refuses_what_is_no_bare_address);
    tcase_add_test(t, lengths_end_exactly_where_mail_ends_them);
    tcase_add_test(t, a_list_keeps_its_order_and_each_once);
    tcase_add_test(t, a_list_names_what_is_wrong_and_keeps_the_good_ones);
    tcase_add_test(t, a_list_ends_at_its_limit);
    return s;
}
