#include "core/limits.h"
#include "notify/mail_text.h"
#include "support/suite.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static char *dir;
static struct mail_desk desk;

static void write_template(const char *name, const char *text)
{
    FILE *f = fopen(arena_printf(suite_arena(), "%s/mail/%s.cs", dir, name), "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

static void load(const char *text)
{
    struct err e;
    dir = suite_tmpdir();
    ck_assert_int_eq(mkdir(arena_printf(suite_arena(), "%s/mail", dir), 0700), 0);
    write_template("k.txt", text);
    write_template("k.html", "<p><?cs var:x ?></p>");
    desk = (struct mail_desk){.from = "desk@b.example",
                              .portal_url = "https://desk.example/",
                              .format = {"Asia/Kolkata", "en_IN"}};
    ck_assert_int_eq(templates_load_mails(&desk.templates, dir, &e), RC_OK);
}

static void unload(void)
{
    templates_free(desk.templates);
    free(dir);
}

static struct mail row(const char *facts)
{
    return (struct mail){.merchant = 7,
                         .kind = "k",
                         .occasion = "k/1",
                         .address = "a@b.example",
                         .facts = facts,
                         .created_ms = INT64_C(1795270860000)};
}

static const char *composed(const struct mail *m)
{
    struct buf out;
    struct err e;
    buf_init(&out, suite_arena());
    enum rc rc = mail_compose(suite_arena(), &desk, m, &out, &e);
    ck_assert_msg(rc == RC_OK, "%s", rc == RC_OK ? "" : e.detail);
    return buf_text(&out);
}

static void refused(const struct mail *m, enum rc rc)
{
    struct buf out;
    struct err e;
    buf_init(&out, suite_arena());
    ck_assert_int_eq(mail_compose(suite_arena(), &desk, m, &out, &e), rc);
    ck_assert_uint_eq(out.len, 0);
}

START_TEST(facts_say_by_their_shape_what_they_are)
{
    static const struct {
        const char *fact, *shown;
    } cases[] = {
        {"\"a b\"", "a b"},
        {"\"a\\r\\nb\"", "a  b"},
        {"1200000", "12,00,000"},
        {"{\"minor\":123456700,\"currency\":\"INR\"}", "12,34,567.00 INR"},
        {"{\"minor\":5,\"currency\":\"JPY\"}", "5 JPY"},
        {"{\"at_ms\":1795270860000}", "21 Nov 2026, 19:51:00 IST"},
        {"{\"path\":[\"orders\",\"O/1 ?\\u00e9\"]}",
         "https://desk.example/orders/O%2F1%20%3F%C3%A9"},
        {"{\"path\":[]}", "https://desk.example"},
        {"true", "1"},
        {"false", "-"},
        {"null", "-"},
    };
    load("S\n[<?cs if:?x ?><?cs var:x ?><?cs else ?>-<?cs /if ?>]\n");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct mail m = row(arena_printf(suite_arena(), "{\"x\":%s}", cases[i].fact));
        const char *wanted = arena_printf(suite_arena(), "\r\n[%s]\r\n", cases[i].shown);
        ck_assert_msg(strstr(composed(&m), wanted) != NULL, "%s: %s", cases[i].fact, composed(&m));
    }
    unload();
}
END_TEST

START_TEST(facts_lie_in_nodes_and_lists)
{
    load("S\n<?cs var:n.m ?>|<?cs each:t = ts ?><?cs var:t.x ?>;<?cs /each ?>\n");
    const struct mail m = row("{\"n\":{\"m\":\"in\"},\"ts\":[{\"x\":1},{\"x\":\"b\"},{}]}");
    ck_assert_ptr_nonnull(strstr(composed(&m), "\r\nin|1;b;;\r\n"));
    unload();
}
END_TEST

START_TEST(what_is_no_fact_makes_no_mail)
{
    static const char *const facts[] = {
        "{\"x\":1.5}",
        "{\"X\":\"x\"}",
        "{\"a.b\":\"x\"}",
        "{\"\":1}",
        "{\"x\":{\"minor\":1}}",
        "{\"x\":{\"minor\":\"1\",\"currency\":\"INR\"}}",
        "{\"x\":{\"minor\":1,\"currency\":\"ABC\"}}",
        "{\"x\":{\"at_ms\":\"1\"}}",
        "{\"x\":{\"path\":\"/x\"}}",
        "{\"x\":{\"path\":[1]}}",
        "{\"x\":[1]}",
        "[]",
        "null",
        "{",
        "",
    };
    load("S\n");
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        const struct mail m = row(facts[i]);
        refused(&m, RC_INVALID);
    }
    unload();
}
END_TEST

