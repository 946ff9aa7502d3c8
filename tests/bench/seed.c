/*
 * Fills an instance's empty database for the bench: one merchant in test mode, an API key, an
 * admin's open session, and N charged orders spread over the last 400 days. One in REFUND_EVERY was
 * refunded in part; one in RARE_EVERY was paid by RARE, which nothing else was. A customer has
 * CUSTOMER_ORDERS, however many there are.
 *
 *     seed HOME N        prints {"api_key":…,"session":…,"merchant":…,"first_ms":…,"step_ms":…}
 *
 * Order i (0 is the oldest) is "bench-0000000" + i, of 1000 to 9999 rupees.
 */
#include "core/clock.h"
#include "core/digest.h"
#include "core/id.h"
#include "core/limits.h"
#include "core/str.h"
#include "store/actor.h"
#include "store/api_keys.h"
#include "store/gateways.h"
#include "store/merchants.h"
#include "store/orders.h"
#include "store/refunds.h"
#include "store/users.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 20000, SPREAD_DAYS = 400, TOKEN_BYTES = 32 };
enum { REFUND_EVERY = 10, RARE_EVERY = 5000, REFUND_MINOR = 12345, CUSTOMER_ORDERS = 30 };

/* core/id.h: 41 bits of ms since 2020-01-01, 6 bits slot, 16 bits count. */
#define EPOCH_MS INT64_C(1577836800000)

struct seed {
    struct arena *arena;
    int64_t n, done;
    int64_t now_ms, first_ms, step_us;
    int64_t merchant;
    const char *api_key, *session;
};

static const struct method {
    const char *type, *method, *auth_type, *gateway;
    int64_t gateway_id;
} methods[] = {
    {"CARD", "VISA", "THREE_DS", "RAZORPAY", 23}, {"CARD", "MASTERCARD", "THREE_DS", "PAYU", 12},
    {"UPI", "UPI", NULL, "RAZORPAY", 23},         {"NB", "HDFC", NULL, "CCAVENUE", 6},
    {"WALLET", "PHONEPE", NULL, "RAZORPAY", 23},
};
static const struct method rare = {"WALLET", "RARE", NULL, "RARE", 31};
#define N_METHODS ((int64_t)(sizeof methods / sizeof methods[0]))

static const char txn_facts[] =
    "{\"payment_gateway_response\":{\"rrn\":\"232145678901\",\"resp_message\":\"SUCCESS\","
    "\"resp_code\":\"00\",\"auth_id_code\":\"684731\"},\"card\":{\"last_four_digits\":\"1111\","
    "\"card_isin\":\"411111\",\"card_type\":\"CREDIT\",\"card_brand\":\"VISA\"}}";

/* ---- the merchant and who acts for it ---------------------------------------------------------
 */

static enum rc add_gateways(struct sql *q, const struct seed *s, struct err *e)
{
    static const struct {
        const char *name;
        int64_t gateway_id;
    } rows[] = {{"RAZORPAY", 23}, {"PAYU", 12}, {"CCAVENUE", 6}, {"RARE", 31}};
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < sizeof rows / sizeof rows[0]; i++) {
        const struct gateway_row g = {.id = id_new(),
                                      .merchant = s->merchant,
                                      .name = rows[i].name,
                                      .gateway_id = rows[i].gateway_id,
                                      .adapter = "simulator",
                                      .can_refund = true};
        rc = gateways_insert(q, &g, e);
    }
    return rc;
}

static enum rc add_people(struct sql *q, const struct seed *s, struct err *e)
{
    uint8_t hash[DIGEST_BYTES];
    const struct api_key key = {.id = id_new(),
                                .merchant = s->merchant,
                                .prefix = "bench",
                                .name = "bench",
                                .scopes = SCOPE_ALL,
                                .created_ms = s->now_ms};
    struct user user = {.id = id_new(),
                        .merchant = s->merchant,
                        .name = "bench",
                        .password_hash = "none",
                        .role = "admin",
                        .created_ms = s->now_ms};
    CHECK(users_role_rights(user.role, user.rights));
    digest_sha256(s->api_key, strlen(s->api_key), hash);
    enum rc rc = api_keys_insert(q, &key, hash, e);
    if (rc == RC_OK)
        rc = users_insert(q, &user, e);
    digest_sha256(s->session, strlen(s->session), hash);
    if (rc == RC_OK)
        rc = sessions_insert(q, hash, user.id, "bench", s->now_ms, "127.0.0.1", e);
    return rc;
}

