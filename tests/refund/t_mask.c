#include "core/json.h"
#include "core/str.h"
#include "refund/mask.h"
#include "support/suite.h"
#include <string.h>

START_TEST(card_numbers_in_texts)
{
    static const char *const rows[][2] = {
        {"4111111111111111", "411111******1111"},
        {"x4111111111111111y", "x411111******1111y"},
        {"5500 0000 0000 0004", "5500 00** **** 0004"},
        {"3400-000000-00009", "3400-00****-*0009"},
        {"on 2026-11-21 4111111111111111", "on 2026-11-21 411111******1111"},
        {"4222222222222", "422222***2222"},             /* 13 digits */
        {"6304000000000000000", "630400*********0000"}, /* 19 */
        {"4111111111111111 4111111111111111", "411111******1111 411111******1111"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_str_eq(mask_text(suite_arena(), rows[i][0]), rows[i][1]);
}
END_TEST

START_TEST(what_is_no_card_number_stays)
{
    static const char *const texts[] = {
        "",
        "4111111111111112",        /* fails the check */
        "411111111111",            /* 12 digits */
        "41111111111111111111",    /* 20 */
        "74000000000000000000001", /* an ARN */
        "+919999999999",
        "JP1636474794",
        "2026-11-21T10:00:00Z",
        "4111  1111 1111 1111", /* two spaces: no group of a card */
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        ck_assert_ptr_eq(mask_text(suite_arena(), texts[i]), texts[i]);
    ck_assert_ptr_null(mask_text(suite_arena(), NULL));
}
END_TEST

START_TEST(trees_keep_ids_and_amounts_and_lose_secrets)
{
    static const char in[] =
        "{\"order_id\":\"4111111111111111\",\"amount\":4111111111111111,\"n\":4111111111111111,"
        "\"a\":[\"4111111111111111\",null,true,1.50],\"4111111111111111\":1,"
        "\"card\":{\"card_number\":\"4111111111111112\",\"cvv\":\"123\",\"number\":\"12345\","
        "\"deep\":{\"pan\":\"4111111111111111\"}}}";
    static const char want[] =
        "{\"order_id\":\"4111111111111111\",\"amount\":4111111111111111,"
        "\"n\":\"411111******1111\",\"a\":[\"411111******1111\",null,true,1.50],"
        "\"411111******1111\":1,\"card\":{\"card_number\":\"411111******1112\","
        "\"number\":\"*****\",\"deep\":{\"pan\":\"411111******1111\"}}}";
    struct json_object *tree;
    struct err e;
    ck_assert_int_eq(json_read(suite_arena(), in, strlen(in), &tree, &e), RC_OK);
    ck_assert_str_eq(json_write(suite_arena(), mask_tree(suite_arena(), tree)), want);
    ck_assert_str_eq(json_write(suite_arena(), tree), in);
}
END_TEST

suite_fn t_mask_suite;
Suite *t_mask_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("mask", &tc);
    tcase_add_test(tc, card_numbers_in_texts);
    tcase_add_test(tc, what_is_no_card_number_stays);
    tcase_add_test(tc, trees_keep_ids_and_amounts_and_lose_secrets);
    return s;
}
