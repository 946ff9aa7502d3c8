/*
 * The order in which payment events arrive does not matter, as long as nothing was sent: every
 * permutation ends with the same charges kept, refunded and shown.
 */
#include "core/limits.h"
#include "core/str.h"
#include "refund/charges.h"
#include "refund/shop.h"
#include "refund/told.h"
#include "support/suite.h"
#include <string.h>

#define MAX_EVENTS 6

enum { NO_CONFLICTED = 1, NO_MULTIPLE = 2 };

static const struct story {
    const char *name;
    unsigned off;
    struct charge events[MAX_EVENTS];
} stories[] = {
    {"one that is late, told twice with different times",
     0,
     {HEARD(1, "STARTED", 0, NOT_TOLD, 0), HEARD(1, "PENDING_VBV", 0, NOT_TOLD, 5),
      HEARD(1, "CHARGED", 0, 900, 900), HEARD(1, "CHARGED", 0, 601, 950),
      HEARD(1, "AUTHORIZATION_FAILED", 0, NOT_TOLD, 700)}},
    {"one that was in time after all",
     0,
     {HEARD(1, "PENDING_VBV", NOT_TOLD, NOT_TOLD, 5), HEARD(1, "CHARGED", 0, 900, 900),
      HEARD(1, "CHARGED", NOT_TOLD, 600, 950), HEARD(1, "CHARGED", NOT_TOLD, NOT_TOLD, 1000)}},
    {"two charged, each with its pending news",
     0,
     {HEARD(1, "PENDING_VBV", 0, NOT_TOLD, 0), HEARD(2, "PENDING_VBV", 60, NOT_TOLD, 60),
      HEARD(1, "CHARGED", 0, 300, 300), HEARD(2, "CHARGED", 60, 120, 120),
      HEARD(1, "CHARGED", 0, 110, 400), HEARD(2, "CHARGED", 60, 120, 500)}},
    {"three charged, each time another one is first",
     0,
     {HEARD(1, "CHARGED", 0, 300, 300), HEARD(2, "CHARGED", 10, 200, 310),
      HEARD(3, "CHARGED", 20, 100, 320), HEARD(2, "CHARGED", 10, 50, 330),
      HEARD(1, "CHARGED", 0, 40, 340), HEARD(3, "CHARGED", 20, 40, 350)}},
    {"late and a duplicate, beside one in time",
     0,
     {HEARD(1, "PENDING_VBV", 0, NOT_TOLD, 0), HEARD(1, "CHARGED", NOT_TOLD, 900, 900),
      HEARD(2, "PENDING_VBV", 700, NOT_TOLD, 700), HEARD(2, "CHARGED", 700, 950, 950),
      HEARD(3, "AUTHORIZATION_FAILED", 20, NOT_TOLD, 60), HEARD(3, "CHARGED", 20, 100, 970)}},
    {"all of them late",
     0,
     {HEARD(1, "CHARGED", 0, 700, 700), HEARD(2, "CHARGED", 0, 800, 800),
      HEARD(3, "CHARGED", 10, 900, 900), HEARD(3, "PENDING_VBV", 0, NOT_TOLD, 20),
      HEARD(1, "PENDING_VBV", 0, NOT_TOLD, 0)}},
    {"late is only shown",
     NO_CONFLICTED,
     {HEARD(1, "CHARGED", NOT_TOLD, 900, 900), HEARD(1, "STARTED", 0, NOT_TOLD, 0),
      HEARD(2, "CHARGED", 0, 901, 901), HEARD(3, "CHARGED", 800, 950, 950),
      HEARD(3, "CHARGED", 800, 850, 990)}},
    {"duplicates are only shown",
     NO_MULTIPLE,
     {HEARD(1, "CHARGED", 0, 300, 300), HEARD(2, "CHARGED", 10, 200, 310),
      HEARD(3, "CHARGED", 20, 900, 900), HEARD(1, "CHARGED", 0, 100, 400),
      HEARD(3, "CHARGED", 20, 150, 950)}},
    {"others refund one by themselves",
     0,
     {HEARD(1, "CHARGED", 0, 900, 900), HEARD(1, "AUTO_REFUNDED", 0, 900, 950),
      HEARD(2, "CHARGED", 0, 60, 60), HEARD(3, "CHARGED", 0, 50, 70),
      HEARD(3, "AUTO_REFUNDED", 0, 50, 80)}},
    {"gateways of their own clocks, equal times",
     0,
     {HEARD_WITH(1, "CHARGED", 0, 90, 90, .gateway = "STRIPE"), HEARD(2, "CHARGED", 0, 90, 91),
      HEARD(3, "CHARGED", 1, 90, 92), HEARD_WITH(1, "CHARGED", 0, 95, 96, .gateway = "STRIPE"),
      HEARD(2, "PENDING_VBV", 0, NOT_TOLD, 0), HEARD(3, "PENDING_VBV", 0, NOT_TOLD, 3)}},
    {"a gateway that nobody can refund by",
     0,
     {HEARD_WITH(1, "CHARGED", 0, 900, 900, .gateway = "LEGACY"), HEARD(2, "CHARGED", 0, 60, 60),
      HEARD_WITH(3, "CHARGED", 0, 70, 70, .gateway = "LEGACY"),
      HEARD_WITH(1, "CHARGED", 0, 50, 980, .gateway = "LEGACY")}},
};

