#include "core/id.h"
#include "core/limits.h"
#include "core/str.h"
#include "desk.h"
#include "made.h"
#include "store/webhooks.h"
#include "support/suite.h"
#include <string.h>

#define NOW_MS   MADE_T0_MS
#define LEASE_MS 30000

/* One step that is asked of the store, and what it answers. */
struct asked {
    struct endpoint p;
    struct webhook w;
    struct delivery d;
    const char *const *names;
    int n;
    int64_t merchant, id, now_ms, from_ms, to_ms;
    const char *text;
    int limit, count;
    struct delivery *rows;
    struct endpoint *endpoints;
    struct endpoint_due *due;
    struct delivery_attempt *attempts;
    struct notified *notified;
    const char **wanted;
    int64_t ids[LIMIT_ENDPOINTS];
};

#define STEP(name, call)                                         \
    static enum rc name(struct sql *q, void *arg, struct err *e) \
    {                                                            \
        struct asked *x = arg;                                   \
        return call;                                             \
    }
STEP(add_endpoint, endpoints_insert(q, &x->p, e))
STEP(update_endpoint, endpoints_update(q, &x->p, e))
STEP(get_endpoint, endpoints_get(q, desk.arena, x->merchant, x->id, &x->p, e))
STEP(get_any, endpoints_any(q, desk.arena, x->id, &x->p, e))
STEP(list_endpoints, endpoints_list(q, desk.arena, x->merchant, &x->endpoints, &x->count, e))
STEP(set_events, endpoints_set_events(q, x->merchant, x->id, x->names, x->n, e))
STEP(get_events, endpoints_events(q, desk.arena, x->merchant, x->id, &x->wanted, &x->count, e))
STEP(get_wanting, endpoints_wanting(q, x->merchant, x->text, x->ids, &x->count, e))
STEP(add_webhook, webhooks_insert(q, &x->w, e))
STEP(add_delivery, deliveries_insert(q, &x->d, e))
STEP(claim,
     deliveries_claim(q, desk.arena, x->id, x->now_ms, LEASE_MS, x->limit, &x->rows, &x->count, e))
STEP(tried, deliveries_tried(q, &x->d, e))
STEP(next, deliveries_next(q, desk.arena, &x->due, &x->count, e))
STEP(fail_all, deliveries_fail_all(q, x->id, x->text, e))
STEP(resend, deliveries_resend(q, x->merchant, x->id, x->now_ms, e))
STEP(resend_failed,
     deliveries_resend_failed(q, x->id, x->from_ms, x->to_ms, x->now_ms, x->limit, &x->count, e))
STEP(list, deliveries_list(q, desk.arena, x->id, x->text, x->from_ms, x->to_ms, x->limit, &x->rows,
                           &x->count, e))
STEP(get, deliveries_get(q, desk.arena, x->merchant, x->id, &x->d, e))
STEP(get_attempts, deliveries_attempts(q, desk.arena, x->id, &x->attempts, &x->count, e))
STEP(get_of, deliveries_of(q, desk.arena, x->id, x->to_ms, &x->notified, &x->count, e))
STEP(sweep, webhooks_sweep(q, x->now_ms, x->limit, &x->count, e))

static int64_t endpoint_of(int64_t merchant, const char *state)
{
    struct asked x = {.p = {.id = id_new(),
                            .merchant = merchant,
                            .url = "https://shop.example/hook",
                            .headers = "[]",
                            .secret = {(const uint8_t *)"sealed", 6},
                            .state = state,
                            .created_by = "maker",
                            .created_ms = NOW_MS,
                            .updated_ms = NOW_MS}};
    desk_write(add_endpoint, &x);
    return x.p.id;
}

static void set_state(int64_t endpoint, const char *state)
{
    struct asked x = {.id = endpoint};
    desk_look(get_any, &x);
    x.p.state = state;
    desk_write(update_endpoint, &x);
}

