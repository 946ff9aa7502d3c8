/*
 * Things to do. A state change writes its jobs in its own transaction; the worker claims them by
 * compare-and-set with a lease and a fence number that every later write of the job carries.
 *
 * Each stands in a lane of its merchant: those of one lane go by their time, the lanes take turns,
 * so that a file of a hundred thousand refunds, or a gateway that does not answer, holds up nobody
 * else.
 */
#ifndef STORE_JOBS_H
#define STORE_JOBS_H

#include "sql/sql.h"

#define JOB_SEND    "send"    /* subject: refund */
#define JOB_INQUIRE "inquire" /* subject: refund */
#define JOB_CHARGE  "charge"  /* subject: order; test mode only */
#define JOB_NEWS    "news"    /* subject: news (store/news.h) */

/* Lanes besides those of gateways (refund_lane in refund/apply.h). */
#define LANE_SYNC       "sync" /* somebody waits for the answer */
#define LANE_SYNC_BATCH "sync/batch"

struct job_lane {
    const char *lane;
    int64_t due_ms; /* of its first job */
};

struct job {
    int64_t id;
    const char *kind;
    int64_t merchant;
    int64_t subject;
    int64_t due_ms;  /* while leased: the end of the lease */
    int64_t attempt; /* for the back-off; starts at 0 */
    bool leased;     /* true when claimed although leased: the lease ran out */
    int64_t fence;
};

/* Due at due_ms; replaces lane, due_ms and attempt when (kind, subject) is there and not leased. */
MUSTCHECK enum rc jobs_put(struct sql *q, const char *kind, int64_t merchant, int64_t subject,
                           const char *lane, int64_t due_ms, int64_t attempt, struct err *e);
/* Due at due_ms at the latest, in that lane; keeps attempt and an earlier due_ms. A leased one is
 * left alone. */
MUSTCHECK enum rc jobs_hurry(struct sql *q, const char *kind, int64_t merchant, int64_t subject,
                             const char *lane, int64_t due_ms, struct err *e);
/* *waits: the subject has a job of that kind that is leased or was due at due_ms. */
MUSTCHECK enum rc jobs_waiting(struct sql *q, const char *kind, int64_t subject, int64_t due_ms,
                               bool *waits, struct err *e);
/* Deletes the subject's job of that kind, if there is one. */
MUSTCHECK enum rc jobs_drop(struct sql *q, const char *kind, int64_t subject, struct err *e);
/* All lanes that have jobs, in the order of their names. */
MUSTCHECK enum rc jobs_lanes(struct sql *q, struct arena *a, struct job_lane **out, int *count,
                             struct err *e);
/* Claims up to `limit` due jobs of a lane: fence+1, leased, due_ms = now + lease. `leased` of a
 * result tells that an earlier lease ran out. */
MUSTCHECK enum rc jobs_claim(struct sql *q, struct arena *a, const char *lane, int64_t now_ms,
                             int64_t lease_ms, int limit, struct job **out, int *count,
                             struct err *e);
/* RC_CONFLICT when the fence is not ours any more; changes nothing. */
MUSTCHECK enum rc jobs_owned(struct sql *q, const struct job *j, struct err *e);
/* RC_CONFLICT when the fence is not ours any more (another worker took over). */
MUSTCHECK enum rc jobs_finish(struct sql *q, const struct job *j, struct err *e);
MUSTCHECK enum rc jobs_again(struct sql *q, const struct job *j, int64_t due_ms, int64_t attempt,
                             struct err *e);

#endif
