/*
 * The worker: claims jobs, calls gateways, applies outcomes, ages refunds. One thread, many calls
 * in flight. Each turn of the loop is at most one commit: the outcomes that arrived and the jobs
 * that are claimed next.
 *
 * A kind of job is a row of one table (job_kinds in turn.c):
 *   prepare  inside the claiming transaction: may move the refund, reads what the call needs
 *   call     after the commit, pure: the HTTP call; NULL: there is none, only something to parse
 *   parse    after the answer (NULL without a call), pure
 *   apply    inside the next transaction: what the outcome changes
 */
#ifndef WORKER_WORKER_H
#define WORKER_WORKER_H

#include "core/app.h"
#include "core/limits.h"
#include "core/secret.h"
#include "gateway/gateway.h"
#include "gateway/http.h"
#include "sql/sql.h"
#include "store/gateways.h"
#include "store/jobs.h"
#include "store/merchants.h"
#include "store/refunds.h"
#include "worker/operation.h"
#include "worker/share.h"

struct job_kind;
struct batch_runner;
struct hook_runner;
struct mail_runner;
struct flight_news;

/* One claimed job on its way; owns the arena in which all its texts live. */
struct flight {
    struct arena *arena;
    const struct job_kind *kind;
    struct job job;
    uint64_t lane;              /* of the job, as a key of worker->calls */
    bool wants_call;            /* set by prepare; false: all is done inside the transaction */
    struct merchant merchant;   /* read once by worker_parties; id 0: not yet */
    struct gateway_row gateway; /* likewise */
    const struct gateway_ops *ops;
    operation_fn *operation; /* of a send or an inquiry: what its call is */
    struct gw_account account;
    struct gw_refund refund;
    struct gw_payment payment;
    int64_t refund_row;
    const char *refund_type;
    const char *account_number; /* of a payout's payee, once it is opened: never stored or shown */
    int64_t sent_ms;
    int64_t next_check_ms; /* when the schedule wanted to ask */
    bool was_accepted;     /* of an inquiry: the gateway had said that it has the refund */
    struct gw_outcome outcome;
    struct gw_payment_outcome payment_outcome;
    const char *detail;       /* what the transport said, when it did not answer */
    struct flight_news *news; /* job_news.c's own */
};

struct worker {
    struct app *app;
    struct http *http;
    struct seal_secret secret;

    int wake_fd;                  /* the bound datagram socket; signals arrive through it too */
    struct arena *scratch;        /* cleared each turn */
    struct share calls;           /* struct flight of those that are open, by lane */
    uint64_t served;              /* lanes take turns: the one that was served last */
    struct batch_runner *batches; /* woken with it; NULL: nobody runs batches here */
    struct mail_runner *mails;    /* likewise */
    struct hook_runner *hooks;    /* likewise, and after each turn; NULL: nobody sends webhooks */
    struct refunds_mark warned;   /* PENDING ones up to here were told to be 7 days old */
    int64_t told_no_gateway;      /* the merchant that the log was told of last; 0: none */
};

struct job_kind {
    const char *name;
    enum rc (*prepare)(struct worker *w, struct sql *q, struct flight *f, struct err *e);
    struct http_call (*call)(struct flight *f);
    void (*parse)(struct flight *f, const struct http_result *r);
    enum rc (*apply)(struct worker *w, struct sql *q, struct flight *f, struct err *e);
};

extern const struct job_kind job_send, job_inquire, job_charge, job_news;

/* first, 2·first, 4·first … at most max; ±10 % so that many do not come back at once. */
int64_t worker_backoff_ms(int64_t first_ms, int64_t max_ms, int64_t attempt);

/* Reads the job's merchant and, unless NULL, its gateway of that name into the flight, each once.
 */
MUSTCHECK enum rc worker_parties(struct sql *q, struct flight *f, const char *gateway,
                                 struct err *e);

/* Fills ops and account of a merchant's gateway for the flight: test mode is played by the
 * simulator whatever the name; live opens the sealed credentials. RC_INVALID when the desk cannot
 * reach that gateway. */
MUSTCHECK enum rc worker_account(struct worker *w, struct sql *q, struct flight *f,
                                 const char *gateway, struct err *e);

/* What the refund's row says the gateway must be told. RC_NOT_FOUND when it is gone. */
MUSTCHECK enum rc worker_load_refund(struct sql *q, struct flight *f, struct refund *r,
                                     struct err *e);

/* How lanes share the calls: one alone may have half of them. */
extern const struct share_rule worker_share;

/* When a job can be claimed: due_ms of the first one whose lane may open a call; INT64_MAX: never
 * by itself. */
MUSTCHECK enum rc worker_next_due(struct worker *w, struct arena *a, int64_t *due_ms,
                                  struct err *e);

/* One turn: applies what has finished and claims at most `limit` due jobs, lane by lane, in one
 * commit when all goes well, one by one when something does not. The new flights that want a call
 * are in launch[].
 */
struct turn {
    struct flight **finished;
    int n_finished;
    int limit;
    struct flight *launch[LIMIT_WORKER_CLAIM];
    int n_launch;
    int n_kept; /* of finished, at its front: could not be written now, to be tried again */
};
void worker_turn(struct worker *w, struct turn *t);

/* Frees the call and its arena. */
void flight_free(struct flight *f);

/* Pending too long becomes MANUAL_REVIEW; dead sessions go. Own transactions. */
void worker_age(struct worker *w);

/* Runs until *stop is set (by a signal handler, which also writes to the wake socket). What is in
 * flight then may finish within the grace time; the rest is unknown to the next worker. */
void worker_run(struct worker *w, const volatile int *stop);

/* Binds the wake-up socket of the configuration. */
MUSTCHECK enum rc worker_open_wake(struct worker *w, struct err *e);

#endif