static enum rc add_merchant(struct sql *q, void *arg, struct err *e)
{
    const struct seed *s = arg;
    const struct merchant m = {.id = s->merchant,
                               .merchant_id = "bench",
                               .name = "Bench",
                               .time_zone = "Asia/Kolkata",
                               .locale = "en_IN",
                               .default_currency = "INR",
                               .test_mode = true,
                               .hold_ms = 0, /* the worker sends while the load runs */
                               .refund_limit = 25,
                               .order_age_days = 365,
                               .twin_window_ms = 5000,
                               .batch_rows = LIMIT_BATCH_ROWS_MAX,
                               .created_ms = s->now_ms};
    enum rc rc = merchants_insert(q, &m, e);
    if (rc == RC_OK)
        rc = add_gateways(q, s, e);
    return rc == RC_OK ? add_people(q, s, e) : rc;
}

/* ---- orders ------------------------------------------------------------------------------------
 */

/* As id_new() would have made it then. */
static int64_t id_of(int64_t at_ms, int64_t count)
{
    return (at_ms - EPOCH_MS) << 22 | (int64_t)ID_TEST << 16 | (count & 0xffff);
}

/* One that the gateway has done long ago. */
static enum rc add_refund(struct sql *q, const struct order *o, const struct txn *t, struct err *e)
{
    char key[64];
    snprintf(key, sizeof key, "seed-%s", o->order_id);
    const struct refund r = {.id = t->id + 1,
                             .merchant = o->merchant,
                             .order_row = o->id,
                             .txn_row = t->id,
                             .unique_request_id = key,
                             .amount_minor = REFUND_MINOR,
                             .currency = o->currency,
                             .state = "SUCCESS",
                             .status = "SUCCESS",
                             .sent = true,
                             .attempts = 1,
                             .refund_type = "STANDARD",
                             .reason = "CANCELLATION",
                             .source = "API",
                             .initiated_by = "API",
                             .gateway = t->gateway,
                             .gateway_ref = key,
                             .arn = key,
                             .created_ms = o->created_ms + CLOCK_DAY_MS,
                             .hold_until_ms = o->created_ms + CLOCK_DAY_MS,
                             .sent_ms = o->created_ms + CLOCK_DAY_MS,
                             .processed_ms = o->created_ms + CLOCK_DAY_MS,
                             .updated_ms = o->created_ms + CLOCK_DAY_MS};
    return refunds_insert(q, &r, e);
}

