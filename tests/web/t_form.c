#include "core/limits.h"
#include "core/str.h"
#include "support/suite.h"
#include "web/form.h"
#include "web/suites.h"
#include <stdlib.h>
#include <string.h>

static struct arena *a;
static struct form form;
static struct err e;

static void setup(void)
{
    a = arena_new(LIMIT_ARENA_REQUEST_BYTES);
    memset(&form, 0, sizeof form);
}

static void teardown(void)
{
    arena_free(a);
}

static enum rc read_form(const char *text)
{
    memset(&form, 0, sizeof form);
    return form_read_urlencoded(a, text, strlen(text), &form, &e);
}

static enum rc read_json(const char *text)
{
    memset(&form, 0, sizeof form);
    return form_read_json(a, text, strlen(text), &form, &e);
}

struct good {
    const char *body, *name, *value;
    int n;
};

static const struct good GOOD_FORMS[] = {
    {"a=1", "a", "1", 1},
    {"a=", "a", "", 1},
    {"a", "a", "", 1},
    {"a=1&b=2", "b", "2", 2},
    {"a=1&&b=2&", "b", "2", 2},
    {"a=x+y", "a", "x y", 1},
    {"a=x%20y", "a", "x y", 1},
    {"a=x%2By", "a", "x+y", 1},
    {"a=%3D%26", "a", "=&", 1},
    {"a=b=c", "a", "b=c", 1},
    {"a%5Bb%5D=1", "a.b", "1", 1},
    {"a[b]=1", "a.b", "1", 1},
    {"a[b][c]=1", "a.b.c", "1", 1},
    {"a.b=1", "a.b", "1", 1},
    {"a[b].c=1", "a.b.c", "1", 1},
    {"a[b.c]=1", "a.b.c", "1", 1},
    {"a[0][b]=1&a[1][b]=2", "a.1.b", "2", 2},
    {"a[]=x&a[]=y", "a.1", "y", 2},
    {"metadata.RAZORPAY%3Agateway_reference_id=m", "metadata.RAZORPAY:gateway_reference_id", "m",
     1},
    {"a=%E0%A4%B0", "a", "\xe0\xa4\xb0", 1},
    {"a=line%0D%0Abreak", "a", "line\r\nbreak", 1},
    {"a=<script>", "a", "<script>", 1},
    {"A=1&a=2", "a", "2", 2},
};

START_TEST(reads_forms)
{
    const struct good *g = &GOOD_FORMS[_i];
    ck_assert_msg(read_form(g->body) == RC_OK, "%s: %s", g->body, e.text);
    ck_assert_int_eq(form.n, g->n);
    ck_assert_pstr_eq(form_get(&form, g->name), g->value);
}
END_TEST

static const char *const BAD_FORMS[] = {
    /* escapes */
    "a=%",
    "a=%2",
    "a=%zz",
    "a=%2g",
    "a=%g2",
    "a=1%",
    "%=1",
    "a%2=1",
    "a=% 20",
    "a=%%20",
    /* bytes */
    "a=%00",
    "a%00b=1",
    "a=x%00",
    "a=%ff",
    "a=%c0%80",
    "a=%ed%a0%80",
    "a=%e0%a4",
    "a=\xff",
    "a=%f5%80%80%80",
    "\xc3=1",
    "a=%C3",
    "a=%80",
    /* twice */
    "a=1&a=1",
    "a=1&b=2&a=3",
    "a=1&%61=2",
    "a[b]=1&a.b=2",
    "a[b]=1&a[b]=2",
    "a[b][c]=1&a.b.c=2",
    "a[0]=x&a[0]=y",
    /* a value and a parent */
    "a=1&a[b]=2",
    "a[b]=2&a=1",
    "a.b=1&a=2",
    "a[b]=1&a[b][c]=2",
    "a.b.c=1&a.b=2",
    "a&a.b",
    "a[]=1&a=2",
    "a=&a.b.c.d=1",
    /* names */
    "=1",
    "=",
    "[=1",
    "]=1",
    "[]=1",
    "[a]=1",
    "a[=1",
    "a]=1",
    "a[b=1",
    "a[b]]=1",
    "a[[b]]=1",
    "a[b]c=1",
    "a..b=1",
    ".a=1",
    "a.=1",
    "a[.b]=1",
    "a[b.]=1",
    "a[b]..c=1",
    "a[b][=1",
    ".=1",
    "a%0Ab=1",
    "a%7F=1",
    "a[%01]=1",
    "%0A=1",
    "a[b[c]]=1",
    "...=1",
    "a.b.=1",
    "a[1][2][3][4][5][6][7][8][9][10][11][12][13][14][15][16]=1",
    "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q=1",
};

START_TEST(rejects_hostile_forms)
{
    ck_assert_msg(read_form(BAD_FORMS[_i]) == RC_INVALID, "taken: %s", BAD_FORMS[_i]);
    ck_assert_int_gt((int)strlen(e.text), 0);
    ck_assert(str_utf8_valid(e.text, strlen(e.text)));
}
END_TEST

