/*
 * Beneficiaries by themselves: what is read, what each field may hold, what is sealed and shown.
 */
#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"
#include "refund/account.h"
#include "refund/country.h"
#include "refund/shop.h"
#include "support/suite.h"
#include <string.h>

#define BANK_DETAILS                                                                       \
    "{\"first_name\":\"John\",\"last_name\":\"Wick\",\"account\":\"026687138997581\","     \
    "\"bank_code\":\"JP_MY_PUBLIC\",\"address\":{\"city\":\"Singapore\",\"country_code\":" \
    "\"SGP\",\"postcode\":\"238858\",\"street_address\":\"8, Bencoolen St\",\"state\":"    \
    "\"Singapore\"}}"
#define BANK                                                                              \
    "{\"details\":" BANK_DETAILS ",\"transfer_type\":\"LOCAL\",\"payout_mode\":\"FAST\"," \
    "\"type\":\"BANK_TRANSFER\"}"
#define IFSC                                                                                     \
    "{\"type\":\"ACCOUNT_IFSC\",\"details\":{\"name\":\"Asha Rao\",\"account\":\"00012345678\"," \
    "\"ifsc\":\"hdfc0000123\"}}"
#define UPI "{\"type\":\"UPI_ID\",\"details\":{\"name\":\"Asha Rao\",\"vpa\":\"asha.rao@okbank\"}}"

static enum rc seal(const char *json, struct payee *out, const char **field, struct err *e)
{
    struct payout_ask ask = {0};
    *field = "";
    enum rc rc = payout_read(desk.arena, json, &ask, e);
    ck_assert_msg(rc == RC_OK, "%s: %s", json, e->text);
    return payout_seal(desk.arena, &ask, &shop.worker_key, out, field, e);
}

static const char *opened(const struct payee *p)
{
    size_t n;
    const char *text = secret_open(desk.arena, &shop_secret, p->sealed, p->sealed_n, &n);
    ck_assert_ptr_nonnull(text);
    return text;
}

static struct payee sealed(const char *json)
{
    struct payee p = {0};
    const char *field;
    struct err e = {0};
    enum rc rc = seal(json, &p, &field, &e);
    ck_assert_msg(rc == RC_OK, "%s: %s %s", json, rc_name(rc), e.text);
    return p;
}

/* json with `from` replaced by `to`, once. */
static const char *with(const char *json, const char *from, const char *to)
{
    const char *at = strstr(json, from);
    ck_assert_msg(at != NULL, "%s is not in %s", from, json);
    return arena_printf(desk.arena, "%.*s%s%s", (int)(at - json), json, to, at + strlen(from));
}

START_TEST(seals_each_type)
{
    struct payee p = sealed(BANK);
    ck_assert_str_eq(p.type, "BANK_TRANSFER");
    ck_assert_str_eq(p.name, "John Wick");
    ck_assert_str_eq(p.masked, "•••• 7581");
    ck_assert_str_eq(p.transfer_type, "LOCAL");
    ck_assert_str_eq(p.payout_mode, "FAST");
    ck_assert_ptr_null(p.beneficiary_id);
    struct json_object *details;
    struct err e;
    ck_assert_int_eq(json_read(desk.arena, opened(&p), strlen(opened(&p)), &details, &e), RC_OK);
    ck_assert_str_eq(json_text(desk.arena, details, "account"), "026687138997581");
    ck_assert_str_eq(json_text(desk.arena, json_get(details, "address"), "city"), "Singapore");
    p = sealed(IFSC);
    ck_assert_str_eq(p.name, "Asha Rao");
    ck_assert_str_eq(p.masked, "•••• 5678");
    ck_assert_ptr_null(p.transfer_type);
    ck_assert_ptr_nonnull(strstr(opened(&p), "HDFC0000123"));
    p = sealed(UPI);
    ck_assert_str_eq(p.masked, "a•••@okbank");
    ck_assert_ptr_nonnull(strstr(opened(&p), "\"asha.rao@okbank\""));
}
END_TEST

START_TEST(nothing_of_the_account_is_in_the_clear)
{
    struct payee p = sealed(BANK);
    ck_assert_ptr_null(memmem(p.sealed, p.sealed_n, "7138", 4));
    ck_assert_ptr_null(strstr(p.masked, "99758"));
    struct payee again = sealed(BANK);
    ck_assert(p.sealed_n == again.sealed_n && memcmp(p.sealed, again.sealed, p.sealed_n) != 0);
}
END_TEST