/* A webhook and its way to one endpoint: the delivery's id. */
static int64_t put(int64_t endpoint, int64_t due_ms, const char *body)
{
    struct asked x = {.w = {.id = id_new(),
                            .merchant = desk.merchant,
                            .refund_row = 77,
                            .event_id = id_random_hex(desk.arena, "evt_V2_", 32),
                            .name = "ORDER_REFUNDED",
                            .body = body,
                            .created_ms = due_ms}};
    desk_write(add_webhook, &x);
    x.d = (struct delivery){.id = id_new(),
                            .merchant = desk.merchant,
                            .endpoint = endpoint,
                            .webhook = x.w.id,
                            .due_ms = due_ms,
                            .created_ms = due_ms};
    desk_write(add_delivery, &x);
    return x.d.id;
}

static struct asked claimed(int64_t endpoint, int64_t now_ms, int limit)
{
    struct asked x = {.id = endpoint, .now_ms = now_ms, .limit = limit};
    desk_write(claim, &x);
    return x;
}

static struct delivery row(int64_t id)
{
    struct asked x = {.merchant = desk.merchant, .id = id};
    desk_look(get, &x);
    return x.d;
}

/* How the attempt of a claimed delivery ended. */
static void end(struct delivery d, const char *state, int64_t status, int64_t due_ms)
{
    struct asked x = {.d = d};
    x.d.state = state;
    x.d.attempts++;
    x.d.status = status;
    x.d.took_ms = 12;
    x.d.due_ms = due_ms;
    x.d.said = "said";
    x.d.tried_ms = NOW_MS;
    desk_write(tried, &x);
}

static void end_now(int64_t endpoint, const char *state, int64_t status)
{
    struct asked x = claimed(endpoint, NOW_MS, 1);
    ck_assert_int_eq(x.count, 1);
    end(x.rows[0], state, status, NOW_MS);
}

/* ---- endpoints ----------------------------------------------------------------------------------
 */

START_TEST(keeps_an_endpoint_as_it_was_told)
{
    struct asked x = {.p = {.id = id_new(),
                            .merchant = desk.merchant,
                            .url = "https://shop.example/hook",
                            .username = "desk",
                            .password = {(const uint8_t *)"\0pw", 3},
                            .headers = "[\"X-Tenant\"]",
                            .header_values = {(const uint8_t *)"hv", 2},
                            .secret = {(const uint8_t *)"new", 3},
                            .old_secret = {(const uint8_t *)"older", 5},
                            .old_until_ms = NOW_MS + 5,
                            .any_2xx = true,
                            .state = "PAUSED",
                            .said = "paused by maker",
                            .created_by = "maker",
                            .created_ms = NOW_MS,
                            .updated_ms = NOW_MS + 1}};
    desk_write(add_endpoint, &x);
    struct asked r = {.merchant = desk.merchant, .id = x.p.id};
    desk_look(get_endpoint, &r);
    ck_assert_str_eq(r.p.url, x.p.url);
    ck_assert_str_eq(r.p.username, "desk");
    ck_assert_uint_eq(r.p.password.n, 3);
    ck_assert_mem_eq(r.p.password.bytes, "\0pw", 3);
    ck_assert_str_eq(r.p.headers, "[\"X-Tenant\"]");
    ck_assert_mem_eq(r.p.header_values.bytes, "hv", 2);
    ck_assert_mem_eq(r.p.secret.bytes, "new", 3);
    ck_assert_mem_eq(r.p.old_secret.bytes, "older", 5);
    ck_assert_int_eq(r.p.old_until_ms, NOW_MS + 5);
    ck_assert(r.p.any_2xx);
    ck_assert_str_eq(r.p.state, "PAUSED");
    ck_assert_str_eq(r.p.said, "paused by maker");
    ck_assert_str_eq(r.p.created_by, "maker");
    ck_assert_int_eq(r.p.updated_ms, NOW_MS + 1);

    r.p.username = NULL;
    r.p.password = r.p.header_values = r.p.old_secret = (struct sealed){0};
    r.p.old_until_ms = 0;
    r.p.any_2xx = false;
    desk_write(update_endpoint, &r);
    desk_look(get_endpoint, &r);
    ck_assert_ptr_null(r.p.username);
    ck_assert_ptr_null(r.p.password.bytes);
    ck_assert_ptr_null(r.p.header_values.bytes);
    ck_assert_ptr_null(r.p.old_secret.bytes);
    ck_assert_int_eq(r.p.old_until_ms, 0);
    ck_assert(!r.p.any_2xx);
    ck_assert_int_eq(r.p.created_ms, NOW_MS);
}
END_TEST

