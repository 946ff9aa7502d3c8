#include "refund/machine.h"

#include "core/err.h"
#include "core/str.h"

/* What must hold besides state and event; otherwise the cell's verdict is `otherwise`. */
enum guard { ALWAYS, IF_SENT, IF_UNSENT };

struct cell {
    enum machine_verdict verdict; /* VERDICT_REFUSE when the table says nothing */
    enum refund_state to;
    unsigned effects;
    enum guard guard;
    enum machine_verdict otherwise;
};

#define MOVE(state, fx)                                           \
    {                                                             \
        VERDICT_MOVE, STATE_##state, (fx), ALWAYS, VERDICT_REFUSE \
    }
#define MOVE_IF(guard, state, fx, otherwise)                          \
    {                                                                 \
        VERDICT_MOVE, STATE_##state, (fx), guard, VERDICT_##otherwise \
    }
#define STAY(fx)                                      \
    {                                                 \
        VERDICT_STAY, 0, (fx), ALWAYS, VERDICT_REFUSE \
    }
#define IGNORE                                       \
    {                                                \
        VERDICT_IGNORE, 0, 0, ALWAYS, VERDICT_REFUSE \
    }
#define EXCEPTION(fx)                                      \
    {                                                      \
        VERDICT_EXCEPTION, 0, (fx), ALWAYS, VERDICT_REFUSE \
    }

#define ENDED_WELL  (FX_SETTLE | FX_REFUNDED | FX_JOB_NONE | FX_SENT)
#define ENDED_BADLY (FX_FREE | FX_FAILED | FX_JOB_NONE)
#define TO_REVIEW   (FX_REVIEW | FX_JOB_NONE)

