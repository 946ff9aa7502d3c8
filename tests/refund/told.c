#include "refund/told.h"
#include "core/json.h"
#include "core/str.h"
#include "refund/order_body.h"
#include "refund/shop.h"
#include "support/suite.h"
#include <string.h>

static const char sample[] =
    "{\"udf9\":\"\",\"udf8\":\"\",\"udf7\":\"\",\"udf6\":\"\",\"udf5\":\"\",\"udf4\":\"\","
    "\"udf3\":\"\",\"udf2\":\"\",\"udf10\":\"\",\"udf1\":\"\","
    "\"txn_uuid\":\"eulwh5QbZSBvwpt7333f3\",\"txn_id\":\"merchant_success-JP1636474794-1\","
    "\"txn_detail\":{\"txn_uuid\":\"eulwh5QbZSBvwpt7333f3\","
    "\"txn_id\":\"merchant_success-JP1636474794-1\",\"txn_amount\":1,\"tax_amount\":null,"
    "\"surcharge_amount\":null,\"status\":\"CHARGED\",\"redirect\":true,"
    "\"order_id\":\"JP1636474794\",\"net_amount\":1,\"gateway_id\":23,\"gateway\":\"RAZORPAY\","
    "\"express_checkout\":true,\"error_message\":\"\",\"error_code\":\"\",\"currency\":\"INR\","
    "\"created\":\"2021-11-09T16:20:52Z\"},\"status_id\":21,\"status\":\"CHARGED\","
    "\"rewards_breakup\":null,\"return_url\":\"\",\"refunds\":[{\"unique_request_id\":"
    "\"TEST1637681731\",\"status\":\"PENDING\",\"sent_to_gateway\":false,"
    "\"refund_type\":\"STANDARD\",\"refund_source\":\"RAZORPAY\",\"ref\":null,"
    "\"initiated_by\":\"API\",\"id\":null,\"error_message\":\"\",\"error_code\":null,"
    "\"created\":\"2021-11-23T15:35:32Z\",\"amount\":1}],\"refunded\":true,\"product_id\":\"\","
    "\"payment_method_type\":\"CARD\",\"payment_method\":\"VISA\",\"payment_links\":{\"web\":"
    "\"https://pay.example/merchant/pay/ordeh_57dfd768bb7d4896bc0c3f30bc9ad77\",\"mobile\":"
    "\"https://pay.example/merchant/pay/ordeh_57dfd768bb7d4896bc0c3f30bc9ad77?mobile=true\","
    "\"iframe\":\"https://pay.example/merchant/ipay/ordeh_57dfd768bb7d4896bc0c3f30bc9ad77\"},"
    "\"payment_gateway_response\":{\"txn_id\":\"merchant_success-JP1636474794-1\","
    "\"rrn\":\"156555\",\"resp_message\":\"SUCCESS\",\"resp_code\":\"SUCCESS\","
    "\"epg_txn_id\":\"pay_IJZKtTpkiYWE24\",\"created\":\"2021-11-09T16:21:11Z\","
    "\"auth_id_code\":\"156555\"},\"order_id\":\"JP1636474794\",\"offers\":[],"
    "\"metadata\":{\"RAZORPAY:gateway_reference_id\":\"testmid\"},"
    "\"merchant_id\":\"merchant_success\",\"id\":\"ordeh_57dfd768bb7d4896bc0c3f30bc9ad77\","
    "\"gateway_reference_id\":\"testmid\",\"gateway_id\":23,\"effective_amount\":1,"
    "\"date_created\":\"2021-11-09T16:19:55Z\",\"customer_phone\":\"9999999999\","
    "\"customer_id\":\"testcardenc1\",\"customer_email\":\"test@gmail.com\",\"currency\":\"INR\","
    "\"card\":{\"using_token\":false,\"using_saved_card\":true,\"saved_to_locker\":false,"
    "\"name_on_card\":\"test\",\"last_four_digits\":\"\",\"expiry_year\":\"2024\","
    "\"expiry_month\":\"12\",\"card_type\":\"CREDIT\","
    "\"card_reference\":\"17a2ec4f27c918ttvbc58c9ae74090e\",\"card_issuer\":\"JP Morgan\","
    "\"card_isin\":\"411111\",\"card_fingerprint\":\"32qqi3svf5t5t37fq7ura2rgqqb\","
    "\"card_brand\":\"VISA\"},\"bank_pg\":null,\"bank_error_message\":\"\","
    "\"bank_error_code\":\"\",\"auth_type\":\"THREE_DS\",\"amount_refunded\":1,\"amount\":1}";

