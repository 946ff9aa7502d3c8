#include "core/id.h"
#include "core/str.h"
#include "support/suite.h"
#include "worker/hook_open.h"
#include "worker/hook_turn.h"
#include "worker/rig.h"
#include <string.h>

#define SECRET "whsec_AAAA"

/* ---- endpoints and deliveries -------------------------------------------------------------------
 */

struct planted {
    struct endpoint p;
    int n;
    const char *state;
};

static enum rc plant_fn(struct sql *q, void *arg, struct err *e)
{
    static const char *const names[] = {"ORDER_REFUNDED"};
    struct planted *x = arg;
    enum rc rc = endpoints_insert(q, &x->p, e);
    if (rc == RC_OK)
        rc = endpoints_set_events(q, x->p.merchant, x->p.id, names, 1, e);
    for (int i = 0; rc == RC_OK && i < x->n; i++) {
        const struct webhook w = {.id = id_new(),
                                  .merchant = x->p.merchant,
                                  .event_id = id_random_hex(desk.arena, "evt_V2_", 32),
                                  .name = "ORDER_REFUNDED",
                                  .body = "{}",
                                  .created_ms = SHOP_NOW_MS};
        rc = webhooks_insert(q, &w, e);
        const struct delivery d = {.id = id_new(),
                                   .merchant = x->p.merchant,
                                   .endpoint = x->p.id,
                                   .webhook = w.id,
                                   .due_ms = SHOP_NOW_MS,
                                   .created_ms = SHOP_NOW_MS};
        if (rc == RC_OK)
            rc = deliveries_insert(q, &d, e);
    }
    return rc;
}

static struct sealed sealed(const char *text)
{
    struct sealed s;
    s.bytes = secret_seal(desk.arena, &shop.worker_key, text, strlen(text), &s.n);
    return s;
}

static int64_t endpoint_with(int n)
{
    struct planted x = {.p = {.id = id_new(),
                              .merchant = desk.merchant,
                              .url = "https://shop.example/hook",
                              .headers = "[]",
                              .secret = sealed(SECRET),
                              .state = "ACTIVE",
                              .created_by = "maker",
                              .created_ms = SHOP_NOW_MS,
                              .updated_ms = SHOP_NOW_MS},
                        .n = n};
    desk_write(plant_fn, &x);
    return x.p.id;
}

static enum rc state_fn(struct sql *q, void *arg, struct err *e)
{
    struct planted *x = arg;
    enum rc rc = endpoints_any(q, desk.arena, x->p.id, &x->p, e);
    if (rc == RC_OK && x->state != NULL) {
        x->p.state = x->state;
        rc = endpoints_update(q, &x->p, e);
    }
    return rc;
}

static struct endpoint endpoint_now(int64_t id)
{
    struct planted x = {.p.id = id};
    desk_look(state_fn, &x);
    return x.p;
}

static void set_state(int64_t id, const char *state)
{
    struct planted x = {.p.id = id, .state = state};
    desk_write(state_fn, &x);
}

struct asked {
    int64_t id;
    struct delivery *rows;
    int n;
};

static enum rc rows_fn(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return deliveries_list(q, desk.arena, x->id, NULL, 0, 0, LIMIT_PAGE_ROWS, &x->rows, &x->n, e);
}

/* Newest first. */
static struct delivery *rows_of(int64_t endpoint)
{
    struct asked x = {.id = endpoint};
    desk_look(rows_fn, &x);
    return x.rows;
}

/* ---- turns --------------------------------------------------------------------------------------
 */

static int wide_room(void *ctx, int64_t endpoint, int claimed)
{
    (void)ctx, (void)endpoint, (void)claimed;
    return LIMIT_ENDPOINT_FLIGHTS;
}

static int no_room(void *ctx, int64_t endpoint, int claimed)
{
    (void)claimed;
    return endpoint == *(int64_t *)ctx ? 0 : LIMIT_ENDPOINT_FLIGHTS;
}

static struct hook_turn turn_of(int limit)
{
    return (struct hook_turn){.app = &shop, .arena = desk.arena, .room = wide_room, .limit = limit};
}

static struct hook_turn claim(int limit)
{
    struct hook_turn t = turn_of(limit);
    desk_write(hook_turn_fn, &t);
    return t;
}

/* One claimed, and how it ended. */
static void end_one(const struct hook_claim *c, bool answered, int64_t status)
{
    struct hook_flight f = {.delivery = c->deliveries[0],
                            .endpoint = c->endpoint,
                            .answered = answered,
                            .status = status,
                            .took_ms = 7,
                            .said = "said"};
    struct hook_flight *ended[] = {&f};
    struct hook_turn t = turn_of(0);
    t.ended = ended;
    t.n_ended = 1;
    desk_write(hook_turn_fn, &t);
}

static void try_once(bool answered, int64_t status)
{
    struct hook_turn t = claim(1);
    ck_assert_int_eq(t.n_claims, 1);
    end_one(&t.claims[0], answered, status);
}

