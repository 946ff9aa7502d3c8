#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"
#include "support/suite.h"
#include <stdlib.h>
#include <string.h>

#define COUNT(x) (sizeof(x) / sizeof *(x))

static struct json_object *read_ok(const char *text)
{
    struct json_object *o = NULL;
    struct err e;
    enum rc rc = json_read(suite_arena(), text, strlen(text), &o, &e);
    ck_assert_msg(rc == RC_OK, "%s: %s", text, rc == RC_OK ? "" : e.text);
    return o;
}

START_TEST(reads_what_rfc_8259_allows)
{
    static const char *const TEXTS[] = {
        "{}",
        "[]",
        "null",
        "true",
        "false",
        "0",
        "-0",
        "1.5",
        "-1.5e+10",
        "1E3",
        "0e0",
        "\"\"",
        " \t\r\n{ \"a\" : [ 1 , 2 ] , \"b\" : { } } \n",
        "[[[]]]",
        "\"\\ud83d\\ude00\"",
        "\"\xf0\x9f\x98\x80\"",
        "\"\x7f\"",
        "\"\\/\"",
        "[1,\"1\",null,true]",
        "{\"\":1}",
        "1e400",
        "-9223372036854775809",
        "123456789012345678901234567890",
    };
    for (size_t i = 0; i < COUNT(TEXTS); i++)
        (void)read_ok(TEXTS[i]);
}
END_TEST

/* Each with the byte where it goes wrong. */
static const struct {
    const char *text;
    int at;
} BAD[] = {
    {"", 0},
    {" ", 1},
    {"{", 1},
    {"[", 1},
    {"[1", 2},
    {"[1,", 3},
    {"{\"a\"", 4},
    {"{\"a\":", 5},
    {"{\"a\":1", 6},
    {"{\"a\":1,", 7},
    {"{\"a\":1,}", 7},
    {"[1,]", 3},
    {"[,1]", 1},
    {"{,}", 1},
    {"[1 2]", 3},
    {"{\"a\" 1}", 5},
    {"{a:1}", 1},
    {"{1:1}", 1},
    {"{'a':1}", 1},
    {"'a'", 0},
    {"NaN", 0},
    {"-NaN", 1},
    {"Infinity", 0},
    {"-Infinity", 1},
    {"nan", 0},
    {"True", 0},
    {"tru", 0},
    {"nul", 0},
    {"nulll", 4},
    {"undefined", 0},
    {"5.", 2},
    {".5", 0},
    {"+1", 0},
    {"01", 0},
    {"-01", 0},
    {"00", 0},
    {"-", 1},
    {"1e", 2},
    {"1e+", 3},
    {"1.e3", 2},
    {"1.5.5", 3},
    {"0x10", 1},
    {"1_000", 1},
    {"1,000", 1},
    {"--1", 1},
    {"{} {}", 3},
    {"{}x", 2},
    {"1 2", 2},
    {"[]]", 2},
    {"[}", 1},
    {"{]", 1},
    {"\"abc", 0},
    {"\"abc\\\"", 0},
    {"\"\\x41\"", 2},
    {"\"\\\"", 0},
    {"\"\\u12\"", 5},
    {"\"\\u12g4\"", 5},
    {"\"\\U0041\"", 2},
    {"\"\\", 2},
    {"\"a\nb\"", 2},
    {"\"a\tb\"", 2},
    {"\"\x01\"", 1},
    {"\"\x1f\"", 1},
    {"\"\\u0000\"", 1},
    {"\"\\ud800\"", 1},
    {"\"\\udc00\"", 1},
    {"\"\\ud800\\u0041\"", 1},
    {"\"\\ud800x\"", 1},
    {"\"\\ud800\\ud800\"", 1},
    {"\"\\udc00\\ud800\"", 1},
    {"\"\\ud83d\\n\"", 1},
    {"\"\xff\"", 1},
    {"\"\xc0\x80\"", 1},
    {"\"\xed\xa0\x80\"", 1},
    {"\"\xe2\x82\"", 1},
    {"\"\xf4\x90\x80\x80\"", 1},
    {"\xef\xbb\xbf{}", 0},
    {"/* c */ {}", 0},
    {"{} // c", 3},
    {"[1]\v", 3},
    {"\f[]", 0},
    {"\xc2\xa0[]", 0},
    {"{\"a\":1,\"a\":2}", 7},
    {"{\"a\":1,\"b\":2,\"a\":1}", 13},
    {"{\"a\":1,\"\\u0061\":2}", 7},
    {"{\"\\/\":1,\"/\":2}", 8},
    {"[{\"x\":{\"k\":1,\"k\":1}}]", 13},
    {"{\"\":1,\"\":2}", 6},
    {"{\"\\ud83d\\ude00\":1,\"\xf0\x9f\x98\x80\":2}", 18},
};

