#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"
#include "support/suite.h"
#include <string.h>

static enum rc read_text(const char *text, struct err *e)
{
    struct json_object *o;
    return json_read(suite_arena(), text, strlen(text), &o, e);
}

/* depth times `open`, then as often `close`. */
static const char *nested(int depth, const char *open, const char *last, const char *close)
{
    struct buf b;
    buf_init(&b, suite_arena());
    for (int i = 0; i < depth; i++)
        buf_puts(&b, open);
    buf_puts(&b, last);
    for (int i = 0; i < depth; i++)
        buf_puts(&b, close);
    return buf_text(&b);
}

START_TEST(allows_depth_up_to_the_limit)
{
    struct err e;
    ck_assert_int_eq(read_text(nested(LIMIT_JSON_DEPTH, "[", "1", "]"), &e), RC_OK);
    ck_assert_int_eq(read_text(nested(LIMIT_JSON_DEPTH, "{\"a\":", "1", "}"), &e), RC_OK);
    ck_assert_int_eq(read_text("[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[]]", &e),
                     RC_OK);
}
END_TEST

START_TEST(refuses_one_level_more)
{
    struct err e;
    ck_assert_int_eq(read_text(nested(LIMIT_JSON_DEPTH + 1, "[", "1", "]"), &e), RC_TOO_LARGE);
    ck_assert_ptr_nonnull(strstr(e.text, "nested too deeply (at most 16)"));
    ck_assert_int_eq(read_text(nested(LIMIT_JSON_DEPTH + 1, "{\"a\":", "1", "}"), &e),
                     RC_TOO_LARGE);
    ck_assert_int_eq(read_text(nested(200000, "[", "", ""), &e), RC_TOO_LARGE);
}
END_TEST

static const char *array_of(int count)
{
    struct buf b;
    buf_init(&b, suite_arena());
    for (int i = 0; i < count; i++)
        buf_printf(&b, "%c%d", i ? ',' : '[', i);
    buf_puts(&b, "]");
    return buf_text(&b);
}

static const char *object_of(int count)
{
    struct buf b;
    buf_init(&b, suite_arena());
    for (int i = 0; i < count; i++)
        buf_printf(&b, "%c\"%d\":null", i ? ',' : '{', i);
    buf_puts(&b, "}");
    return buf_text(&b);
}

START_TEST(allows_elements_up_to_the_limit)
{
    struct err e;
    ck_assert_int_eq(read_text(array_of(LIMIT_JSON_ELEMENTS), &e), RC_OK);
    ck_assert_int_eq(read_text(object_of(LIMIT_JSON_ELEMENTS), &e), RC_OK);
}
END_TEST

START_TEST(refuses_one_element_more)
{
    struct err e;
    ck_assert_int_eq(read_text(array_of(LIMIT_JSON_ELEMENTS + 1), &e), RC_TOO_LARGE);
    ck_assert_int_eq(read_text(object_of(LIMIT_JSON_ELEMENTS + 1), &e), RC_TOO_LARGE);
    ck_assert_ptr_nonnull(strstr(e.text, "too many elements (at most 4000)"));
    const char *two = arena_printf(suite_arena(), "[%s,%s]", array_of(LIMIT_JSON_ELEMENTS / 2),
                                   array_of(LIMIT_JSON_ELEMENTS / 2));
    ck_assert_int_eq(read_text(two, &e), RC_TOO_LARGE);
}
END_TEST

START_TEST(the_program_s_own_text_has_no_limit)
{
    const char *text = array_of(LIMIT_JSON_ELEMENTS + 1);
    struct json_object *tree = json_built_in(suite_arena(), text, strlen(text));
    ck_assert_uint_eq(json_object_array_length(tree), LIMIT_JSON_ELEMENTS + 1);
}
END_TEST

suite_fn t_json_limits_suite;

Suite *t_json_limits_suite(void)
{
    TCase *t;
    Suite *s = suite_of("json_limits", &t);
    tcase_add_test(t, allows_depth_up_to_the_limit);
    tcase_add_test(t, refuses_one_level_more);
    tcase_add_test(t, allows_elements_up_to_the_limit);
    tcase_add_test(t, refuses_one_element_more);
    tcase_add_test(t, the_program_s_own_text_has_no_limit);
    return s;
}