START_TEST(an_endpoint_is_its_merchants_alone)
{
    int64_t other = made_other_merchant();
    int64_t id = endpoint_of(desk.merchant, "ACTIVE");
    endpoint_of(other, "ACTIVE");
    struct asked x = {.merchant = other, .id = id};
    desk_refuses(get_endpoint, &x, RC_NOT_FOUND);
    desk_look(list_endpoints, &x);
    ck_assert_int_eq(x.count, 1);
    ck_assert_int_ne(x.endpoints[0].id, id);
    desk_look(get_any, &x);
    x.p.merchant = other;
    desk_refuses(update_endpoint, &x, RC_NOT_FOUND);
}
END_TEST

START_TEST(a_deleted_endpoint_is_gone_but_for_the_worker)
{
    int64_t id = endpoint_of(desk.merchant, "ACTIVE");
    set_state(id, "DELETED");
    struct asked x = {.merchant = desk.merchant, .id = id};
    desk_refuses(get_endpoint, &x, RC_NOT_FOUND);
    desk_look(list_endpoints, &x);
    ck_assert_int_eq(x.count, 0);
    desk_look(get_any, &x);
    ck_assert_str_eq(x.p.state, "DELETED");
}
END_TEST

START_TEST(lists_no_more_than_its_limit)
{
    for (int i = 0; i < LIMIT_ENDPOINTS + 1; i++)
        endpoint_of(desk.merchant, "ACTIVE");
    struct asked x = {.merchant = desk.merchant};
    desk_look(list_endpoints, &x);
    ck_assert_int_eq(x.count, LIMIT_ENDPOINTS);
}
END_TEST

START_TEST(replaces_the_events_that_are_wanted)
{
    static const char *const two[] = {"ORDER_REFUNDED", "ORDER_FAILED"};
    int64_t a = endpoint_of(desk.merchant, "ACTIVE"), b = endpoint_of(desk.merchant, "PAUSED");
    int64_t off = endpoint_of(desk.merchant, "DISABLED");
    struct asked x = {.merchant = desk.merchant, .id = off, .names = two, .n = 2};
    desk_write(set_events, &x);
    desk_look(get_events, &x);
    ck_assert_int_eq(x.count, 2);
    x.id = a;
    desk_write(set_events, &x);
    x.id = b;
    x.n = 1;
    desk_write(set_events, &x);
    desk_look(get_events, &x);
    ck_assert_int_eq(x.count, 1);
    x.text = "ORDER_REFUNDED";
    desk_look(get_wanting, &x);
    ck_assert_int_eq(x.count, 2);
    x.text = "ORDER_FAILED";
    desk_look(get_wanting, &x);
    ck_assert_int_eq(x.count, 1);
    ck_assert_int_eq(x.ids[0], a);
    x.id = a;
    x.n = 0;
    desk_write(set_events, &x);
    desk_look(get_wanting, &x);
    ck_assert_int_eq(x.count, 0);
    struct asked other = {.merchant = made_other_merchant(), .text = "ORDER_REFUNDED"};
    desk_look(get_wanting, &other);
    ck_assert_int_eq(other.count, 0);
}
END_TEST

/* ---- deliveries ---------------------------------------------------------------------------------
 */

