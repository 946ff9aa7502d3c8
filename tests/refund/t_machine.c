#include "core/str.h"
#include "refund/machine.h"
#include "support/suite.h"
#include <string.h>

/* The whole table as a person would write it down: one row a state, one word an event, in the order
 * of enum refund_event. A word is the next state's first letters, or: - refuse, . ignore,
 * = stay, ! exception. `a|b`: a when sent before, b when never sent. */
static const struct {
    enum refund_state state;
    const char *events[EVENT_COUNT];
} expected[] = {
    /*        APPROVE REJECT EXPIRE CANCEL SEND UNSENDABLE ACCEPTED DONE REFUSED NOT_SENT LOW_BAL
     * UNKNOWN LEASE ABSENT AGE */
    {STATE_AWAITING_APPROVAL,
     {"HELD", "FAIL", "FAIL", "FAIL", "-", "-", "!", "!", ".", "-", "-", "-", "-", "-", "MANU"}},
    {STATE_HELD,
     {"-", "-", "-", "FAIL", "SEND", "FAIL", "!", "!", ".", "-", "-", "-", "-", "-", "MANU"}},
    {STATE_QUEUED,
     {"-", "-", "-", "-", "SEND", "-|FAIL", "ACCE|!", "SUCC|!", "FAIL|.", "-", "-", ".", "-", ".",
      "MANU"}},
    {STATE_SENDING,
     {"-", "-", "-", "-", "-", ".", "ACCE", "SUCC", "FAIL", "QUEU", "LOW_", "UNKN", "UNKN", ".",
      "."}},
    {STATE_ACCEPTED,
     {"-", "-", "-", "-", "-", ".", "=", "SUCC", "FAIL", "-", "-", "=", "-", "=", "MANU"}},
    {STATE_UNKNOWN,
     {"-", "-", "-", "-", "-", ".", "ACCE", "SUCC", "FAIL", "-", "-", "=", "-", "QUEU", "MANU"}},
    {STATE_LOW_BALANCE,
     {"-", "-", "-", "-", "SEND", "-", "ACCE", "SUCC", "FAIL", "-", "-", ".", "-", ".", "MANU"}},
    {STATE_SUCCESS, {"-", "-", "-", "-", "-", ".", ".", ".", "!", "-", "-", ".", "-", ".", "."}},
    {STATE_FAILURE, {"-", "-", "-", "-", "-", ".", ".", "!", ".", "-", "-", ".", "-", ".", "."}},
    {STATE_MANUAL_REVIEW,
     {"-", "-", "-", "-|FAIL", "-", ".", "=|!", "SUCC|!", "FAIL|.", "-", "-", ".", "-", ".", "."}},
};

static void check_word(enum refund_state state, enum refund_event event, bool sent,
                       const char *word)
{
    struct machine_step step = machine_step(state, event, sent);
    const char *said = machine_state_name(step.to);
    enum machine_verdict verdict = step.verdict;
    bool right = str_eq(word, "-")   ? verdict == VERDICT_REFUSE
                 : str_eq(word, ".") ? verdict == VERDICT_IGNORE
                 : str_eq(word, "=") ? verdict == VERDICT_STAY
                 : str_eq(word, "!") ? verdict == VERDICT_EXCEPTION
                                     : verdict == VERDICT_MOVE && str_starts(said, word);
    ck_assert_msg(right, "%s, %s, %s: verdict %d to %s instead of %s", machine_state_name(state),
                  machine_event_name(event), sent ? "sent" : "unsent", (int)verdict, said, word);
    if (verdict != VERDICT_MOVE)
        ck_assert_int_eq(step.to, state);
    if (verdict == VERDICT_REFUSE || verdict == VERDICT_IGNORE)
        ck_assert_uint_eq(step.effects, 0);
}

START_TEST(answers_every_state_and_event)
{
    struct arena *a = suite_arena();
    ck_assert_uint_eq(sizeof expected / sizeof expected[0], STATE_COUNT);
    for (int s = 0; s < STATE_COUNT; s++) {
        for (int ev = 0; ev < EVENT_COUNT; ev++) {
            char *word = arena_strdup(a, expected[s].events[ev]);
            const char *sent = strsep(&word, "|");
            const char *unsent = word != NULL ? word : sent;
            check_word(expected[s].state, (enum refund_event)ev, true, sent);
            check_word(expected[s].state, (enum refund_event)ev, false, unsent);
        }
    }
}
END_TEST

/* Money: an end frees or settles exactly once, and nothing else does. */
START_TEST(frees_or_settles_only_at_an_end)
{
    for (int s = 0; s < STATE_COUNT; s++) {
        for (int ev = 0; ev < EVENT_COUNT; ev++) {
            for (int sent = 0; sent < 2; sent++) {
                struct machine_step step =
                    machine_step((enum refund_state)s, (enum refund_event)ev, sent);
                bool fails = step.verdict == VERDICT_MOVE && step.to == STATE_FAILURE;
                bool succeeds = step.verdict == VERDICT_MOVE && step.to == STATE_SUCCESS;
                ck_assert_int_eq((step.effects & FX_FREE) != 0, fails);
                ck_assert_int_eq((step.effects & FX_SETTLE) != 0, succeeds);
                ck_assert_int_eq((step.effects & FX_FAILED) != 0, fails);
                ck_assert_int_eq((step.effects & FX_REFUNDED) != 0, succeeds);
            }
        }
    }
}
END_TEST

/* Once the gateway may know of it, only the gateway's own no makes it a FAILURE. */
START_TEST(never_fails_on_an_unknown_outcome)
{
    for (int s = 0; s < STATE_COUNT; s++) {
        for (int ev = 0; ev < EVENT_COUNT; ev++) {
            struct machine_step step = machine_step((enum refund_state)s, (enum refund_event)ev, 1);
            if (step.verdict != VERDICT_MOVE || step.to != STATE_FAILURE)
                continue;
            bool never_sent = s == STATE_HELD || s == STATE_AWAITING_APPROVAL;
            ck_assert(never_sent || ev == EVENT_REFUSED);
        }
    }
}
END_TEST

START_TEST(sends_only_from_states_that_are_not_in_doubt)
{
    for (int s = 0; s < STATE_COUNT; s++) {
        bool may = s == STATE_HELD || s == STATE_QUEUED || s == STATE_LOW_BALANCE;
        struct machine_step step = machine_step((enum refund_state)s, EVENT_SEND, true);
        ck_assert_int_eq(step.verdict == VERDICT_MOVE, may);
    }
}
END_TEST

START_TEST(names_states_both_ways)
{
    enum refund_state parsed;
    for (int s = 0; s < STATE_COUNT; s++) {
        ck_assert(machine_state_parse(machine_state_name((enum refund_state)s), &parsed));
        ck_assert_int_eq(parsed, s);
    }
    ck_assert(!machine_state_parse("PENDING", &parsed));
    ck_assert_str_eq(machine_status(STATE_UNKNOWN), "PENDING");
    ck_assert_str_eq(machine_status(STATE_MANUAL_REVIEW), "MANUAL_REVIEW");
}
END_TEST

suite_fn t_machine_suite;
Suite *t_machine_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("machine", &tc);
    tcase_add_test(tc, answers_every_state_and_event);
    tcase_add_test(tc, frees_or_settles_only_at_an_end);
    tcase_add_test(tc, never_fails_on_an_unknown_outcome);
    tcase_add_test(tc, sends_only_from_states_that_are_not_in_doubt);
    tcase_add_test(tc, names_states_both_ways);
    return s;
}