static const struct cell table[STATE_COUNT][EVENT_COUNT] =
    {
        [STATE_AWAITING_APPROVAL] =
            {
                [EVENT_APPROVE] = MOVE(HELD, FX_JOB_SEND),
                [EVENT_REJECT] = MOVE(FAILURE, ENDED_BADLY),
                [EVENT_EXPIRE] = MOVE(FAILURE, ENDED_BADLY),
                [EVENT_CANCEL] = MOVE(FAILURE, ENDED_BADLY),
                [EVENT_ACCEPTED] = EXCEPTION(0),
                [EVENT_DONE] = EXCEPTION(0),
                [EVENT_REFUSED] = IGNORE,
                [EVENT_AGE] = MOVE(MANUAL_REVIEW, TO_REVIEW),
            },
        [STATE_HELD] =
            {
                [EVENT_CANCEL] = MOVE(FAILURE, ENDED_BADLY),
                [EVENT_SEND] = MOVE(SENDING, FX_ATTEMPT),
                [EVENT_UNSENDABLE] = MOVE(FAILURE, ENDED_BADLY),
                [EVENT_ACCEPTED] = EXCEPTION(0),
                [EVENT_DONE] = EXCEPTION(0),
                [EVENT_REFUSED] = IGNORE,
                [EVENT_AGE] = MOVE(MANUAL_REVIEW, TO_REVIEW),
            },
        [STATE_QUEUED] =
            {
                [EVENT_SEND] = MOVE(SENDING, FX_ATTEMPT),
                [EVENT_UNSENDABLE] = MOVE_IF(IF_UNSENT, FAILURE, ENDED_BADLY, REFUSE),
                [EVENT_ACCEPTED] = MOVE_IF(IF_SENT, ACCEPTED, FX_JOB_INQUIRE, EXCEPTION),
                [EVENT_DONE] = MOVE_IF(IF_SENT, SUCCESS, ENDED_WELL, EXCEPTION),
                [EVENT_REFUSED] = MOVE_IF(IF_SENT, FAILURE, ENDED_BADLY, IGNORE),
                [EVENT_UNKNOWN] = IGNORE,
                [EVENT_ABSENT] = IGNORE,
                [EVENT_AGE] = MOVE(MANUAL_REVIEW, TO_REVIEW),
            },
        [STATE_SENDING] =
            {
                [EVENT_UNSENDABLE] = IGNORE,
                [EVENT_ACCEPTED] = MOVE(ACCEPTED, FX_SENT | FX_JOB_INQUIRE),
                [EVENT_DONE] = MOVE(SUCCESS, ENDED_WELL),
                [EVENT_REFUSED] = MOVE(FAILURE, ENDED_BADLY | FX_SENT),
                [EVENT_NOT_SENT] = MOVE(QUEUED, FX_JOB_SEND),
                [EVENT_LOW_BALANCE] = MOVE(LOW_BALANCE, FX_SENT | FX_JOB_SEND),
                [EVENT_UNKNOWN] = MOVE(UNKNOWN, FX_SENT | FX_JOB_INQUIRE),
                [EVENT_LEASE_LOST] = MOVE(UNKNOWN, FX_SENT | FX_JOB_INQUIRE),
                [EVENT_ABSENT] = IGNORE,
                [EVENT_AGE] = IGNORE,
            },
        [STATE_ACCEPTED] =
            {
                [EVENT_UNSENDABLE] = IGNORE,
                [EVENT_ACCEPTED] = STAY(FX_JOB_INQUIRE),
                [EVENT_DONE] = MOVE(SUCCESS, ENDED_WELL),
                [EVENT_REFUSED] = MOVE(FAILURE, ENDED_BADLY),
                [EVENT_UNKNOWN] = STAY(FX_JOB_INQUIRE),
                [EVENT_ABSENT] = STAY(FX_JOB_INQUIRE),
                [EVENT_AGE] = MOVE(MANUAL_REVIEW, TO_REVIEW),
            },
        [STATE_UNKNOWN] =
            {
                [EVENT_UNSENDABLE] = IGNORE,
                [EVENT_ACCEPTED] = MOVE(ACCEPTED, FX_JOB_INQUIRE),
                [EVENT_DONE] = MOVE(SUCCESS, ENDED_WELL),
                [EVENT_REFUSED] = MOVE(FAILURE, ENDED_BADLY),
                [EVENT_UNKNOWN] = STAY(FX_JOB_INQUIRE),
                [EVENT_ABSENT] = MOVE(QUEUED, FX_JOB_SEND),
                [EVENT_AGE] = MOVE(MANUAL_REVIEW, TO_REVIEW),
            },
        [STATE_LOW_BALANCE] =
            {
                [EVENT_SEND] = MOVE(SENDING, FX_ATTEMPT),
                [EVENT_ACCEPTED] = MOVE(ACCEPTED, FX_JOB_INQUIRE),
                [EVENT_DONE] = MOVE(SUCCESS, ENDED_WELL),
                [EVENT_REFUSED] = MOVE(FAILURE, ENDED_BADLY),
                [EVENT_UNKNOWN] = IGNORE,
                [EVENT_ABSENT] = IGNORE,
                [EVENT_AGE] = MOVE(MANUAL_REVIEW, TO_REVIEW),
            },
        [STATE_SUCCESS] =
            {
                [EVENT_UNSENDABLE] = IGNORE,
                [EVENT_ACCEPTED] = IGNORE,
                [EVENT_DONE] = IGNORE,
                [EVENT_REFUSED] = EXCEPTION(0),
                [EVENT_UNKNOWN] = IGNORE,
                [EVENT_ABSENT] = IGNORE,
                [EVENT_AGE] = IGNORE,
            },
        [STATE_FAILURE] =
            {
                [EVENT_UNSENDABLE] = IGNORE,
                [EVENT_ACCEPTED] = IGNORE,
                [EVENT_DONE] = EXCEPTION(FX_REHOLD),
                [EVENT_REFUSED] = IGNORE,
                [EVENT_UNKNOWN] = IGNORE,
                [EVENT_ABSENT] = IGNORE,
                [EVENT_AGE] = IGNORE,
            },
        [STATE_MANUAL_REVIEW] =
            {
                [EVENT_CANCEL] = MOVE_IF(IF_UNSENT, FAILURE, ENDED_BADLY, REFUSE),
                [EVENT_UNSENDABLE] = IGNORE,
                [EVENT_ACCEPTED] = MOVE_IF(IF_SENT, MANUAL_REVIEW, 0, EXCEPTION),
                [EVENT_DONE] = MOVE_IF(IF_SENT, SUCCESS, ENDED_WELL, EXCEPTION),
                [EVENT_REFUSED] = MOVE_IF(IF_SENT, FAILURE, ENDED_BADLY, IGNORE),
                [EVENT_UNKNOWN] = IGNORE,
                [EVENT_ABSENT] = IGNORE,
                [EVENT_AGE] = IGNORE,
            },
};

