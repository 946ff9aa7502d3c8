#include "core/limits.h"
#include "core/str.h"
#include "web/auth_key.h"
#include "web/double.h"
#include "web/suites.h"
#include <string.h>

#define KEY "1D6A2F0C5B7E4D9A8C3F1E2B4A6D8F01"

static struct double_app d;
static struct err e;
static int64_t key;

static void setup(void)
{
    double_open(&d);
    key = double_key(&d, KEY, SCOPE_READ | SCOPE_REFUND, 0);
}

static void teardown(void)
{
    double_close(&d);
}

static struct req *asked(const char *authorization)
{
    struct req *r = double_request(&d, "GET", "/");
    if (authorization)
        double_header(r, "authorization", authorization);
    return r;
}

static enum rc load(const char *authorization)
{
    return auth_key_load(asked(authorization), &e);
}

START_TEST(a_key_tells_who_it_is)
{
    struct req *r = asked(double_basic(&d, KEY ":"));
    for (int i = 0; i < 2; i++) { /* read, and remembered */
        memset(&r->actor, 0, sizeof r->actor);
        ck_assert_int_eq(auth_key_load(r, &e), RC_OK);
        ck_assert_int_eq(r->actor.kind, ACTOR_API);
        ck_assert_int_eq(r->actor.merchant, d.merchant);
        ck_assert_str_eq(r->actor.merchant_id, "acme");
        ck_assert_str_eq(r->actor.name, "API");
        ck_assert_int_eq(r->actor.user, key);
        ck_assert_int_eq(r->actor.scopes, SCOPE_READ | SCOPE_REFUND);
    }
}
END_TEST

struct credentials {
    const char *before, *text, *after;
    enum rc rc;
};

static const struct credentials CREDENTIALS[] = {
    {"", KEY, "", RC_OK},
    {"", KEY ":", "", RC_OK},
    {"", KEY ":x", "", RC_UNAUTHORIZED},
    {"", KEY "::", "", RC_UNAUTHORIZED},
    {"", ":" KEY, "", RC_UNAUTHORIZED},
    {"", ":", "", RC_UNAUTHORIZED},
    {"", "", "", RC_UNAUTHORIZED},
    {"", KEY "0", "", RC_UNAUTHORIZED},
    {"", "1d6a2f0c5b7e4d9a8c3f1e2b4a6d8f01", "", RC_UNAUTHORIZED},
    {"", " " KEY, "", RC_UNAUTHORIZED},
    {"", KEY "\n", "", RC_UNAUTHORIZED},
    {"", "\xff\xfe", "", RC_UNAUTHORIZED},
    {"", KEY, " ", RC_OK},
    {"", KEY, "!", RC_UNAUTHORIZED},
    {"x", KEY, "", RC_UNAUTHORIZED},
};

START_TEST(reads_basic_credentials)
{
    const struct credentials *c = &CREDENTIALS[_i];
    const char *header =
        arena_printf(d.arena, "%s%s%s", c->before, double_basic(&d, c->text), c->after);
    ck_assert_int_eq(load(header), c->rc);
}
END_TEST

START_TEST(reads_the_scheme_in_any_case)
{
    const char *encoded = double_basic(&d, KEY ":") + strlen("Basic ");
    static const struct {
        const char *scheme;
        enum rc rc;
    } SCHEMES[] = {{"Basic ", RC_OK},
                   {"basic ", RC_OK},
                   {"BASIC   ", RC_OK},
                   {"Basic\t", RC_OK},
                   {"Bearer ", RC_UNAUTHORIZED},
                   {"Basic", RC_UNAUTHORIZED},
                   {"", RC_UNAUTHORIZED},
                   {"Basics ", RC_UNAUTHORIZED}};
    for (int i = 0; i < COUNT(SCHEMES); i++)
        ck_assert_msg(load(arena_printf(d.arena, "%s%s", SCHEMES[i].scheme, encoded)) ==
                          SCHEMES[i].rc,
                      "%s", SCHEMES[i].scheme);
    ck_assert_int_eq(load(NULL), RC_UNAUTHORIZED);
    ck_assert_int_eq(load(""), RC_UNAUTHORIZED);
    ck_assert_int_eq(load("Basic"), RC_UNAUTHORIZED);
    ck_assert_int_eq(load("Basic "), RC_UNAUTHORIZED);
}
END_TEST

START_TEST(a_zero_byte_does_not_end_a_key)
{
    /* base64 of KEY, a zero byte, "x" */
    char raw[sizeof KEY + 1];
    memcpy(raw, KEY, sizeof KEY);
    raw[sizeof KEY] = 'x';
    char text[128] = "Basic ";
    static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *out = text + 6;
    for (size_t i = 0; i + 2 < sizeof raw + 2; i += 3) {
        unsigned v = 0;
        size_t n = sizeof raw - i < 3 ? sizeof raw - i : 3;
        for (size_t k = 0; k < 3; k++)
            v = v << 8 | (k < n ? (unsigned char)raw[i + k] : 0);
        for (size_t k = 0; k <= n; k++)
            *out++ = DIGITS[v >> (18 - 6 * k) & 63];
    }
    ck_assert_int_eq(load(text), RC_UNAUTHORIZED);
}
END_TEST

START_TEST(a_long_header_is_refused)
{
    char header[LIMIT_HEADER_BYTES + 20] = "Basic ";
    memset(header + 6, 'A', LIMIT_HEADER_BYTES);
    ck_assert_int_eq(load(header), RC_UNAUTHORIZED);
}
END_TEST

struct merchant_case {
    const char *name, *value;
    enum rc rc;
};