START_TEST(claims_what_is_due_once_until_its_lease_ends)
{
    int64_t to = endpoint_of(desk.merchant, "ACTIVE");
    int64_t later = put(to, NOW_MS + 1, "{}"), second = put(to, NOW_MS, "{\"n\":2}"),
            first = put(to, NOW_MS - 5, "{\"n\":1}");
    struct asked x = claimed(to, NOW_MS, 16);
    ck_assert_int_eq(x.count, 2);
    ck_assert_int_eq(x.rows[0].id, first);
    ck_assert_str_eq(x.rows[0].body, "{\"n\":1}");
    ck_assert_int_eq(x.rows[0].fence, 1);
    ck_assert_int_eq(x.rows[0].took_ms, -1);
    ck_assert_int_eq(x.rows[1].id, second);
    x = claimed(to, NOW_MS + LEASE_MS - 1, 16);
    ck_assert_int_eq(x.count, 1);
    ck_assert_int_eq(x.rows[0].id, later);
    x = claimed(to, NOW_MS + LEASE_MS, 1);
    ck_assert_int_eq(x.count, 1);
    ck_assert_int_eq(x.rows[0].fence, 2);
}
END_TEST

START_TEST(only_an_active_endpoint_is_sent_to)
{
    static const char *const others[] = {"PAUSED", "DISABLED", "DELETED"};
    int64_t to = endpoint_of(desk.merchant, "ACTIVE");
    put(to, NOW_MS, "{}");
    for (int i = 0; i < 3; i++) {
        struct asked n = {0};
        set_state(to, others[i]);
        ck_assert_int_eq(claimed(to, NOW_MS, 1).count, 0);
        desk_look(next, &n);
        ck_assert_int_eq(n.count, 0);
    }
    set_state(to, "ACTIVE");
    ck_assert_int_eq(claimed(to, NOW_MS, 1).count, 1);
}
END_TEST

START_TEST(keeps_every_attempt)
{
    int64_t to = endpoint_of(desk.merchant, "ACTIVE");
    int64_t id = put(to, NOW_MS, "{}");
    struct asked x = claimed(to, NOW_MS, 1);
    end(x.rows[0], "WAITING", 0, NOW_MS + 60);
    struct delivery d = row(id);
    ck_assert_str_eq(d.state, "WAITING");
    ck_assert_int_eq(d.due_ms, NOW_MS + 60);
    ck_assert_int_eq(d.attempts, 1);
    ck_assert_int_eq(d.status, 0);
    x = claimed(to, NOW_MS + 60, 1);
    end(x.rows[0], "DELIVERED", 200, 0);
    d = row(id);
    ck_assert_str_eq(d.state, "DELIVERED");
    ck_assert_int_eq(d.due_ms, 0);
    ck_assert_int_eq(d.status, 200);
    ck_assert_int_eq(d.took_ms, 12);
    ck_assert_str_eq(d.said, "said");
    x.id = id;
    desk_look(get_attempts, &x);
    ck_assert_int_eq(x.count, 2);
    ck_assert_int_eq(x.attempts[0].attempt, 2);
    ck_assert_int_eq(x.attempts[0].status, 200);
    ck_assert_int_eq(x.attempts[1].status, 0);
    ck_assert_str_eq(x.attempts[1].said, "said");
}
END_TEST

START_TEST(a_stale_fence_writes_nothing)
{
    int64_t to = endpoint_of(desk.merchant, "ACTIVE");
    int64_t id = put(to, NOW_MS, "{}");
    struct asked stale = claimed(to, NOW_MS, 1);
    claimed(to, NOW_MS + LEASE_MS, 1);
    stale.d = stale.rows[0];
    stale.d.state = "DELIVERED";
    stale.d.attempts = 1;
    desk_refuses(tried, &stale, RC_CONFLICT);
    ck_assert_str_eq(row(id).state, "WAITING");
    stale.id = id;
    desk_look(get_attempts, &stale);
    ck_assert_int_eq(stale.count, 0);
}
END_TEST