struct machine_step machine_step(enum refund_state state, enum refund_event event, bool sent)
{
    CHECK(state < STATE_COUNT && event < EVENT_COUNT);
    const struct cell *cell = &table[state][event];
    bool holds = cell->guard == ALWAYS || (cell->guard == IF_SENT) == sent;
    if (!holds)
        return (struct machine_step){.verdict = cell->otherwise, .to = state};
    if (cell->verdict != VERDICT_MOVE)
        return (struct machine_step){cell->verdict, state, cell->effects};
    if (cell->to == state)
        return (struct machine_step){VERDICT_STAY, state, cell->effects};
    return (struct machine_step){VERDICT_MOVE, cell->to, cell->effects};
}

static const char *const state_names[STATE_COUNT] = {
    [STATE_AWAITING_APPROVAL] = "AWAITING_APPROVAL",
    [STATE_HELD] = "HELD",
    [STATE_QUEUED] = "QUEUED",
    [STATE_SENDING] = "SENDING",
    [STATE_ACCEPTED] = "ACCEPTED",
    [STATE_UNKNOWN] = "UNKNOWN",
    [STATE_LOW_BALANCE] = "LOW_BALANCE",
    [STATE_SUCCESS] = "SUCCESS",
    [STATE_FAILURE] = "FAILURE",
    [STATE_MANUAL_REVIEW] = "MANUAL_REVIEW",
};

static const char *const event_names[EVENT_COUNT] = {
    [EVENT_APPROVE] = "approved",
    [EVENT_REJECT] = "rejected",
    [EVENT_EXPIRE] = "expired",
    [EVENT_CANCEL] = "cancelled",
    [EVENT_SEND] = "sending",
    [EVENT_UNSENDABLE] = "unsendable",
    [EVENT_ACCEPTED] = "accepted",
    [EVENT_DONE] = "done",
    [EVENT_REFUSED] = "refused",
    [EVENT_NOT_SENT] = "not_sent",
    [EVENT_LOW_BALANCE] = "low_balance",
    [EVENT_UNKNOWN] = "unknown",
    [EVENT_LEASE_LOST] = "lease_lost",
    [EVENT_ABSENT] = "absent",
    [EVENT_AGE] = "aged",
};

const char *machine_state_name(enum refund_state s)
{
    CHECK(s < STATE_COUNT);
    return state_names[s];
}

bool machine_state_parse(const char *name, enum refund_state *s)
{
    for (int i = 0; i < STATE_COUNT; i++) {
        if (str_eq(name, state_names[i])) {
            *s = (enum refund_state)i;
            return true;
        }
    }
    return false;
}

const char *machine_event_name(enum refund_event ev)
{
    CHECK(ev < EVENT_COUNT);
    return event_names[ev];
}

const char *machine_status(enum refund_state s)
{
    bool ended = s == STATE_SUCCESS || s == STATE_FAILURE || s == STATE_MANUAL_REVIEW;
    return ended ? machine_state_name(s) : "PENDING";
}
