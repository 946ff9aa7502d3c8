#include "api/rig.h"
#include "core/digest.h"
#include "core/limits.h"
#include "core/str.h"
#include "store/gateways.h"
#include "store/jobs.h"
#include <string.h>

#define SECRET "whsec_of_the_shop"
#define EVENT  "{\"event\":\"payment.captured\",\"payload\":{}}"
#define NOW_S  "1800000000"

/* ---- gateways with secrets ----------------------------------------------------------------------
 */

static enum rc set_secret(struct sql *q, void *arg, struct err *e)
{
    struct gateway_row g;
    size_t n;
    enum rc rc = gateways_by_name(q, desk.arena, desk.merchant, arg, &g, e);
    if (rc != RC_OK)
        return rc;
    const uint8_t *sealed =
        secret_seal(desk.arena, &rig.app.desk_key.pub, SECRET, strlen(SECRET), &n);
    return gateways_set_hook_secret(q, g.id, sealed, n, e);
}

static void open_hooks(void)
{
    struct err e;
    rig_open();
    const char *secret = arena_printf(desk.arena, "%s/desk.key", desk.folder);
    const char *public = arena_printf(desk.arena, "%s/desk.pub", desk.folder);
    ck_assert_int_eq(secret_keys_create(secret, public, &e), RC_OK);
    ck_assert_int_eq(secret_load_secret(secret, &rig.app.desk_key, &e), RC_OK);
    static char names[][9] = {"RAZORPAY", "STRIPE"};
    for (int i = 0; i < COUNT(names); i++)
        desk_write(set_secret, names[i]);
}

static const char *hex_of(const char *text)
{
    uint8_t mac[DIGEST_BYTES];
    digest_hmac(SECRET, strlen(SECRET), text, strlen(text), mac);
    return digest_hex(rig.arena, mac, sizeof mac);
}

/* ---- calls
 * ---------------------------------------------------------------------------------------
 */

static struct rig_answer razorpay(const char *signature, const char *event_id, const char *body)
{
    struct req *r = double_request(&rig, "POST", "/webhooks/razorpay");
    if (signature)
        double_header(r, "x-razorpay-signature", signature);
    if (event_id)
        double_header(r, "x-razorpay-event-id", event_id);
    double_body(r, DOUBLE_JSON, body);
    return rig_send(r);
}

static struct rig_answer stripe(const char *header, const char *body)
{
    struct req *r = double_request(&rig, "POST", "/webhooks/stripe");
    if (header)
        double_header(r, "stripe-signature", header);
    double_body(r, DOUBLE_JSON, body);
    return rig_send(r);
}

static void is_ok(struct rig_answer answer)
{
    ck_assert_int_eq(answer.status, 200);
    ck_assert_str_eq(answer.body, "{\"status\":\"ok\"}");
}

static void is_unsigned(struct rig_answer answer)
{
    ck_assert_int_eq(answer.status, 401);
    ck_assert_str_eq(rig_member(&answer, "error_code"), "access_denied");
}

/* ---- cases
 * ---------------------------------------------------------------------------------------
 */

START_TEST(a_signed_event_is_kept_once)
{
    is_ok(razorpay(hex_of(EVENT), NULL, EVENT));
    is_ok(razorpay(hex_of(EVENT), NULL, EVENT));
    ck_assert_int_eq(shop_jobs(JOB_NEWS), 1);
}
END_TEST

START_TEST(the_unsigned_event_id_decides_nothing)
{
    is_ok(razorpay(hex_of(EVENT), "evt_1", EVENT));
    is_ok(razorpay(hex_of(EVENT), "evt_2", EVENT)); /* replayed under another name */
    ck_assert_int_eq(shop_jobs(JOB_NEWS), 1);
    is_ok(razorpay(hex_of(EVENT " "), "evt_1", EVENT " ")); /* a name that a replay has used up */
    ck_assert_int_eq(shop_jobs(JOB_NEWS), 2);
}
END_TEST

START_TEST(a_forged_event_leaves_nothing)
{
    const char *good = hex_of(EVENT);
    is_unsigned(razorpay(NULL, "evt_1", EVENT));
    is_unsigned(razorpay("", "evt_1", EVENT));
    is_unsigned(razorpay(hex_of("x"), "evt_1", EVENT));
    is_unsigned(razorpay(good, "evt_1", EVENT " "));
    is_unsigned(razorpay(good, "evt_1", "{\"event\":\"payment.captured\", \"payload\":{}}"));
    is_unsigned(razorpay(good, "evt_1", "not JSON"));
    is_unsigned(stripe(arena_printf(rig.arena, "t=" NOW_S ",v1=%s", good), EVENT));
    ck_assert_int_eq(shop_jobs(JOB_NEWS), 0);
}
END_TEST