START_TEST(rejects_with_the_offset)
{
    for (size_t i = 0; i < COUNT(BAD); i++) {
        struct json_object *o = NULL;
        struct err e;
        enum rc rc = json_read(suite_arena(), BAD[i].text, strlen(BAD[i].text), &o, &e);
        ck_assert_msg(rc == RC_INVALID, "accepted: %s", BAD[i].text);
        ck_assert_ptr_null(o);
        const char *at = arena_printf(suite_arena(), "at byte %d: ", BAD[i].at);
        ck_assert_msg(strstr(e.text, at) != NULL, "%s: %s", BAD[i].text, e.text);
    }
}
END_TEST

START_TEST(rejects_nul_bytes)
{
    struct json_object *o;
    struct err e;
    ck_assert_int_eq(json_read(suite_arena(), "{}\0", 3, &o, &e), RC_INVALID);
    ck_assert_int_eq(json_read(suite_arena(), "\0", 1, &o, &e), RC_INVALID);
    ck_assert_int_eq(json_read(suite_arena(), "\"a\0b\"", 5, &o, &e), RC_INVALID);
    ck_assert_int_eq(json_read(suite_arena(), "\"\\\0\"", 4, &o, &e), RC_INVALID);
}
END_TEST

/* Every prefix of a document is refused, without a byte read past it (the sanitizer sees). */
START_TEST(rejects_every_truncation)
{
    const char *text =
        "{\"a\\u00e9\":[1.5e3,-0,true,null,\"\\ud83d\\ude00\xe2\x82\xb9\"],\"b\":{}}";
    for (size_t n = 0; n < strlen(text); n++) {
        struct json_object *o;
        struct err e;
        char *part = malloc(n ? n : 1);
        memcpy(part, text, n);
        ck_assert_int_eq(json_read(suite_arena(), part, n, &o, &e), RC_INVALID);
        free(part);
    }
    (void)read_ok(text);
}
END_TEST

START_TEST(survives_any_single_byte_change)
{
    const char *text = "{\"k\":[1,2.50,\"a\\n\\u20b9\"],\"n\":null,\"t\":true}";
    size_t n = strlen(text);
    for (size_t i = 0; i < n; i++) {
        for (int c = 0; c < 256; c++) {
            char changed[64];
            struct json_object *o = NULL;
            struct err e;
            memcpy(changed, text, n);
            changed[i] = (char)c;
            if (json_read(suite_arena(), changed, n, &o, &e) == RC_OK &&
                !str_utf8_valid(changed, n))
                ck_abort_msg("byte %zu as 0x%02x was accepted", i, (unsigned)c);
        }
        arena_clear(suite_arena());
    }
}
END_TEST

START_TEST(names_what_is_wrong)
{
    struct json_object *o;
    struct err e;
    ck_assert_int_eq(json_read(suite_arena(), "{\"amount\":1,\"amount\":2}", 23, &o, &e),
                     RC_INVALID);
    ck_assert_str_eq(e.text,
                     "The JSON is not accepted at byte 12: the key \"amount\" a second time.");
    ck_assert_int_eq(json_read(suite_arena(), "{\"a\":1 \"b\":2}", 13, &o, &e), RC_INVALID);
    ck_assert_str_eq(e.text,
                     "The JSON is not accepted at byte 7: '\"' where a comma or } is expected.");
    ck_assert_int_eq(json_read(suite_arena(), "[1", 2, &o, &e), RC_INVALID);
    ck_assert_str_eq(e.text,
                     "The JSON is not accepted at byte 2: it ends where a comma or ] is expected.");
}
END_TEST

START_TEST(keeps_the_source_text_of_numbers)
{
    static const char *const NUMBERS[] = {
        "0",
        "-0",
        "8",
        "98.2",
        "98.20",
        "1.00",
        "1e3",
        "1E+3",
        "9999999999999.99",
        "0.1",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "18446744073709551616",
        "123456789012345678901234567890",
        "0.30000000000000000000001",
        "1e400",
        "1e-400",
        "-0.0",
    };
    for (size_t i = 0; i < COUNT(NUMBERS); i++) {
        const char *text = arena_printf(suite_arena(), "{\"n\":%s}", NUMBERS[i]);
        struct json_object *o = read_ok(text);
        ck_assert_str_eq(json_text(suite_arena(), o, "n"), NUMBERS[i]);
        ck_assert_str_eq(json_write(suite_arena(), o), text);
    }
}
END_TEST