static enum rc add_order(struct sql *q, const struct seed *s, int64_t i, struct err *e)
{
    char order_id[32], public_id[48], customer[32], email[48], txn_id[48], uuid[32], payment[32];
    const struct method *paid = i % RARE_EVERY == 0 ? &rare : &methods[i % N_METHODS];
    bool refunded = i % REFUND_EVERY == 0;
    int64_t at_ms = s->first_ms + i * s->step_us / 1000;
    int64_t amount_minor = (1000 + i * 7919 % 9000) * 100;
    snprintf(order_id, sizeof order_id, "bench-%07lld", (long long)i);
    snprintf(public_id, sizeof public_id, "ordeh_%032llx", (unsigned long long)i * 2654435761u);
    int64_t who = i % (s->n / CUSTOMER_ORDERS + 1);
    snprintf(customer, sizeof customer, "customer-%lld", (long long)who);
    snprintf(email, sizeof email, "customer.%lld@example.com", (long long)who);
    snprintf(txn_id, sizeof txn_id, "bench-%s-1", order_id);
    snprintf(uuid, sizeof uuid, "eul%018llx", (unsigned long long)i);
    snprintf(payment, sizeof payment, "pay_%014llx", (unsigned long long)i);
    const struct order o = {.id = id_of(at_ms, 2 * i),
                            .merchant = s->merchant,
                            .order_id = order_id,
                            .public_id = public_id,
                            .status = "CHARGED",
                            .amount_minor = amount_minor,
                            .effective_minor = amount_minor,
                            .currency = "INR",
                            .customer_id = customer,
                            .customer_email = email,
                            .customer_phone = "9876543210",
                            .product_id = "prod-141833",
                            .description = "Order of the bench",
                            .return_url = "https://shop.example.com/return",
                            .offer_minimum_minor = -1,
                            .kept_txn = id_of(at_ms, 2 * i + 1),
                            .facts = "{\"udf1\":\"web\",\"metadata\":{\"cart\":\"A-17\"}}",
                            .created_ms = at_ms,
                            .updated_ms = at_ms};
    const struct txn t = {.id = o.kept_txn,
                          .merchant = s->merchant,
                          .order_row = o.id,
                          .txn_id = txn_id,
                          .txn_uuid = uuid,
                          .status = "CHARGED",
                          .amount_minor = amount_minor,
                          .net_minor = amount_minor,
                          .tax_minor = -1,
                          .surcharge_minor = -1,
                          .currency = "INR",
                          .gateway = paid->gateway,
                          .gateway_id = paid->gateway_id,
                          .payment_method_type = paid->type,
                          .payment_method = paid->method,
                          .auth_type = paid->auth_type,
                          .payment_id = payment,
                          .facts = txn_facts,
                          .created_ms = at_ms,
                          .charged_ms = at_ms,
                          .held_minor = refunded ? REFUND_MINOR : 0,
                          .refunded_minor = refunded ? REFUND_MINOR : 0};
    enum rc rc = orders_insert(q, &o, order_id, e);
    if (rc == RC_OK)
        rc = txns_insert(q, &t, e);
    return rc == RC_OK && refunded ? add_refund(q, &o, &t, e) : rc;
}

static enum rc add_chunk(struct sql *q, void *arg, struct err *e)
{
    const struct seed *s = arg;
    enum rc rc = RC_OK;
    for (int64_t i = s->done; rc == RC_OK && i < s->n && i < s->done + CHUNK; i++)
        rc = add_order(q, s, i, e);
    return rc;
}

/* ---- the whole ---------------------------------------------------------------------------------
 */

static const char *random_text(struct arena *a)
{
    uint8_t bytes[TOKEN_BYTES];
    digest_random(bytes, sizeof bytes);
    return digest_base64url(a, bytes, sizeof bytes);
}

static enum rc fill(struct sql_db *db, struct seed *s, struct err *e)
{
    enum rc rc = sql_tx(db, add_merchant, s, e);
    for (s->done = 0; rc == RC_OK && s->done < s->n; s->done += CHUNK)
        rc = sql_tx(db, add_chunk, s, e);
    return rc;
}

int main(int argc, char **argv)
{
    struct seed s = {.arena = arena_new(LIMIT_ARENA_CTL_BYTES)};
    struct sql_options options = {.catalog = &sql_catalog_desk, .alone = true};
    struct sql_db *db;
    struct err e;
    if (argc != 3 || !str_parse_i64(argv[2], &s.n) || s.n < 1 || s.n > 9999999) {
        fprintf(stderr, "Usage: seed HOME N\n");
        return 2;
    }
    id_init(ID_TEST, 0);
    s.now_ms = clock_wall_ms(NULL);
    s.first_ms = s.now_ms - SPREAD_DAYS * CLOCK_DAY_MS;
    s.step_us = SPREAD_DAYS * CLOCK_DAY_MS * 1000 / s.n;
    s.merchant = id_new();
    s.api_key = random_text(s.arena);
    s.session = random_text(s.arena);
    enum rc rc =
        sql_open(&db, arena_printf(s.arena, "sqlite:%s/refunddesk.db", argv[1]), &options, &e);
    if (rc == RC_OK) {
        rc = fill(db, &s, &e);
        sql_close(db);
    }
    if (rc != RC_OK) {
        fprintf(stderr, "seed: %s (%s)\n", e.text, e.detail);
        return EXIT_FAILURE;
    }
    printf("{\"api_key\":\"%s\",\"session\":\"%s\",\"first_ms\":%lld,\"step_us\":%lld}\n",
           s.api_key, s.session, (long long)s.first_ms, (long long)s.step_us);
    arena_free(s.arena);
    return EXIT_SUCCESS;
}