static struct json_object *parse(const char *json)
{
    struct json_object *o;
    struct err e;
    ck_assert_msg(json_read(desk.arena, json, strlen(json), &o, &e) == RC_OK, "%s: %s", json,
                  e.text);
    return o;
}

struct json_object *told_order(const struct told_member *members, int n)
{
    struct json_object *order = parse(sample);
    for (int i = 0; i < n; i++) {
        const char *dot = strchr(members[i].path, '.');
        struct json_object *in = order;
        if (dot != NULL)
            in = json_get(
                order, arena_strndup(desk.arena, members[i].path, (size_t)(dot - members[i].path)));
        const char *key = dot != NULL ? dot + 1 : members[i].path;
        ck_assert_ptr_nonnull(in);
        if (members[i].json == NULL) {
            json_object_object_del(in, key);
            continue;
        }
        struct json_object *value = parse(members[i].json);
        bool shared = json_object_is_type(value, json_type_object) ||
                      json_object_is_type(value, json_type_array);
        json_put(in, key, shared ? value : json_object_get(value));
    }
    return order;
}

struct json_object *told_envelope(const char *event_name, const char *date_created,
                                  struct json_object *order)
{
    struct json_object *envelope = json_object_in(desk.arena),
                       *content = json_object_in(desk.arena);
    json_put_text(envelope, "id", "evt_V2_1");
    json_put_text(envelope, "event_name", event_name);
    json_put_text(envelope, "date_created", date_created);
    json_put(content, "order", order);
    json_put(envelope, "content", content);
    return envelope;
}

const char *told_why;

struct apply_work {
    const struct order_news *news;
    bool imported;
    enum order_news_end end;
};

static enum rc apply_fn(struct sql *q, void *arg, struct err *e)
{
    struct apply_work *w = arg;
    return order_news_apply(q, desk.arena, &shop_actor, w->news, w->imported, shop.clock.fixed_ms,
                            &w->end, &told_why, e);
}

static const struct order_news *read_told(struct json_object *told, bool gateway, int64_t at_ms)
{
    struct intake_fault faults[INTAKE_MAX_FAULTS];
    struct order_news *news;
    struct err e;
    int n = 0;
    enum rc rc = gateway ? order_news_read_gateway(desk.arena, told, at_ms, &news, faults, &n, &e)
                         : order_news_read(desk.arena, told, &news, faults, &n, &e);
    ck_assert_int_eq(rc, RC_OK);
    ck_assert_msg(n == 0, "%s %s", n ? faults[0].field : "", n ? faults[0].reason : "");
    return news;
}

static enum order_news_end apply(struct json_object *told, bool imported, bool gateway,
                                 int64_t at_ms)
{
    struct apply_work w = {.news = read_told(told, gateway, at_ms), .imported = imported};
    desk_write(apply_fn, &w);
    return w.end;
}

enum order_news_end told_apply(struct json_object *told)
{
    return apply(told, false, false, 0);
}

enum order_news_end told_apply_imported(struct json_object *told)
{
    return apply(told, true, false, 0);
}

enum order_news_end told_apply_gateway(struct json_object *told, int64_t at_ms)
{
    return apply(told, false, true, at_ms);
}

void told_refuses_gateway(struct json_object *told, int64_t at_ms, enum rc rc)
{
    struct apply_work w = {.news = read_told(told, true, at_ms)};
    desk_refuses(apply_fn, &w, rc);
}

const struct order_news *told_read(struct json_object *told, bool gateway, int64_t at_ms)
{
    return read_told(told, gateway, at_ms);
}

const char *told_fault(struct json_object *told)
{
    struct intake_fault faults[INTAKE_MAX_FAULTS];
    struct order_news *news;
    struct err e;
    int n = 0;
    ck_assert_int_eq(order_news_read(desk.arena, told, &news, faults, &n, &e), RC_OK);
    return n > 0 ? arena_printf(desk.arena, "%s: %s", faults[0].field, faults[0].reason) : "";
}

struct body_work {
    const char *order_id;
    struct order_view view;
};

static enum rc body_fn(struct sql *q, void *arg, struct err *e)
{
    struct body_work *w = arg;
    return order_view_read(q, desk.arena, desk.merchant, "merchant_success", w->order_id, &w->view,
                           e);
}

struct json_object *told_body(const char *order_id)
{
    struct body_work w = {.order_id = order_id};
    desk_look(body_fn, &w);
    return order_body(desk.arena, &w.view);
}