static char *many_fields(int n)
{
    struct buf b;
    buf_init(&b, a);
    for (int i = 0; i < n; i++)
        buf_printf(&b, "f%d=%d&", i, i);
    return b.data;
}

START_TEST(counts_fields_to_the_limit)
{
    ck_assert_int_eq(read_form(many_fields(LIMIT_FIELDS)), RC_OK);
    ck_assert_int_eq(form.n, LIMIT_FIELDS);
    ck_assert_str_eq(form_get(&form, "f399"), "399");
    ck_assert_int_eq(read_form(many_fields(LIMIT_FIELDS + 1)), RC_INVALID);
    ck_assert_int_eq(read_form(many_fields(10000)), RC_INVALID);
}
END_TEST

static char *field_of(int name_bytes, int value_bytes)
{
    char *text = arena_alloc(a, (size_t)(name_bytes + value_bytes + 2));
    memset(text, 'n', (size_t)name_bytes);
    text[name_bytes] = '=';
    memset(text + name_bytes + 1, 'v', (size_t)value_bytes);
    return text;
}

START_TEST(measures_names_and_values_to_the_byte)
{
    ck_assert_int_eq(read_form(field_of(LIMIT_FIELD_NAME_BYTES, 1)), RC_OK);
    ck_assert_int_eq(read_form(field_of(LIMIT_FIELD_NAME_BYTES + 1, 1)), RC_INVALID);
    ck_assert_int_eq(read_form(field_of(1, LIMIT_FIELD_BYTES)), RC_OK);
    ck_assert_int_eq(read_form(field_of(1, LIMIT_FIELD_BYTES + 1)), RC_INVALID);
}
END_TEST

START_TEST(reads_no_further_than_told)
{
    static const char TEXT[] = "a=%41%42";
    ck_assert_int_eq(form_read_urlencoded(a, TEXT, 5, &form, &e), RC_OK);
    ck_assert_str_eq(form_get(&form, "a"), "A");
    for (size_t n = 6; n < 8; n++) {
        memset(&form, 0, sizeof form);
        ck_assert_int_eq(form_read_urlencoded(a, TEXT, n, &form, &e), RC_INVALID);
    }
}
END_TEST

START_TEST(an_empty_body_has_no_fields)
{
    ck_assert_int_eq(read_form(""), RC_OK);
    ck_assert_int_eq(form.n, 0);
    ck_assert_ptr_null(form_field(&form, "a"));
    ck_assert_ptr_null(form_get(&form, "a"));
}
END_TEST

/* ---- JSON ---- */

struct json_case {
    const char *body, *name, *value;
    enum form_kind kind;
};

static const struct json_case GOOD_JSON[] = {
    {"{\"a\":\"x\"}", "a", "x", FORM_TEXT},
    {"{\"a\":100.10}", "a", "100.10", FORM_NUMBER},
    {"{\"a\":9999999999999.99}", "a", "9999999999999.99", FORM_NUMBER},
    {"{\"a\":1e3}", "a", "1e3", FORM_NUMBER},
    {"{\"a\":100}", "a", "100", FORM_NUMBER},
    {"{\"a\":true}", "a", "true", FORM_BOOL},
    {"{\"a\":{\"b\":\"c\"}}", "a", "{\"b\":\"c\"}", FORM_JSON},
    {"{\"a\":{\"b\":\"c\"}}", "a.b", "c", FORM_TEXT},
    {"{\"a\":{\"b\":{\"c\":1}}}", "a.b.c", "1", FORM_NUMBER},
    {"{\"a\":[1,2]}", "a", "[1,2]", FORM_JSON},
    {" {\"a\":\"\\u0930/\"} ", "a", "\xe0\xa4\xb0/", FORM_TEXT},
    {"{\"a\":\"\"}", "a", "", FORM_TEXT},
};

START_TEST(reads_json)
{
    const struct json_case *c = &GOOD_JSON[_i];
    ck_assert_msg(read_json(c->body) == RC_OK, "%s: %s", c->body, e.text);
    const struct form_field *f = form_field(&form, c->name);
    ck_assert_ptr_nonnull(f);
    ck_assert_str_eq(f->value, c->value);
    ck_assert_int_eq(f->kind, c->kind);
}
END_TEST

START_TEST(tells_null_from_absent)
{
    ck_assert_int_eq(read_json("{\"a\":null}"), RC_OK);
    ck_assert_int_eq(form_field(&form, "a")->kind, FORM_NULL);
    ck_assert_ptr_null(form_get(&form, "a"));
    ck_assert_ptr_null(form_field(&form, "b"));
}
END_TEST