static const struct merchant_case MERCHANTS[] = {
    {"x-merchantid", "acme", RC_OK},
    {"x-merchant-id", "acme", RC_OK},
    {"X-MerchantId", "acme", RC_OK},
    {"x-merchantid", " acme ", RC_OK},
    {"x-merchantid", "", RC_OK},
    {"x-routing-id", "other", RC_OK},
    {"x-merchantid", "other", RC_UNAUTHORIZED},
    {"x-merchant-id", "other", RC_UNAUTHORIZED},
    {"X-MERCHANTID", "other", RC_UNAUTHORIZED},
    {"X-Merchant-Id", "other", RC_UNAUTHORIZED},
    {"x-merchantid", "ACME", RC_UNAUTHORIZED},
    {"x-merchantid", "acme2", RC_UNAUTHORIZED},
    {"x-merchantid", "acm", RC_UNAUTHORIZED},
};

START_TEST(a_merchant_header_names_the_keys_own)
{
    struct req *r = asked(double_basic(&d, KEY));
    double_header(r, MERCHANTS[_i].name, MERCHANTS[_i].value);
    ck_assert_int_eq(auth_key_load(r, &e), MERCHANTS[_i].rc);
}
END_TEST

START_TEST(every_merchant_header_is_looked_at)
{
    struct req *r = asked(double_basic(&d, KEY));
    double_header(r, "x-merchantid", "acme");
    double_header(r, "x-merchant-id", "acme");
    ck_assert_int_eq(auth_key_load(r, &e), RC_OK);
    double_header(r, "x-merchantid", "other");
    ck_assert_int_eq(auth_key_load(r, &e), RC_UNAUTHORIZED);
}
END_TEST

START_TEST(an_expired_key_is_refused)
{
    double_key(&d, "expires", SCOPE_READ, DOUBLE_NOW_MS + 1000);
    const char *header = double_basic(&d, "expires");
    ck_assert_int_eq(load(header), RC_OK);
    double_advance(&d, 999);
    ck_assert_int_eq(load(header), RC_OK);
    double_advance(&d, 1);
    ck_assert_int_eq(load(header), RC_UNAUTHORIZED);
}
END_TEST

START_TEST(a_revoked_key_is_refused_within_five_seconds)
{
    const char *header = double_basic(&d, KEY);
    ck_assert_int_eq(load(header), RC_OK);
    double_revoke(&d, key);
    double_advance(&d, 4900);
    ck_assert_int_eq(load(header), RC_UNAUTHORIZED);
}
END_TEST

START_TEST(a_key_revoked_before_it_is_seen_is_refused_at_once)
{
    double_revoke(&d, key);
    ck_assert_int_eq(load(double_basic(&d, KEY)), RC_UNAUTHORIZED);
}
END_TEST

START_TEST(a_remembered_key_belongs_to_its_database)
{
    struct double_app other;
    const char *header = double_basic(&d, KEY);
    ck_assert_int_eq(load(header), RC_OK);
    double_open(&other);
    struct req *r = double_request(&other, "GET", "/");
    double_header(r, "authorization", header);
    ck_assert_int_eq(auth_key_load(r, &e), RC_UNAUTHORIZED);
    double_close(&other);
}
END_TEST

struct used {
    uint8_t hash[DIGEST_BYTES];
    int64_t used_ms;
};

static enum rc read_used(struct sql *q, void *arg, struct err *err)
{
    struct used *u = arg;
    struct api_key k;
    enum rc rc = api_keys_get(q, d.arena, u->hash, DOUBLE_NOW_MS, &k, err);
    u->used_ms = k.used_ms;
    return rc;
}

static int64_t used_ms(void)
{
    struct used u;
    digest_sha256(KEY, strlen(KEY), u.hash);
    double_read(&d, read_used, &u);
    return u.used_ms;
}

START_TEST(last_used_is_written_once_a_minute)
{
    const char *header = double_basic(&d, KEY);
    ck_assert_int_eq(used_ms(), 0);
    ck_assert_int_eq(load(header), RC_OK);
    ck_assert_int_eq(used_ms(), DOUBLE_NOW_MS);
    double_advance(&d, 59999);
    ck_assert_int_eq(load(header), RC_OK);
    ck_assert_int_eq(used_ms(), DOUBLE_NOW_MS);
    double_advance(&d, 1);
    ck_assert_int_eq(load(header), RC_OK);
    ck_assert_int_eq(used_ms(), DOUBLE_NOW_MS + 60000);
}
END_TEST

Suite *t_auth_key_suite(void)
{
    TCase *t;
    Suite *s = suite_of("auth_key", &t);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, a_key_tells_who_it_is);
    tcase_add_loop_test(t, reads_basic_credentials, 0, COUNT(CREDENTIALS));
    tcase_add_test(t, reads_the_scheme_in_any_case);
    tcase_add_test(t, a_zero_byte_does_not_end_a_key);
    tcase_add_test(t, a_long_header_is_refused);
    tcase_add_loop_test(t, a_merchant_header_names_the_keys_own, 0, COUNT(MERCHANTS));
    tcase_add_test(t, every_merchant_header_is_looked_at);
    tcase_add_test(t, an_expired_key_is_refused);
    tcase_add_test(t, a_revoked_key_is_refused_within_five_seconds);
    tcase_add_test(t, a_key_revoked_before_it_is_seen_is_refused_at_once);
    tcase_add_test(t, a_remembered_key_belongs_to_its_database);
    tcase_add_test(t, last_used_is_written_once_a_minute);
    return s;
}