START_TEST(reads_escapes)
{
    struct json_object *o =
        read_ok("{\"s\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20B9\\uD83D\\uDE00\"}");
    ck_assert_str_eq(json_text(suite_arena(), o, "s"), "\"\\/\b\f\n\r\tAé₹😀");
}
END_TEST

START_TEST(tells_members_apart)
{
    struct arena *a = suite_arena();
    struct json_object *o =
        read_ok("{\"s\":\"x\",\"e\":\"\",\"z\":null,\"t\":true,\"f\":false,\"o\":{},\"l\":[]}");
    ck_assert_str_eq(json_text(a, o, "s"), "x");
    ck_assert_str_eq(json_text(a, o, "e"), "");
    ck_assert_str_eq(json_text(a, o, "t"), "true");
    ck_assert_str_eq(json_text(a, o, "f"), "false");
    ck_assert_ptr_null(json_text(a, o, "z"));
    ck_assert_ptr_null(json_text(a, o, "o"));
    ck_assert_ptr_null(json_text(a, o, "l"));
    ck_assert_ptr_null(json_text(a, o, "none"));
    ck_assert(json_has(o, "z") && !json_has(o, "none"));
    ck_assert_ptr_null(json_get(o, "z"));
    ck_assert_ptr_nonnull(json_get(o, "o"));
    ck_assert_ptr_null(json_text(a, NULL, "x"));
    ck_assert(!json_has(read_ok("[1]"), "x") && !json_has(NULL, "x"));
    ck_assert_ptr_null(json_get(read_ok("\"x\""), "x"));
}
END_TEST

START_TEST(writes_plain_text)
{
    struct arena *a = suite_arena();
    struct json_object *o = json_object_in(a);
    json_put_text(o, "s", "a/b\"\\\n₹");
    json_put_text(o, "z", NULL);
    json_put_int(o, "i", INT64_MAX);
    json_put_bool(o, "t", true);
    json_put_null(o, "n");
    json_put_money(a, o, "m", 9820, "INR");
    json_put_money(a, o, "w", 800, "INR");
    json_put_money(a, o, "big", INT64_C(999999999999999), "INR");
    ck_assert_str_eq(json_write(a, o),
                     "{\"s\":\"a/b\\\"\\\\\\n₹\",\"z\":null,\"i\":9223372036854775807,\"t\":true,"
                     "\"n\":null,\"m\":98.2,\"w\":8,\"big\":9999999999999.99}");
    ck_assert_str_eq(json_text(a, o, "m"), "98.2");
}
END_TEST

/* The sanitizer and valgrind see a reference too few or too many. */
START_TEST(shares_trees_between_arenas_and_trees)
{
    struct arena *a = suite_arena();
    struct json_object *in = read_ok("{\"meta\":{\"k\":1.50},\"list\":[1]}");
    struct json_object *out = json_object_in(a), *list = json_array_in(a);
    json_put(out, "list", list);
    json_add(list, json_object_in(a));
    json_add(list, json_object_new_string("raw"));
    json_add(list, NULL);
    json_put(out, "meta", json_object_get(json_get(in, "meta")));
    json_put(out, "whole", in);
    json_put(out, "none", NULL);
    ck_assert_str_eq(json_write(a, out), "{\"list\":[{},\"raw\",null],\"meta\":{\"k\":1.50},"
                                         "\"whole\":{\"meta\":{\"k\":1.50},\"list\":[1]},"
                                         "\"none\":null}");
    json_put(out, "list", NULL); /* replaced */
    ck_assert_str_eq(json_write(a, list), "[{},\"raw\",null]");
}
END_TEST

suite_fn t_json_suite;

Suite *t_json_suite(void)
{
    TCase *t;
    Suite *s = suite_of("json", &t);
    tcase_add_test(t, reads_what_rfc_8259_allows);
    tcase_add_test(t, rejects_with_the_offset);
    tcase_add_test(t, rejects_nul_bytes);
    tcase_add_test(t, rejects_every_truncation);
    tcase_add_test(t, survives_any_single_byte_change);
    tcase_add_test(t, names_what_is_wrong);
    tcase_add_test(t, keeps_the_source_text_of_numbers);
    tcase_add_test(t, reads_escapes);
    tcase_add_test(t, tells_members_apart);
    tcase_add_test(t, writes_plain_text);
    tcase_add_test(t, shares_trees_between_arenas_and_trees);
    return s;
}