START_TEST(tells_when_each_endpoint_has_something_next)
{
    int64_t a = endpoint_of(desk.merchant, "ACTIVE"), b = endpoint_of(desk.merchant, "ACTIVE");
    endpoint_of(desk.merchant, "ACTIVE");
    put(a, NOW_MS + 9, "{}");
    put(a, NOW_MS + 3, "{}");
    put(b, NOW_MS + 5, "{}");
    struct asked x = {0};
    desk_look(next, &x);
    ck_assert_int_eq(x.count, 2);
    ck_assert_int_eq(x.due[0].endpoint, a);
    ck_assert_int_eq(x.due[0].due_ms, NOW_MS + 3);
    ck_assert_int_eq(x.due[1].due_ms, NOW_MS + 5);
}
END_TEST

START_TEST(all_that_waits_fails_with_its_endpoint)
{
    int64_t to = endpoint_of(desk.merchant, "ACTIVE");
    int64_t done = put(to, NOW_MS, "{}");
    end_now(to, "DELIVERED", 200);
    int64_t waits = put(to, NOW_MS + 9, "{}");
    struct asked x = {.id = to, .text = "gone"};
    desk_write(fail_all, &x);
    ck_assert_str_eq(row(waits).state, "FAILED");
    ck_assert_str_eq(row(waits).said, "gone");
    ck_assert_str_eq(row(done).state, "DELIVERED");
}
END_TEST

START_TEST(sends_again_what_ended_and_nothing_else)
{
    int64_t to = endpoint_of(desk.merchant, "ACTIVE");
    int64_t id = put(to, NOW_MS, "{}");
    struct asked x = {.merchant = desk.merchant, .id = id, .now_ms = NOW_MS + 7};
    desk_refuses(resend, &x, RC_NOT_FOUND);
    struct asked flying = claimed(to, NOW_MS, 1);
    end(flying.rows[0], "FAILED", 500, 0);
    x.merchant = made_other_merchant();
    desk_refuses(resend, &x, RC_NOT_FOUND);
    x.merchant = desk.merchant;
    desk_write(resend, &x);
    struct delivery d = row(id);
    ck_assert_str_eq(d.state, "WAITING");
    ck_assert_int_eq(d.due_ms, NOW_MS + 7);
    ck_assert_int_eq(d.attempts, 1);
    /* an answer that was still on its way is not this try's */
    flying.d = flying.rows[0];
    flying.d.state = "FAILED";
    desk_refuses(tried, &flying, RC_CONFLICT);
}
END_TEST

START_TEST(sends_again_the_failed_of_a_time_range)
{
    int64_t to = endpoint_of(desk.merchant, "ACTIVE");
    int64_t ids[4];
    for (int i = 0; i < 4; i++)
        ids[i] = put(to, NOW_MS + i, "{}");
    struct asked flying = claimed(to, NOW_MS + 9, 4);
    for (int i = 0; i < 4; i++)
        end(flying.rows[i], i == 2 ? "DELIVERED" : "FAILED", 500, 0);
    struct asked x = {
        .id = to, .from_ms = NOW_MS, .to_ms = NOW_MS + 3, .now_ms = NOW_MS + 50, .limit = 1};
    desk_write(resend_failed, &x);
    ck_assert_int_eq(x.count, 1);
    ck_assert_str_eq(row(ids[0]).state, "WAITING");
    x.limit = 10;
    desk_write(resend_failed, &x);
    ck_assert_int_eq(x.count, 1);
    ck_assert_str_eq(row(ids[1]).state, "WAITING");
    ck_assert_str_eq(row(ids[2]).state, "DELIVERED");
    ck_assert_str_eq(row(ids[3]).state, "FAILED");
}
END_TEST

