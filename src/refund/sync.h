/*
 * Sync: somebody wants to know now how a refund goes (DOMAIN: HTTP API, sync). Portal and API never
 * dial out: they put an urgent inquiry for the worker and look whether it has ended.
 *
 *     sql_tx:   refund_sync_request()  → SYNC_ASKED, commit
 *     app_wake_worker()
 *     sql_read: refund_sync_ended()    until it has ended or the patience is over
 */
#ifndef REFUND_SYNC_H
#define REFUND_SYNC_H

#include "store/jobs.h"
#include "store/refunds.h"

enum sync_verdict {
    SYNC_ASKED,
    SYNC_NEVER_SENT, /* the gateway knows nothing of it */
    SYNC_SENDING,    /* on its way, or about to be sent again: the answer comes by itself */
    SYNC_FINISHED,   /* SUCCESS or FAILURE */
    SYNC_COOLING,    /* asked for a moment ago */
    SYNC_VERDICT_COUNT
};

struct sync_answer {
    enum sync_verdict verdict;
    struct refund refund; /* as it was before; texts in the arena */
    int64_t asked_ms;     /* SYNC_ASKED: what refund_sync_ended() takes */
    int64_t wait_ms;      /* SYNC_COOLING: until it may be asked for again */
};

/* Inside a write transaction: judges, notes synced_ms and puts the inquiry, which moves the normal
 * schedule of inquiries neither forward nor back. lane: LANE_SYNC… (store/jobs.h). cool_ms: config
 * sync_cool_ms. RC_NOT_FOUND when there is no such refund; whose it is, the caller has seen to. */
MUSTCHECK enum rc refund_sync_request(struct sql *q, struct arena *a, int64_t refund_row,
                                      const char *lane, int64_t cool_ms, int64_t now_ms,
                                      struct sync_answer *out, struct err *e);

/* Whether no inquiry asked for until asked_ms is left to wait for. What it found is in the refund's
 * row. */
MUSTCHECK enum rc refund_sync_ended(struct sql *q, int64_t refund_row, int64_t asked_ms,
                                    bool *ended, struct err *e);

/* A sentence for the person: what there is to know, and what to do. */
const char *refund_sync_text(enum sync_verdict verdict);

#endif
