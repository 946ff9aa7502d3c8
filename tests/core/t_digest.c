#include "core/digest.h"
#include "core/str.h"
#include "support/suite.h"
#include <string.h>

START_TEST(matches_published_sha256)
{
    ck_assert_str_eq(digest_sha256_hex(suite_arena(), "abc", 3),
                     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    ck_assert_str_eq(digest_sha256_hex(suite_arena(), "", 0),
                     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
END_TEST

START_TEST(a_sum_of_pieces_is_that_of_the_whole)
{
    uint8_t whole[DIGEST_BYTES], pieces[DIGEST_BYTES];
    struct digest_sum *s = digest_sum_new(suite_arena());
    digest_sha256("abcdef", 6, whole);
    digest_sum_add(s, "ab", 2);
    digest_sum_add(s, "", 0);
    digest_sum_add(s, "cdef", 4);
    digest_sum_end(s, pieces);
    ck_assert_mem_eq(whole, pieces, DIGEST_BYTES);
}
END_TEST

START_TEST(matches_published_hmac)
{
    uint8_t out[DIGEST_BYTES];
    const char *data = "what do ya want for nothing?"; /* RFC 4231, case 2 */
    digest_hmac("Jefe", 4, data, strlen(data), out);
    ck_assert_str_eq(digest_hex(suite_arena(), out, sizeof out),
                     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    uint8_t key[131]; /* case 6: a key longer than a block */
    memset(key, 0xaa, sizeof key);
    data = "Test Using Larger Than Block-Size Key - Hash Key First";
    digest_hmac(key, sizeof key, data, strlen(data), out);
    ck_assert_str_eq(digest_hex(suite_arena(), out, sizeof out),
                     "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}
END_TEST

START_TEST(compares_lengths_and_bytes)
{
    ck_assert(digest_equal("abc", 3, "abc", 3));
    ck_assert(!digest_equal("abc", 3, "abd", 3));
    ck_assert(!digest_equal("abc", 3, "abc", 2));
    ck_assert(digest_equal(NULL, 0, NULL, 0));
    ck_assert(!digest_equal("", 0, "a", 1));
}
END_TEST

START_TEST(fills_with_randomness)
{
    uint8_t a[32] = {0}, b[32] = {0};
    digest_random(a, sizeof a);
    digest_random(b, sizeof b);
    ck_assert_mem_ne(a, b, sizeof a);
}
END_TEST

START_TEST(reads_hex_exactly)
{
    uint8_t out[3] = {0};
    ck_assert_int_eq(digest_unhex("00aBFf", out, 3), 0);
    ck_assert_int_eq(out[0], 0);
    ck_assert_int_eq(out[1], 0xab);
    ck_assert_int_eq(out[2], 0xff);
    static const char *const BAD[] = {"",       "00ab",   "00abf",  "00abff0", "00abff00",
                                      "00abfg", "00 bff", "00:abf", "0x00ab"};
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        ck_assert_msg(digest_unhex(BAD[i], out, 3) != 0, "%s", BAD[i]);
    ck_assert_int_eq(digest_unhex("", out, 0), 0);
}
END_TEST

START_TEST(writes_base64url_without_padding)
{
    ck_assert_str_eq(digest_base64url(suite_arena(), "\xfb\xff\xfe", 3), "-__-");
    ck_assert_str_eq(digest_base64url(suite_arena(), "a", 1), "YQ");
    ck_assert_str_eq(digest_base64url(suite_arena(), "", 0), "");
}
END_TEST

START_TEST(reads_base64_padded_or_not)
{
    static const struct {
        const char *text, *plain;
    } SAMPLES[] = {{"", ""},
                   {"YQ==", "a"},
                   {"YQ", "a"},
                   {"YWI=", "ab"},
                   {"YWI", "ab"},
                   {"YWJj", "abc"},
                   {"a2V5Og==", "key:"},
                   {"a2V5Og", "key:"},
                   {"+/8=", "\xfb\xff"}};
    for (size_t i = 0; i < sizeof SAMPLES / sizeof *SAMPLES; i++) {
        size_t n = 99;
        uint8_t *out = digest_unbase64(suite_arena(), SAMPLES[i].text, &n);
        ck_assert_msg(out != NULL, "%s", SAMPLES[i].text);
        ck_assert_uint_eq(n, strlen(SAMPLES[i].plain));
        ck_assert_str_eq((const char *)out, SAMPLES[i].plain);
    }
}
END_TEST

START_TEST(rejects_what_is_not_base64)
{
    static const char *const BAD[] = {"Y",    "YQ=",   "YQ===", "=",     "====", "Y Q==", "YQ==\n",
                                      "YR==", "YQ==x", "-_8=",  "YWJj=", "é",    "YW!j",  "YWJjZ"};
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        size_t n;
        ck_assert_msg(digest_unbase64(suite_arena(), BAD[i], &n) == NULL, "%s", BAD[i]);
    }
}
END_TEST

suite_fn t_digest_suite;

Suite *t_digest_suite(void)
{
    TCase *t;
    Suite *s = suite_of("digest", &t);
    tcase_add_test(t, matches_published_sha256);
    tcase_add_test(t, a_sum_of_pieces_is_that_of_the_whole);
    tcase_add_test(t, matches_published_hmac);
    tcase_add_test(t, compares_lengths_and_bytes);
    tcase_add_test(t, fills_with_randomness);
    tcase_add_test(t, reads_hex_exactly);
    tcase_add_test(t, writes_base64url_without_padding);
    tcase_add_test(t, reads_base64_padded_or_not);
    tcase_add_test(t, rejects_what_is_not_base64);
    return s;
}