/* The vendor's own example, in which a comma is missing. */
START_TEST(names_the_byte_where_json_breaks)
{
    struct payout_ask ask = {0};
    struct err e;
    const char *broken = "{\n  \"details\": {\n    \"first_name\": \"John\",\n    \"last_name\" : "
                         "\"Wick\"\n    \"account\": \"026687138997581\"\n  }\n}";
    ck_assert_int_eq(payout_read(desk.arena, broken, &ask, &e), RC_INVALID);
    long at = strstr(broken, "\"account\"") - broken;
    ck_assert_msg(strstr(e.text, "beneficiary_details: ") == e.text, "%s", e.text);
    ck_assert_msg(strstr(e.text, arena_printf(desk.arena, "byte %ld", at)) != NULL, "%s", e.text);
}
END_TEST

static const char *const unreadable[] = {"",
                                         "null",
                                         "[]",
                                         "7",
                                         "\"x\"",
                                         "{",
                                         "{\"type\":7}",
                                         "{\"type\":{}}",
                                         "{\"type\":\"UPI_ID\"}x",
                                         "{\"details\":[]}",
                                         "{\"details\":\"x\"}",
                                         "{\"transfer_type\":true}",
                                         "{\"payout_mode\":1}",
                                         "{\"type\":\"a\",\"type\":\"b\"}",
                                         "{\"type\":\"\\u0000\"}",
                                         "{\"type\":\"\xff\"}"};

START_TEST(refuses_what_is_no_object_of_texts)
{
    struct payout_ask ask = {0};
    struct err e = {0};
    ck_assert_int_eq(payout_read(desk.arena, unreadable[_i], &ask, &e), RC_INVALID);
    ck_assert_msg(strncmp(e.text, "beneficiary_details", 19) == 0, "%s", e.text);
}
END_TEST

static const struct {
    const char *json, *from, *to;
    const char *field; /* below beneficiary_details; "" : itself */
    bool missing;
} wrong[] = {
    {BANK, "\"type\":\"BANK_TRANSFER\"", "\"type\":null", ".type", true},
    {BANK, "\"BANK_TRANSFER\"", "\"BANK\"", ".type", false},
    {BANK, "\"BANK_TRANSFER\"", "\"bank_transfer\"", ".type", false},
    {BANK, BANK_DETAILS, "null", ".details", true},
    {BANK, BANK_DETAILS, "{}", ".details.first_name", true},
    {BANK, "\"LOCAL\"", "null", ".transfer_type", true},
    {BANK, "\"LOCAL\"", "\"local\"", ".transfer_type", false},
    {BANK, "\"FAST\"", "\"\"", ".payout_mode", true},
    {BANK, "\"FAST\"", "\"SLOW\"", ".payout_mode", false},
    {BANK, "\"FAST\"", "\"IBAN\"", ".details.account", false},
    {BANK, "\"John\"", "\"\"", ".details.first_name", true},
    {BANK, "\"John\"", "\"  \"", ".details.first_name", true},
    {BANK, "\"John\"", "true", ".details.first_name", false},
    {BANK, "\"John\"", "{}", ".details.first_name", false},
    {BANK, "\"John\"", "\"J\\nX\"", ".details.first_name", false},
    {BANK, "\"Wick\"", "null", ".details.last_name", true},
    {BANK, "\"026687138997581\"", "null", ".details.account", true},
    {BANK, "\"026687138997581\"", "\"1234\"", ".details.account", false},
    {BANK, "\"026687138997581\"", "\"12345-678\"", ".details.account", false},
    {BANK, "\"026687138997581\"", "1.5e9", ".details.account", false},
    {BANK, "\"026687138997581\"", "-12345678", ".details.account", false},
    {BANK, "\"026687138997581\"", "\"०१२३४५६७\"", ".details.account", false},
    {BANK, "\"JP_MY_PUBLIC\"", "\"J\"", ".details.bank_code", false},
    {BANK, "\"JP_MY_PUBLIC\"", "\"JP MY\"", ".details.bank_code", false},
    {BANK, "\"SGP\"", "\"SGX\"", ".details.address.country_code", false},
    {BANK, "\"SGP\"", "\"S\"", ".details.address.country_code", false},
    {BANK, "\"SGP\"", "\"SGPX\"", ".details.address.country_code", false},
    {BANK, "\"238858\"", "\"23_8858\"", ".details.address.postcode", false},
    {BANK, "\"238858\"", "\"12345678901234567\"", ".details.address.postcode", false},
    {BANK, "\"8, Bencoolen St\"", "null", ".details.address.street_address", true},
    {BANK, "\"address\":{", "\"address\":7,\"x\":{", ".details.address.street_address", false},
    {IFSC, "\"hdfc0000123\"", "\"HDFC1000123\"", ".details.ifsc", false},
    {IFSC, "\"hdfc0000123\"", "\"HDF00000123\"", ".details.ifsc", false},
    {IFSC, "\"hdfc0000123\"", "\"HDFC000012\"", ".details.ifsc", false},
    {IFSC, "\"hdfc0000123\"", "\"HDFC00001234\"", ".details.ifsc", false},
    {IFSC, "\"Asha Rao\"", "null", ".details.name", true},
    {UPI, "asha.rao@okbank", "asha.rao", ".details.vpa", false},
    {UPI, "asha.rao@okbank", "@okbank", ".details.vpa", false},
    {UPI, "asha.rao@okbank", "asha@", ".details.vpa", false},
    {UPI, "asha.rao@okbank", "asha@ok.bank", ".details.vpa", false},
    {UPI, "asha.rao@okbank", "asha@1bank", ".details.vpa", false},
    {UPI, "asha.rao@okbank", "as ha@okbank", ".details.vpa", false},
    {UPI, "asha.rao@okbank", "a@b@okbank", ".details.vpa", false},
};

