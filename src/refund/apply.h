/*
 * Applying an event to a refund: the one place where the machine's effects become rows.
 */
#ifndef REFUND_APPLY_H
#define REFUND_APPLY_H

#include "core/app.h"
#include "refund/announce.h"
#include "refund/machine.h"
#include "refund/refund_body.h"
#include "store/refunds.h"

/* What came with the event; NULL texts leave what is stored. */
struct refund_news {
    const char *actor; /* who or what brought it: "worker", a user's name */
    const char *gateway_ref, *arn;
    const char *error_code, *error_message;
    const char *words;  /* the gateway's answer, verbatim */
    const char *detail; /* for the timeline */
    int64_t processed_at_ms;
    int64_t due_ms; /* when FX_JOB_… asks for a job: due then */
    int64_t attempt;
    struct announce_later *later; /* its event is told by the caller, later; NULL: at once */
    bool is_taken_back;           /* an auto refund that the desk cancels itself: other news came */
    const struct refund_view *made; /* the new refund with its payee and parts; else NULL */
};

/* Inside a write transaction. *step (may be NULL) tells what the machine said. VERDICT_REFUSE is
 * RC_OK here: the caller decides what a refusal means. */
MUSTCHECK enum rc refund_apply(struct sql *q, struct arena *a, int64_t refund_row,
                               enum refund_event event, const struct refund_news *news,
                               int64_t now_ms, struct machine_step *step, struct err *e);

/* Whose turn its jobs are (store/jobs.h): its gateway's; those of a batch take turns with the rest.
 */
const char *refund_lane(struct arena *a, const struct refund *r);

/* The JSON that an event row freezes of a refund at this moment. */
const char *refund_freeze(struct arena *a, const struct refund *r, const struct refund_news *news);

#endif