START_TEST(lists_newest_first_page_by_page)
{
    int64_t to = endpoint_of(desk.merchant, "ACTIVE");
    int64_t ids[5];
    for (int i = 0; i < 5; i++)
        ids[i] = put(to, NOW_MS + i / 2, "{}");
    struct asked x = {.id = to, .limit = 2};
    int seen = 0;
    do {
        desk_look(list, &x);
        for (int i = 0; i < x.count; i++)
            ck_assert_int_eq(x.rows[i].id, ids[4 - seen++]);
        if (x.count > 0) {
            x.from_ms = x.rows[x.count - 1].created_ms;
            x.to_ms = x.rows[x.count - 1].id;
        }
    } while (x.count == 2);
    ck_assert_int_eq(seen, 5);
    ck_assert_ptr_null(x.rows[0].body);
    end_now(to, "FAILED", 503);
    struct asked failed = {.id = to, .limit = LIMIT_PAGE_ROWS, .text = "FAILED"};
    desk_look(list, &failed);
    ck_assert_int_eq(failed.count, 1);
    ck_assert_int_eq(failed.rows[0].status, 503);
}
END_TEST

START_TEST(timelines_find_what_was_notified)
{
    int64_t to = endpoint_of(desk.merchant, "ACTIVE");
    put(to, NOW_MS, "{}");
    struct asked x = {.to_ms = 77};
    desk_look(get_of, &x);
    ck_assert_int_eq(x.count, 1);
    ck_assert_str_eq(x.notified[0].name, "ORDER_REFUNDED");
    ck_assert_str_eq(x.notified[0].url, "https://shop.example/hook");
    ck_assert_int_eq(x.notified[0].took_ms, -1);
    x.to_ms = 78;
    desk_look(get_of, &x);
    ck_assert_int_eq(x.count, 0);
}
END_TEST

START_TEST(sweeps_what_is_old_and_ended)
{
    int64_t to = endpoint_of(desk.merchant, "ACTIVE");
    int64_t old = put(to, NOW_MS - 10, "{}");
    end_now(to, "DELIVERED", 200);
    int64_t waits = put(to, NOW_MS - 9, "{}"), young = put(to, NOW_MS, "{}");
    struct asked x = {.now_ms = NOW_MS - 10, .limit = LIMIT_WEBHOOKS_SWEPT};
    desk_write(sweep, &x);
    ck_assert_int_eq(x.count, 0);
    x.now_ms = NOW_MS;
    desk_write(sweep, &x);
    ck_assert_int_eq(x.count, 1);
    struct asked gone = {.merchant = desk.merchant, .id = old};
    desk_refuses(get, &gone, RC_NOT_FOUND);
    desk_look(get_attempts, &gone);
    ck_assert_int_eq(gone.count, 0);
    ck_assert_str_eq(row(waits).state, "WAITING");
    ck_assert_str_eq(row(young).state, "WAITING");
}
END_TEST

suite_fn t_webhooks_suite;
Suite *t_webhooks_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("webhooks", &tc);
    tcase_add_checked_fixture(tc, desk_open, desk_close);
    tcase_add_test(tc, keeps_an_endpoint_as_it_was_told);
    tcase_add_test(tc, an_endpoint_is_its_merchants_alone);
    tcase_add_test(tc, a_deleted_endpoint_is_gone_but_for_the_worker);
    tcase_add_test(tc, lists_no_more_than_its_limit);
    tcase_add_test(tc, replaces_the_events_that_are_wanted);
    tcase_add_test(tc, claims_what_is_due_once_until_its_lease_ends);
    tcase_add_test(tc, only_an_active_endpoint_is_sent_to);
    tcase_add_test(tc, keeps_every_attempt);
    tcase_add_test(tc, a_stale_fence_writes_nothing);
    tcase_add_test(tc, tells_when_each_endpoint_has_something_next);
    tcase_add_test(tc, all_that_waits_fails_with_its_endpoint);
    tcase_add_test(tc, sends_again_what_ended_and_nothing_else);
    tcase_add_test(tc, sends_again_the_failed_of_a_time_range);
    tcase_add_test(tc, lists_newest_first_page_by_page);
    tcase_add_test(tc, timelines_find_what_was_notified);
    tcase_add_test(tc, sweeps_what_is_old_and_ended);
    return s;
}
