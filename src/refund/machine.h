/*
 * The life of a refund as one pure table [state][event] -> verdict, next state, effects.
 * No other code moves a refund. Public status: DOMAIN "Refunds"; vendor's dashboard page.
 */
#ifndef REFUND_MACHINE_H
#define REFUND_MACHINE_H

#include <stdbool.h>

enum refund_state {
    STATE_AWAITING_APPROVAL,
    STATE_HELD,        /* can be cancelled until hold_until; its SEND job is due then */
    STATE_QUEUED,      /* to be sent (again) with the same key */
    STATE_SENDING,     /* a worker holds the lease; bytes may be on their way */
    STATE_ACCEPTED,    /* the gateway has it; inquired until it says more */
    STATE_UNKNOWN,     /* no answer that could be understood; inquired with the same key */
    STATE_LOW_BALANCE, /* the gateway said: balance too low; sent again later */
    STATE_SUCCESS,
    STATE_FAILURE,
    STATE_MANUAL_REVIEW,
    STATE_COUNT
};

enum refund_event {
    EVENT_APPROVE,
    EVENT_REJECT,
    EVENT_EXPIRE, /* approval not given in time */
    EVENT_CANCEL,
    EVENT_SEND,       /* a worker claimed the SEND job */
    EVENT_UNSENDABLE, /* the gateway has no such operation, or the payee cannot be read */
    EVENT_ACCEPTED,
    EVENT_DONE,
    EVENT_REFUSED,
    EVENT_NOT_SENT,
    EVENT_LOW_BALANCE,
    EVENT_UNKNOWN,
    EVENT_LEASE_LOST, /* the lease ran out while sending: unknown, never "send again" */
    EVENT_ABSENT,     /* an inquiry, late enough: the gateway never heard of this key */
    EVENT_AGE,        /* PENDING for longer than review_after */
    EVENT_COUNT
};

enum machine_verdict {
    VERDICT_REFUSE,   /* not possible now: nothing changes, the asker is told */
    VERDICT_IGNORE,   /* true already, or says nothing new: nothing changes */
    VERDICT_STAY,     /* state stays, effects apply */
    VERDICT_MOVE,     /* state changes, effects apply */
    VERDICT_EXCEPTION /* contradicts what is final or never sent: state stays, a person decides */
};

/* Effects, bits. */
enum {
    FX_SENT = 1 << 0,        /* from now on the gateway may know of it */
    FX_ATTEMPT = 1 << 1,     /* attempts + 1 */
    FX_FREE = 1 << 2,        /* the held amount is free again */
    FX_SETTLE = 1 << 3,      /* the held amount counts as refunded */
    FX_JOB_SEND = 1 << 4,    /* a SEND job, after hold or back-off */
    FX_JOB_INQUIRE = 1 << 5, /* an INQUIRE job, after back-off */
    FX_JOB_NONE = 1 << 6,    /* no job may be left */
    FX_REFUNDED = 1 << 7,    /* ORDER_REFUNDED (or AUTO_REFUND_SUCCEEDED) */
    FX_FAILED = 1 << 8,      /* ORDER_REFUND_FAILED (or AUTO_REFUND_FAILED) */
    FX_REVIEW = 1 << 9,      /* REFUND_MANUAL_REVIEW_NEEDED */
    FX_REHOLD = 1 << 10      /* while the exception is open the amount is held again */
};

struct machine_step {
    enum machine_verdict verdict;
    enum refund_state to;
    unsigned effects;
};

/* sent: FX_SENT was applied before. CHECKs the ranges. */
struct machine_step machine_step(enum refund_state state, enum refund_event event, bool sent);

const char *machine_state_name(enum refund_state s);              /* "HELD": as stored */
bool machine_state_parse(const char *name, enum refund_state *s); /* false: unknown */
const char *machine_event_name(enum refund_event ev);             /* "not_sent" */
const char *machine_status(enum refund_state s); /* public: PENDING, SUCCESS, FAILURE, … */

#endif