START_TEST(only_200_is_delivered)
{
    static const struct {
        bool answered, any_2xx;
        int64_t status;
        const char *state;
    } rows[] = {{true, false, 200, "DELIVERED"}, {true, false, 201, "WAITING"},
                {true, false, 204, "WAITING"},   {true, true, 204, "DELIVERED"},
                {true, true, 299, "DELIVERED"},  {true, true, 300, "WAITING"},
                {true, false, 302, "WAITING"},   {true, false, 500, "WAITING"},
                {false, false, 200, "WAITING"},  {false, true, 0, "WAITING"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t to = endpoint_with(1);
        struct hook_turn t = claim(1);
        ck_assert_int_eq(t.n_claims, 1);
        t.claims[0].endpoint.any_2xx = rows[i].any_2xx;
        end_one(&t.claims[0], rows[i].answered, rows[i].status);
        ck_assert_msg(str_eq(rows_of(to)[0].state, rows[i].state), "%zu: %s", i,
                      rows_of(to)[0].state);
        ck_assert_int_eq(rows_of(to)[0].status, rows[i].answered ? rows[i].status : 0);
        set_state(to, "PAUSED");
    }
}
END_TEST

START_TEST(fails_after_sixteen_retries)
{
    int64_t to = endpoint_with(1);
    for (int i = 1; i <= 17; i++) {
        try_once(false, 0);
        struct delivery d = rows_of(to)[0];
        ck_assert_int_eq(d.attempts, i);
        ck_assert_str_eq(d.state, i < 17 ? "WAITING" : "FAILED");
        if (i < 17)
            ck_assert_int_gt(d.due_ms, clock_wall_ms(&shop.clock));
        rig_later(i < 17 ? d.due_ms - clock_wall_ms(&shop.clock) : 1);
    }
    ck_assert_int_ge(clock_wall_ms(&shop.clock) - SHOP_NOW_MS, 21 * CLOCK_HOUR_MS);
    ck_assert_int_le(clock_wall_ms(&shop.clock) - SHOP_NOW_MS, 27 * CLOCK_HOUR_MS);
}
END_TEST

START_TEST(gone_disables_the_endpoint_and_fails_what_waits)
{
    int64_t to = endpoint_with(3);
    try_once(true, 410);
    struct endpoint p = endpoint_now(to);
    ck_assert_str_eq(p.state, "DISABLED");
    ck_assert_str_eq(p.said, "It answered 410 Gone.");
    for (int i = 0; i < 3; i++)
        ck_assert_str_eq(rows_of(to)[i].state, "FAILED");
    ck_assert_int_eq(claim(16).n_claims, 0);
}
END_TEST

START_TEST(what_is_on_its_way_when_the_endpoint_ends_is_not_tried_again)
{
    int64_t to = endpoint_with(2);
    struct hook_turn t = claim(2);
    struct hook_claim second = t.claims[0];
    second.deliveries++;
    set_state(to, "DISABLED");
    end_one(&t.claims[0], true, 500);
    end_one(&second, true, 200);
    ck_assert_str_eq(rows_of(to)[1].state, "FAILED");
    ck_assert_str_eq(rows_of(to)[0].state, "DELIVERED");
}
END_TEST

START_TEST(a_stale_outcome_is_left_aside)
{
    int64_t to = endpoint_with(1);
    struct hook_turn first = claim(1);
    rig_later(shop.config.webhook_lease_ms);
    struct hook_turn second = claim(1);
    ck_assert_int_eq(second.n_claims, 1);
    end_one(&first.claims[0], true, 500);
    ck_assert_int_eq(rows_of(to)[0].attempts, 0);
    end_one(&second.claims[0], true, 200);
    ck_assert_str_eq(rows_of(to)[0].state, "DELIVERED");
}
END_TEST

START_TEST(endpoints_take_turns)
{
    int64_t a = endpoint_with(20), b = endpoint_with(20), c = endpoint_with(1);
    struct hook_turn t = claim(LIMIT_HOOK_CLAIM);
    ck_assert_int_eq(t.n_claims, 3);
    ck_assert_int_le(t.n_claimed, LIMIT_HOOK_CLAIM);
    ck_assert_int_eq(t.claims[0].endpoint.id, a);
    ck_assert_int_eq(t.claims[1].endpoint.id, b);
    ck_assert_int_eq(t.claims[2].endpoint.id, c);
    struct hook_turn next = turn_of(1);
    next.after = a;
    desk_write(hook_turn_fn, &next);
    ck_assert_int_eq(next.claims[0].endpoint.id, b);
    ck_assert_int_eq(next.served, b);
}
END_TEST

START_TEST(one_without_room_waits_and_holds_up_nobody)
{
    int64_t a = endpoint_with(2), b = endpoint_with(2);
    struct hook_turn t = turn_of(LIMIT_HOOK_CLAIM);
    t.room = no_room;
    t.ctx = &a;
    desk_write(hook_turn_fn, &t);
    ck_assert_int_eq(t.n_claims, 1);
    ck_assert_int_eq(t.claims[0].endpoint.id, b);
    ck_assert_int_eq(t.claims[0].n, 2);
    t.limit = 0;
    desk_look(hook_turn_look_fn, &t);
    ck_assert(!t.more);
    t.room = wide_room;
    desk_look(hook_turn_look_fn, &t);
    ck_assert(t.more);
}
END_TEST

START_TEST(tells_when_to_look_again)
{
    struct hook_turn t = turn_of(0);
    desk_look(hook_turn_look_fn, &t);
    ck_assert_int_eq(t.next_due_ms, INT64_MAX);
    endpoint_with(1);
    claim(1);
    desk_look(hook_turn_look_fn, &t);
    ck_assert(!t.more);
    ck_assert_int_eq(t.next_due_ms, SHOP_NOW_MS + shop.config.webhook_lease_ms);
}
END_TEST

/* ---- secrets ------------------------------------------------------------------------------------
 */

START_TEST(opens_what_was_sealed_to_the_worker)
{
    struct endpoint p = {.id = 1,
                         .url = "https://a.example/",
                         .username = "desk",
                         .password = sealed("pa:ss"),
                         .header_values = sealed("{\"X-A\":\"1\",\"X-B\":\"2\"}"),
                         .secret = sealed(SECRET),
                         .old_secret = sealed("whsec_BBBB"),
                         .old_until_ms = 10};
    struct webhook_to to;
    struct err e;
    ck_assert_int_eq(hook_open(desk.arena, &shop_secret, &p, 9, &to, &e), RC_OK);
    ck_assert_str_eq(to.password, "pa:ss");
    ck_assert_str_eq(to.secret, SECRET);
    ck_assert_str_eq(to.old_secret, "whsec_BBBB");
    ck_assert_int_eq(to.n_headers, 2);
    ck_assert_str_eq(to.names[1], "X-B");
    ck_assert_str_eq(to.values[1], "2");
    ck_assert_int_eq(hook_open(desk.arena, &shop_secret, &p, 10, &to, &e), RC_OK);
    ck_assert_ptr_null(to.old_secret);
}
END_TEST

START_TEST(what_cannot_be_opened_is_not_sent_without_it)
{
    static const uint8_t altered[60] = {1};
    struct endpoint good = {.id = 1, .url = "https://a.example/", .secret = sealed(SECRET)};
    struct endpoint rows[] = {good, good, good, good};
    struct webhook_to to;
    struct err e;
    rows[0].secret = (struct sealed){altered, sizeof altered};
    rows[1].password = (struct sealed){altered, sizeof altered};
    rows[2].header_values = (struct sealed){altered, sizeof altered};
    rows[3].header_values = sealed("[1]x");
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(hook_open(desk.arena, &shop_secret, &rows[i], 0, &to, &e), RC_INVALID);
    ck_assert_int_eq(hook_open(desk.arena, &shop_secret, &good, 0, &to, &e), RC_OK);
}
END_TEST

static void open_rig(void)
{
    rig_open();
    shop.config.webhook_lease_ms = 30000;
    shop.config.webhook_retry_unit_ms = CLOCK_MINUTE_MS;
}

START_TEST(sixteen_retries_in_24_hours)
{
    static const int minutes[] = {1, 5, 5, 10, 10, 10, 10, 10, 60, 60, 60, 60, 60, 360, 360, 360};
    int64_t sum_ms = 0;
    for (int i = 0; i < 16; i++) {
        int64_t ms = minutes[i] * CLOCK_MINUTE_MS;
        ck_assert_int_eq(hook_retry_ms(i + 1, CLOCK_MINUTE_MS, 100), ms);
        ck_assert_int_eq(hook_retry_ms(i + 1, CLOCK_MINUTE_MS, 0), ms * 9 / 10);
        ck_assert_int_eq(hook_retry_ms(i + 1, CLOCK_MINUTE_MS, 200), ms * 11 / 10);
        sum_ms += ms;
    }
    ck_assert_int_eq(sum_ms, 24 * CLOCK_HOUR_MS + CLOCK_MINUTE_MS);
    ck_assert_int_eq(hook_retry_ms(17, CLOCK_MINUTE_MS, 100), 0);
    ck_assert_int_eq(hook_retry_ms(1000000, CLOCK_MINUTE_MS, 100), 0);
}
END_TEST

suite_fn t_hook_turn_suite;
Suite *t_hook_turn_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("hook_turn", &tc);
    tcase_add_checked_fixture(tc, open_rig, rig_close);
    tcase_add_test(tc, sixteen_retries_in_24_hours);
    tcase_add_test(tc, only_200_is_delivered);
    tcase_add_test(tc, fails_after_sixteen_retries);
    tcase_add_test(tc, gone_disables_the_endpoint_and_fails_what_waits);
    tcase_add_test(tc, what_is_on_its_way_when_the_endpoint_ends_is_not_tried_again);
    tcase_add_test(tc, a_stale_outcome_is_left_aside);
    tcase_add_test(tc, endpoints_take_turns);
    tcase_add_test(tc, one_without_room_waits_and_holds_up_nobody);
    tcase_add_test(tc, tells_when_to_look_again);
    tcase_add_test(tc, opens_what_was_sealed_to_the_worker);
    tcase_add_test(tc, what_cannot_be_opened_is_not_sent_without_it);
    return s;
}