/* ---- one permutation ----------------------------------------------------------------------------
 */

struct permutation {
    const struct order_news *news[MAX_EVENTS];
    int n;
    struct arena *arena;
    const char *state;
};

/* It is undone again (RC_BUSY): the next one begins with nothing. */
static enum rc tell_fn(struct sql *q, void *arg, struct err *e)
{
    struct permutation *p = arg;
    for (int i = 0; i < p->n; i++) {
        enum order_news_end end;
        const char *why;
        enum rc rc = order_news_apply(q, p->arena, &shop_actor, p->news[i], false,
                                      shop.clock.fixed_ms, &end, &why, e);
        if (rc != RC_OK)
            return rc;
        ck_assert_msg(end == NEWS_APPLIED || end == NEWS_KNOWN, "%d: %s", end, str_or(why, ""));
    }
    p->state = charges_state(q, p->arena, false);
    return ERR(e, RC_BUSY, "Enough seen.", "undo");
}

/* The next permutation in lexical order; false after the last. */
static bool next_order(int *order, int n)
{
    int i = n - 2, k = n - 1;
    while (i >= 0 && order[i] > order[i + 1])
        i--;
    if (i < 0)
        return false;
    while (order[k] < order[i])
        k--;
    int swap = order[i];
    order[i] = order[k];
    order[k] = swap;
    for (int a = i + 1, b = n - 1; a < b; a++, b--) {
        swap = order[a];
        order[a] = order[b];
        order[b] = swap;
    }
    return true;
}

static const char *names_of(const int *order, int n)
{
    const char *text = "";
    for (int i = 0; i < n; i++)
        text = arena_printf(desk.arena, "%s %d", text, order[i]);
    return text;
}

static int tell_all(const struct story *s, const struct order_news *const *events, int n,
                    const char **first)
{
    int order[MAX_EVENTS] = {0, 1, 2, 3, 4, 5}, told = 0;
    struct permutation p = {.n = n, .arena = arena_new(LIMIT_ARENA_JOB_BYTES)};
    do {
        for (int i = 0; i < n; i++)
            p.news[i] = events[order[i]];
        desk_refuses(tell_fn, &p, RC_BUSY);
        if (*first == NULL)
            *first = arena_strdup(desk.arena, p.state);
        ck_assert_msg(strcmp(p.state, *first) == 0, "%s, in the order%s:\n%s\ninstead of\n%s",
                      s->name, names_of(order, n), p.state, *first);
        arena_clear(p.arena);
        told++;
    } while (next_order(order, n));
    arena_free(p.arena);
    return told;
}

START_TEST(every_permutation_ends_alike)
{
    const struct story *s = &stories[_i];
    const struct order_news *events[MAX_EVENTS];
    struct conflict_settings on = charges_on();
    const char *state = NULL;
    int n = 0, all = 1;
    on.refund_conflicted = !(s->off & NO_CONFLICTED);
    on.refund_multiple = !(s->off & NO_MULTIPLE);
    charges_set(on);
    for (; n < MAX_EVENTS && s->events[n].txn != 0; n++) {
        events[n] = told_read(charge_told(&s->events[n]), false, 0);
        all *= n + 1;
    }
    ck_assert_int_eq(tell_all(s, events, n, &state), all);
    ck_assert_msg(strstr(state, "CONFLICTED:") != NULL || strstr(state, "MULTIPLE_CHARGED:") ||
                      str_eq(state, "CHARGED kept 1; 1 CHARGED"),
                  "%s ends as %s", s->name, state);
}
END_TEST

suite_fn t_autorefund_order_suite;

Suite *t_autorefund_order_suite(void)
{
    TCase *t;
    Suite *s = suite_of("autorefund in any order", &t);
    tcase_add_checked_fixture(t, shop_open, shop_close);
    tcase_add_loop_test(t, every_permutation_ends_alike, 0,
                        (int)(sizeof stories / sizeof stories[0]));
    return s;
}
