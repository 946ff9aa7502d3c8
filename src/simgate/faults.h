/*
 * Scripted faults, kept in memory. Each says whom it hits and what goes wrong, a number of times;
 * the oldest that matches a request is taken.
 */
#ifndef SIMGATE_FAULTS_H
#define SIMGATE_FAULTS_H

#include "core/err.h"
#include "core/json.h"
#include "core/limits.h"
#include "simgate/answer.h"
#include <pthread.h>

enum fault_operation {
    OPERATION_REFUND,
    OPERATION_PAYOUT,
    OPERATION_INQUIRE, /* of a refund or a payout */
    OPERATION_CHARGE,
    OPERATION_PAYMENT
};

enum fault_kind {
    FAULT_NONE,
    FAULT_REFUSE, /* a definite no, kept in the ledger */
    FAULT_TIMEOUT_BEFORE,
    FAULT_TIMEOUT_AFTER,
    FAULT_RESET_BEFORE,
    FAULT_RESET_AFTER,
    FAULT_ERROR_500_BEFORE,
    FAULT_ERROR_500_AFTER,
    FAULT_CONFLICT_409,
    FAULT_TRUNCATED_JSON,
    FAULT_SLOW_BODY,
    FAULT_PENDING, /* pending for ms, then done (with a code: then failed) */
    FAULT_LOW_BALANCE,
    FAULT_RATE_LIMITED,
    FAULT_KIND_COUNT
};

/* "" where the request has no such thing. */
struct fault_subject {
    enum fault_operation operation;
    const char *idempotency_key;
    const char *unique_request_id;
    const char *payment_id;
    const char *txn_id;
};

/* A fault as it hits one request. */
struct fault_hit {
    enum fault_kind kind;
    bool acts;                  /* the request is carried out, whatever is said about it */
    enum answer_end end;        /* how the connection ends */
    int status;                 /* 0: what the request itself answers */
    const char *code, *message; /* for an error; for `pending` NULL unless scripted */
    int64_t ms;
};

struct fault;
struct faults {
    pthread_mutex_t lock;
    struct fault *list; /* LIMIT_SIMGATE_FAULTS of them, oldest first */
    int n;
};

/* An empty script; its memory lives in the arena. */
void faults_init(struct faults *f, struct arena *a);

/* Reads {"match": {…}, "fault": "…", "times": N, "ms": N, "code": "…", "message": "…"}. Whatever it
 * does not know is RC_INVALID, so that a misspelled script never passes for a good day. */
MUSTCHECK enum rc faults_add(struct faults *f, struct arena *a, struct json_object *body,
                             struct err *e);
int faults_clear(struct faults *f);
/* [{"match", "fault", "times" (left), "ms"}] */
struct json_object *faults_list(struct faults *f, struct arena *a);

/* The fault that hits this request, counted down. FAULT_NONE: acts, END_SEND. */
struct fault_hit faults_take(struct faults *f, struct arena *a,
                             const struct fault_subject *subject);

#endif
