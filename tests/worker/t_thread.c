#include "core/clock.h"
#include "support/suite.h"
#include "worker/thread.h"

#include <signal.h>
#include <stdatomic.h>

#define LONG_MS 60000 /* a wait that a test would not outlive */

struct sleeper {
    struct worker_thread thread;
    int64_t wait_ms;
    atomic_int rounds;
    bool takes_signals;
};

static void *sleep_on(void *arg)
{
    struct sleeper *s = arg;
    sigset_t blocked;
    pthread_sigmask(SIG_BLOCK, NULL, &blocked);
    s->takes_signals = sigismember(&blocked, SIGTERM) == 0;
    while (!worker_thread_stopping(&s->thread)) {
        worker_thread_wait(&s->thread, s->wait_ms);
        atomic_fetch_add(&s->rounds, 1);
    }
    return NULL;
}

static void start(struct sleeper *s, int64_t wait_ms)
{
    struct err e;
    *s = (struct sleeper){.wait_ms = wait_ms};
    ck_assert_int_eq(worker_thread_start(&s->thread, sleep_on, s, "that sleeps", &e), RC_OK);
}

static void await_rounds(struct sleeper *s, int n)
{
    int64_t until_ms = clock_mono_ms() + LONG_MS / 2;
    while (atomic_load(&s->rounds) < n && clock_mono_ms() < until_ms)
        clock_sleep_ms(1);
    ck_assert_int_ge(atomic_load(&s->rounds), n);
}

START_TEST(a_stop_ends_a_wait)
{
    struct sleeper s;
    start(&s, LONG_MS);
    int64_t began_ms = clock_mono_ms();
    worker_thread_stop(&s.thread);
    ck_assert_int_lt(clock_mono_ms() - began_ms, LONG_MS / 2);
    ck_assert_int_le(atomic_load(&s.rounds), 1);
}
END_TEST

START_TEST(each_wake_ends_a_wait_also_one_that_comes_before_it)
{
    struct sleeper s;
    start(&s, LONG_MS);
    for (int i = 1; i <= 100; i++) {
        worker_thread_wake(&s.thread);
        await_rounds(&s, i);
    }
    worker_thread_stop(&s.thread);
    ck_assert_int_le(atomic_load(&s.rounds), 101);
}
END_TEST

START_TEST(a_wait_ends_by_itself)
{
    static const int64_t waits_ms[] = {0, 1, 20};
    for (size_t i = 0; i < sizeof waits_ms / sizeof *waits_ms; i++) {
        struct sleeper s;
        start(&s, waits_ms[i]);
        int64_t began_ms = clock_mono_ms();
        await_rounds(&s, 3);
        ck_assert_int_ge(clock_mono_ms() - began_ms, 2 * waits_ms[i]);
        worker_thread_stop(&s.thread);
    }
}
END_TEST

START_TEST(signals_stay_with_main)
{
    struct sleeper s;
    sigset_t before, after;
    pthread_sigmask(SIG_BLOCK, NULL, &before);
    start(&s, LONG_MS);
    worker_thread_stop(&s.thread);
    pthread_sigmask(SIG_BLOCK, NULL, &after);
    ck_assert(!s.takes_signals);
    ck_assert_int_eq(sigismember(&before, SIGTERM), sigismember(&after, SIGTERM));
}
END_TEST

suite_fn t_thread_suite;

Suite *t_thread_suite(void)
{
    TCase *t;
    Suite *s = suite_of("thread", &t);
    tcase_add_test(t, a_stop_ends_a_wait);
    tcase_add_test(t, each_wake_ends_a_wait_also_one_that_comes_before_it);
    tcase_add_test(t, a_wait_ends_by_itself);
    tcase_add_test(t, signals_stay_with_main);
    return s;
}