START_TEST(names_the_field_that_is_wrong_and_never_its_value)
{
    struct payee p;
    const char *field;
    struct err e = {0};
    enum rc rc = seal(with(wrong[_i].json, wrong[_i].from, wrong[_i].to), &p, &field, &e);
    ck_assert_msg(rc == (wrong[_i].missing ? RC_NOT_FOUND : RC_INVALID), "%s -> %s: %s %s",
                  wrong[_i].from, wrong[_i].to, rc_name(rc), e.text);
    ck_assert_str_eq(field, arena_printf(desk.arena, "beneficiary_details%s", wrong[_i].field));
    ck_assert_msg(strncmp(e.text, field, strlen(field)) == 0, "%s", e.text);
    if (!wrong[_i].missing && strchr(wrong[_i].to, '1') != NULL)
        ck_assert_ptr_null(strstr(e.text, "23456"));
}
END_TEST

static const struct {
    const char *json, *from, *to, *kept;
} right[] = {
    {BANK, "\"John\"", "\"Zoë\"", "Zoë"},
    {BANK, "\"John\"", "\" 王\"", "\"王\""},
    {BANK, "\"SGP\"", "\"sg\"", "\"SG\""},
    {BANK, "\"238858\"", "\"SW1A 1AA\"", "SW1A 1AA"},
    {BANK, "\"238858\"", "238858", "\"238858\""},
    {BANK, "\"026687138997581\"", "\"0266 8713 8997 581\"", "\"026687138997581\""},
    {BANK, "\"026687138997581\"", "26687138997581", "\"26687138997581\""},
    {BANK, "\"026687138997581\"", "12345678901234567890123456", "\"12345678901234567890123456\""},
    {BANK, "\"address\":{", "\"note\":\"x\",\"address\":{", "\"JP_MY_PUBLIC\""},
};

START_TEST(takes_what_people_write)
{
    struct payee p = sealed(with(right[_i].json, right[_i].from, right[_i].to));
    ck_assert_msg(strstr(opened(&p), right[_i].kept) != NULL, "%s", opened(&p));
    ck_assert_ptr_null(strstr(opened(&p), "note"));
}
END_TEST

static const struct {
    const char *iban;
    bool valid;
} ibans[] = {
    {"GB82WEST12345698765432", true},          {"gb82 west 1234 5698 7654 32", true},
    {"DE89370400440532013000", true},          {"NO9386011117947", true},
    {"MT84MALT011000012345MTLCAST001S", true}, {"GB83WEST12345698765432", false},
    {"GB82WEST12345698765423", false},         {"DE8937040044053201300", false},
    {"XX89370400440532013000", false},         {"8937040044053201300012", false},
    {"GB82-WEST-1234-5698-7654-32", false},    {"NO938601111794", false},
};

START_TEST(an_iban_has_its_check_digits)
{
    struct payee p;
    const char *field;
    struct err e;
    const char *json = with(with(BANK, "\"FAST\"", "\"IBAN\""), "026687138997581", ibans[_i].iban);
    enum rc rc = seal(json, &p, &field, &e);
    ck_assert_msg(rc == (ibans[_i].valid ? RC_OK : RC_INVALID), "%s", ibans[_i].iban);
    if (!ibans[_i].valid)
        ck_assert_str_eq(field, "beneficiary_details.details.account");
}
END_TEST