static const char *const BAD_JSON[] = {
    "",
    " ",
    "{",
    "}",
    "[]",
    "[1]",
    "1",
    "\"a\"",
    "null",
    "true",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1,}",
    "{a:1}",
    "{'a':1}",
    "{\"a\":1}{",
    "{\"a\":1} x",
    "{\"a\":NaN}",
    "{\"a\":Infinity}",
    "{\"a\":5.}",
    "{\"a\":.5}",
    "{\"a\":+1}",
    "{\"a\":01}",
    "{\"a\":0x10}",
    "{\"a\":1,\"a\":2}",
    "{\"a\":1,\"\\u0061\":2}",
    "{\"a.b\":1,\"a\":{\"b\":2}}",
    "{\"a\":\"\\u0000\"}",
    "{\"a\":\"\x01\"}",
    "{\"a\":\"\xff\"}",
    "{\"a\":\"\\ud800\"}",
    "{\"a\":\"x",
    "{\"a\":\"\\x41\"}",
    "\xef\xbb\xbf{\"a\":1",
    "{\"a\":tru}",
};

START_TEST(rejects_hostile_json)
{
    ck_assert_msg(read_json(BAD_JSON[_i]) == RC_INVALID, "taken: %s", BAD_JSON[_i]);
}
END_TEST

START_TEST(rejects_deep_json)
{
    char deep[3000];
    memset(deep, 0, sizeof deep);
    for (int i = 0; i < 500; i++)
        memcpy(deep + i * 5, "{\"a\":", 5);
    ck_assert_int_eq(read_json(deep), RC_INVALID);
}
END_TEST

START_TEST(counts_json_members_to_the_limit)
{
    for (int extra = 0; extra < 2; extra++) {
        struct buf b;
        buf_init(&b, a);
        buf_puts(&b, "{");
        for (int i = 0; i < LIMIT_FIELDS + extra; i++)
            buf_printf(&b, "%s\"f%d\":%d", i ? "," : "", i, i);
        buf_puts(&b, "}");
        ck_assert_int_eq(read_json(b.data), extra ? RC_INVALID : RC_OK);
    }
}
END_TEST

/* ---- objects ---- */

struct object_case {
    bool json;
    const char *body, *object;
};

static const struct object_case OBJECTS[] = {
    {true, "{\"metadata\":{\"a\":1}}", "{\"a\":1}"},
    {true, "{\"metadata\":null}", NULL},
    {true, "{\"other\":1}", NULL},
    {true, "{\"metadata.a\":{\"b\":[1,{\"c\":2.5}]}}", "{\"a\":{\"b\":[1,{\"c\":2.5}]}}"},
    {true, "{\"metadata.a\":\"x\",\"metadata.a.b\":1}", "{\"a\":\"x\"}"},
    {true, "{\"metadata.a.b\":1,\"metadata.a\":{\"c\":2}}", "{\"a\":{\"c\":2}}"},
    {false, "metadata=%7B%22a%22%3A1%7D", "{\"a\":1}"},
    {false, "metadata[a]=1&metadata[b]=2", "{\"a\":\"1\",\"b\":\"2\"}"},
    {false, "metadata.a.b=1&metadata.a.c=2", "{\"a\":{\"b\":\"1\",\"c\":\"2\"}}"},
    {false, "metadata.X%3Ay=\"q\"", "{\"X:y\":\"\\\"q\\\"\"}"},
    {false, "metadata[v][0][a]=1&metadata[v][0][b]=2&metadata[v][1][a]=3",
     "{\"v\":[{\"a\":\"1\",\"b\":\"2\"},{\"a\":\"3\"}]}"},
    {false, "metadata[v][]=1&metadata[v][]=2", "{\"v\":[\"1\",\"2\"]}"},
    {false, "metadata[v][0][0]=1", "{\"v\":[[\"1\"]]}"},
    {false, "metadata[v][1]=1&metadata[v][0]=2", "{\"v\":{\"1\":\"1\",\"0\":\"2\"}}"},
    {false, "metadata[v][00]=1", "{\"v\":{\"00\":\"1\"}}"},
    {false, "metadata[0]=1", "{\"0\":\"1\"}"},
    {false, "metadatas.a=1", NULL},
    {false, "", NULL},
};

START_TEST(makes_objects)
{
    const struct object_case *c = &OBJECTS[_i];
    ck_assert_int_eq(c->json ? read_json(c->body) : read_form(c->body), RC_OK);
    ck_assert_pstr_eq(form_object(a, &form, "metadata"), c->object);
}
END_TEST

Suite *t_form_suite(void)
{
    TCase *t;
    Suite *s = suite_of("form", &t);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, reads_forms, 0, COUNT(GOOD_FORMS));
    tcase_add_loop_test(t, rejects_hostile_forms, 0, COUNT(BAD_FORMS));
    tcase_add_test(t, counts_fields_to_the_limit);
    tcase_add_test(t, measures_names_and_values_to_the_byte);
    tcase_add_test(t, reads_no_further_than_told);
    tcase_add_test(t, an_empty_body_has_no_fields);
    tcase_add_loop_test(t, reads_json, 0, COUNT(GOOD_JSON));
    tcase_add_test(t, tells_null_from_absent);
    tcase_add_loop_test(t, rejects_hostile_json, 0, COUNT(BAD_JSON));
    tcase_add_test(t, rejects_deep_json);
    tcase_add_test(t, counts_json_members_to_the_limit);
    tcase_add_loop_test(t, makes_objects, 0, COUNT(OBJECTS));
    return s;
}