START_TEST(an_old_signature_is_a_replay)
{
    static const char body[] = "{\"id\":\"evt_9\",\"type\":\"refund.created\",\"data\":{}}";
    const char *header = arena_printf(rig.arena, "t=" NOW_S ",v1=%s",
                                      hex_of(arena_printf(rig.arena, NOW_S ".%s", body)));
    is_ok(stripe(header, body));
    is_ok(stripe(header, body));
    ck_assert_int_eq(shop_jobs(JOB_NEWS), 1);
    double_advance(&rig, 300001);
    is_unsigned(stripe(header, body));
    double_advance(&rig, -600002);
    is_unsigned(stripe(header, body));
}
END_TEST

static enum rc clear_secrets(struct sql *q, void *arg, struct err *e)
{
    struct gateway_row g;
    (void)arg;
    enum rc rc = gateways_by_name(q, desk.arena, desk.merchant, "RAZORPAY", &g, e);
    return rc == RC_OK ? gateways_set_hook_secret(q, g.id, NULL, 0, e) : rc;
}

START_TEST(no_secret_says_the_same_as_a_wrong_one)
{
    struct rig_answer wrong = razorpay(hex_of("x"), NULL, EVENT);
    desk_write(clear_secrets, NULL);
    double_advance(&rig, 3000);
    struct rig_answer none = razorpay(hex_of(EVENT), NULL, EVENT);
    is_unsigned(wrong);
    is_unsigned(none);
    ck_assert_str_eq(rig_member(&wrong, "error_message"), rig_member(&none, "error_message"));
}
END_TEST

START_TEST(signed_rubbish_is_400)
{
    static const char *const bodies[] = {
        "{", "[]", "7", "", "{\"a\":\"\\u0000\"}", "{\"a\":1,\"a\":2}"};
    for (int i = 0; i < COUNT(bodies); i++) {
        struct rig_answer answer = razorpay(hex_of(bodies[i]), NULL, bodies[i]);
        ck_assert_msg(answer.status == 400, "%s: %d", bodies[i], answer.status);
    }
    ck_assert_int_eq(shop_jobs(JOB_NEWS), 0);
}
END_TEST

START_TEST(the_vendors_events_come_with_a_key)
{
    is_ok(rig_json("/webhooks/juspay", "{\"id\":\"evt_V2_1\",\"event_name\":\"SOMETHING_NEW\","
                                       "\"content\":{}}"));
    is_ok(rig_json("/webhooks/juspay", "{\"id\":\"evt_V2_1\",\"event_name\":\"SOMETHING_NEW\","
                                       "\"content\":{}}"));
    ck_assert_int_eq(shop_jobs(JOB_NEWS), 1);
    ck_assert_int_eq(rig_json("/webhooks/juspay", "{\"id\":").status, 400);
    ck_assert_int_eq(rig_json("/webhooks/juspay", "[]").status, 400);
    struct req *r = double_request(&rig, "POST", "/webhooks/juspay");
    double_body(r, DOUBLE_JSON, "{}");
    is_unsigned(rig_send(r));
}
END_TEST

START_TEST(needs_the_intake_scope)
{
    double_key(&rig, "readers-key", SCOPE_READ | SCOPE_REFUND, 0);
    struct req *r = double_request(&rig, "POST", "/webhooks/juspay");
    double_header(r, "authorization", double_basic(&rig, "readers-key:"));
    double_body(r, DOUBLE_JSON, "{}");
    ck_assert_int_eq(rig_send(r).status, 403);
}
END_TEST

START_TEST(a_body_just_over_64_kib_is_413)
{
    struct buf body;
    buf_init(&body, rig.arena);
    buf_puts(&body, "{\"a\":\"");
    while (body.len < LIMIT_HOOK_BODY_BYTES - 2)
        buf_putc(&body, 'x');
    const char *fits = arena_printf(rig.arena, "%s\"}", buf_text(&body));
    const char *over = arena_printf(rig.arena, "%s\"} ", buf_text(&body));
    ck_assert_uint_eq(strlen(fits), LIMIT_HOOK_BODY_BYTES);
    is_ok(rig_json("/webhooks/juspay", fits));
    ck_assert_int_eq(rig_json("/webhooks/juspay", over).status, 413);
    is_ok(razorpay(hex_of(fits), NULL, fits));
    ck_assert_int_eq(razorpay(hex_of(over), NULL, over).status, 413);
}
END_TEST

suite_fn t_hooks_suite;
Suite *t_hooks_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("hooks", &tc);
    tcase_add_checked_fixture(tc, open_hooks, rig_close);
    tcase_add_test(tc, a_signed_event_is_kept_once);
    tcase_add_test(tc, the_unsigned_event_id_decides_nothing);
    tcase_add_test(tc, a_forged_event_leaves_nothing);
    tcase_add_test(tc, an_old_signature_is_a_replay);
    tcase_add_test(tc, no_secret_says_the_same_as_a_wrong_one);
    tcase_add_test(tc, signed_rubbish_is_400);
    tcase_add_test(tc, the_vendors_events_come_with_a_key);
    tcase_add_test(tc, needs_the_intake_scope);
    tcase_add_test(tc, a_body_just_over_64_kib_is_413);
    return s;
}
