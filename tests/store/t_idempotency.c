#include "desk.h"
#include "store/idempotency.h"
#include "support/suite.h"
#include <string.h>

struct asked {
    int64_t merchant;
    const char *route, *key;
    struct kept_answer answer;
};

static enum rc put(struct sql *q, void *arg, struct err *e)
{
    const struct asked *x = arg;
    return idempotency_put(q, x->merchant, x->route, x->key, &x->answer, 7, e);
}

static enum rc get(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return idempotency_get(q, desk.arena, x->merchant, x->route, x->key, &x->answer, e);
}

static struct asked of(const char *route, const char *key, const char *body)
{
    struct asked x = {
        .merchant = desk.merchant, .route = route, .key = key, .answer = {{0}, 200, body}};
    memset(x.answer.asked_hash, body[0], DIGEST_BYTES);
    return x;
}

START_TEST(an_answer_comes_back_as_it_was)
{
    struct asked kept = of("/refunds", "k", "{\"a\":\"\xe2\x82\xac\"}");
    kept.answer.status = 400;
    desk_write(put, &kept);
    struct asked out = of("/refunds", "k", "x");
    desk_look(get, &out);
    ck_assert_int_eq(out.answer.status, 400);
    ck_assert_str_eq(out.answer.body, kept.answer.body);
    ck_assert_mem_eq(out.answer.asked_hash, kept.answer.asked_hash, DIGEST_BYTES);
}
END_TEST

START_TEST(the_first_answer_stays)
{
    struct asked first = of("/refunds", "k", "first"), second = of("/refunds", "k", "second");
    desk_write(put, &first);
    desk_refuses(put, &second, RC_CONFLICT);
    desk_look(get, &second);
    ck_assert_str_eq(second.answer.body, "first");
}
END_TEST

START_TEST(merchant_route_and_key_tell_answers_apart)
{
    struct asked kept = of("/refunds", "k", "kept");
    desk_write(put, &kept);
    struct asked others[] = {of("/orders", "k", "x"), of("/refunds", "K", "x"),
                             of("/refunds", "", "x"), of("/refunds", "k", "x")};
    others[3].merchant++;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        desk_refuses(get, &others[i], RC_NOT_FOUND);
}
END_TEST

Suite *t_idempotency_suite(void);
Suite *t_idempotency_suite(void)
{
    TCase *t;
    Suite *s = suite_of("idempotency", &t);
    tcase_add_checked_fixture(t, desk_open, desk_close);
    tcase_add_test(t, an_answer_comes_back_as_it_was);
    tcase_add_test(t, the_first_answer_stays);
    tcase_add_test(t, merchant_route_and_key_tell_answers_apart);
    return s;
}