START_TEST(the_same_row_is_the_same_mail)
{
    load("S\n");
    struct mail m = row("{}"), other = m;
    const char *id = mail_message_id(suite_arena(), &m, desk.from);
    ck_assert_str_eq(composed(&m), composed(&m));
    ck_assert(str_ends(id, "@b.example>") && strlen(id) == 1 + 32 + strlen("@b.example>"));
    ck_assert_ptr_nonnull(
        strstr(composed(&m), arena_printf(suite_arena(), "\r\nMessage-ID: %s\r\n", id)));
    other.id = 9;
    other.attempts = 3;
    ck_assert_str_eq(composed(&m), composed(&other));
    const struct mail others[] = {
        {.merchant = 8, .occasion = m.occasion, .address = m.address},
        {.merchant = 7, .occasion = "k/2", .address = m.address},
        {.merchant = 7, .occasion = m.occasion, .address = "b@b.example"},
        {.merchant = 7, .occasion = "k/1a", .address = "@b.example"},
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        ck_assert_str_ne(mail_message_id(suite_arena(), &others[i], desk.from), id);
    unload();
}
END_TEST

START_TEST(the_subject_is_the_first_line_cut_at_its_limit)
{
    load("<?cs var:x ?>\ntext\n");
    char *text = arena_alloc(suite_arena(), LIMIT_MAIL_SUBJECT + 2);
    memset(text, 'x', LIMIT_MAIL_SUBJECT + 1);
    struct mail m = row(arena_printf(suite_arena(), "{\"x\":\"%s\"}", text));
    const char *cut = composed(&m);
    text[LIMIT_MAIL_SUBJECT] = '\0';
    m = row(arena_printf(suite_arena(), "{\"x\":\"%s\"}", text));
    ck_assert_ptr_null(strstr(composed(&m), "gKY="));
    ck_assert_ptr_nonnull(strstr(cut, "eHjigKY=?=\r\n")); /* "xx" and the ellipsis */
    m = row("{\"x\":\" a b \"}");
    ck_assert_ptr_nonnull(strstr(composed(&m), "\r\nSubject: a b\r\n"));
    m = row("{\"x\":\" \"}");
    refused(&m, RC_INTERNAL);
    unload();
}
END_TEST

START_TEST(addresses_that_are_none_and_kinds_without_templates_make_no_mail)
{
    static const char *const wrong[] = {"a@b.example\r\nBcc: c@d.example",
                                        "a@b.example, c@d.example", "<a@b.example>", "", "a"};
    load("S\n");
    struct mail m = row("{}");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        m.address = wrong[i];
        refused(&m, RC_INVALID);
        desk.from = wrong[i];
        m.address = "a@b.example";
        refused(&m, RC_INVALID);
        desk.from = "desk@b.example";
    }
    m.kind = "unknown";
    refused(&m, RC_INTERNAL);
    unload();
}
END_TEST

suite_fn t_mail_text_suite;

Suite *t_mail_text_suite(void)
{
    TCase *t;
    Suite *s = suite_of("mail_text", &t);
    tcase_add_test(t, facts_say_by_their_shape_what_they_are);
    tcase_add_test(t, facts_lie_in_nodes_and_lists);
    tcase_add_test(t, what_is_no_fact_makes_no_mail);
    tcase_add_test(t, the_same_row_is_the_same_mail);
    tcase_add_test(t, the_subject_is_the_first_line_cut_at_its_limit);
    tcase_add_test(t, addresses_that_are_none_and_kinds_without_templates_make_no_mail);
    return s;
}