/* The value of a field, as long as it may be and one byte longer. */
START_TEST(fields_are_as_long_as_they_may_be)
{
    int n_types;
    const struct payout_type *types = payout_types(&n_types);
    for (int t = 0; t < n_types; t++) {
        for (int i = 0; i < types[t].n_fields; i++) {
            const struct payout_field *f = &types[t].fields[i];
            if (f->shape == PAYOUT_COUNTRY || f->shape == PAYOUT_IFSC)
                continue;
            char *text = arena_alloc(desk.arena, f->most_bytes + 2);
            memset(text, 'x', f->most_bytes + 1);
            if (f->shape == PAYOUT_VPA)
                text[2] = '@';
            const char *value = text;
            ck_assert_ptr_nonnull(
                account_check(desk.arena, f->shape, false, f->most_bytes, &value));
            text[f->most_bytes] = '\0';
            value = text;
            ck_assert_ptr_null(account_check(desk.arena, f->shape, false, f->most_bytes, &value));
        }
    }
}
END_TEST

START_TEST(examples_are_right)
{
    int n_types;
    const struct payout_type *types = payout_types(&n_types);
    ck_assert_int_eq(n_types, 3);
    for (int t = 0; t < n_types; t++) {
        for (int i = 0; i < types[t].n_fields; i++) {
            const struct payout_field *f = &types[t].fields[i];
            const char *value = f->like;
            ck_assert_msg(account_check(desk.arena, f->shape, false, f->most_bytes, &value) == NULL,
                          "%s", f->name);
        }
    }
}
END_TEST

START_TEST(short_accounts_show_less)
{
    ck_assert_str_eq(account_mask(desk.arena, "12345"), "•••• 45");
    ck_assert_str_eq(account_mask(desk.arena, "1234567"), "•••• 67");
    ck_assert_str_eq(account_mask(desk.arena, "12345678"), "•••• 5678");
}
END_TEST

START_TEST(knows_the_countries)
{
    static const char *const good[] = {"AD", "AND", "IN", "IND", "SG", "SGP", "ZW", "ZWE"};
    static const char *const bad[] = {"", "A", "AA", "ANDA", "NDA", "DA", "sg", "XK", "   ", "D A"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        ck_assert_msg(country_known(good[i]), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_msg(!country_known(bad[i]), "%s", bad[i]);
}
END_TEST

static const struct {
    const char *json;
    enum rc rc;
} preferences[] = {
    {"{\"gateway\":\"AIRWALLEX\",\"gateway_reference_id\":\"bus\"}", RC_OK},
    {"{\"gateway\":\"2C2P\"}", RC_OK},
    {"{\"gateway\":\"2C2P\",\"gateway_reference_id\":null}", RC_OK},
    {"{}", RC_NOT_FOUND},
    {"{\"gateway\":\"\"}", RC_NOT_FOUND},
    {"{\"gateway\":2}", RC_INVALID},
    {"{\"gateway\":\"2C2P\",\"gateway_reference_id\":[]}", RC_INVALID},
    {"AIRWALLEX", RC_INVALID},
    {"[]", RC_INVALID},
};

START_TEST(reads_the_preferred_gateway)
{
    struct payout_ask ask = {0};
    struct err e = {0};
    ck_assert_int_eq(payout_read_gateway(desk.arena, preferences[_i].json, &ask, &e),
                     preferences[_i].rc);
    if (preferences[_i].rc != RC_OK)
        ck_assert_msg(strncmp(e.text, "preferred_gateway", 17) == 0, "%s", e.text);
    else
        ck_assert(!str_empty(ask.gateway));
}
END_TEST

#define LOOP(tc, test, rows) tcase_add_loop_test(tc, test, 0, sizeof(rows) / sizeof(rows)[0])

suite_fn t_payout_suite;
Suite *t_payout_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("payout", &tc);
    tcase_add_checked_fixture(tc, shop_open, shop_close);
    tcase_add_test(tc, seals_each_type);
    tcase_add_test(tc, nothing_of_the_account_is_in_the_clear);
    tcase_add_test(tc, names_the_byte_where_json_breaks);
    LOOP(tc, refuses_what_is_no_object_of_texts, unreadable);
    LOOP(tc, names_the_field_that_is_wrong_and_never_its_value, wrong);
    LOOP(tc, takes_what_people_write, right);
    LOOP(tc, an_iban_has_its_check_digits, ibans);
    tcase_add_test(tc, fields_are_as_long_as_they_may_be);
    tcase_add_test(tc, examples_are_right);
    tcase_add_test(tc, short_accounts_show_less);
    tcase_add_test(tc, knows_the_countries);
    LOOP(tc, reads_the_preferred_gateway, preferences);
    return s;
}
