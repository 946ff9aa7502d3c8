/*
 * Webhooks out: the endpoints of a merchant, the events as they are told, and each one's way to
 * each endpoint (migration 0004). An endpoint's secrets are sealed to the worker's key.
 */
#ifndef STORE_WEBHOOKS_H
#define STORE_WEBHOOKS_H

#include "sql/sql.h"

struct sealed {
    const uint8_t *bytes; /* NULL: none */
    size_t n;
};

struct endpoint {
    int64_t id;
    int64_t merchant;
    const char *url;
    const char *username; /* NULL: no Basic auth */
    struct sealed password;
    const char *headers;         /* JSON array of the names of its own headers */
    struct sealed header_values; /* a JSON object: name to value */
    struct sealed secret;        /* "whsec_…" */
    struct sealed old_secret;    /* still signs until old_until_ms */
    int64_t old_until_ms;        /* 0: none */
    bool any_2xx;                /* "standard": any 2xx is delivered; else only 200 */
    const char *state;           /* ACTIVE, PAUSED (keeps what comes), DISABLED, DELETED */
    const char *said;            /* why it was disabled, by whom paused; NULL */
    const char *created_by;
    int64_t created_ms, updated_ms;
};

/* e->id is the caller's. */
MUSTCHECK enum rc endpoints_insert(struct sql *q, const struct endpoint *p, struct err *e);
/* Everything but id, merchant, created_…. */
MUSTCHECK enum rc endpoints_update(struct sql *q, const struct endpoint *p, struct err *e);
/* RC_NOT_FOUND also for one of another merchant or a DELETED one; texts in the arena. */
MUSTCHECK enum rc endpoints_get(struct sql *q, struct arena *a, int64_t merchant, int64_t id,
                                struct endpoint *out, struct err *e);
/* Whoever's it is, DELETED or not: for the worker. */
MUSTCHECK enum rc endpoints_any(struct sql *q, struct arena *a, int64_t id, struct endpoint *out,
                                struct err *e);
/* Those that are not DELETED, oldest first, at most LIMIT_ENDPOINTS. */
MUSTCHECK enum rc endpoints_list(struct sql *q, struct arena *a, int64_t merchant,
                                 struct endpoint **out, int *count, struct err *e);
/* Replaces the events that it wants; n 0: none (DELETED ones). */
MUSTCHECK enum rc endpoints_set_events(struct sql *q, int64_t merchant, int64_t id,
                                       const char *const *names, int n, struct err *e);
/* By name, at most LIMIT_EVENT_NAMES. */
MUSTCHECK enum rc endpoints_events(struct sql *q, struct arena *a, int64_t merchant, int64_t id,
                                   const char ***names, int *n, struct err *e);
/* The ids of those ACTIVE or PAUSED that want the event, at most LIMIT_ENDPOINTS. */
MUSTCHECK enum rc endpoints_wanting(struct sql *q, int64_t merchant, const char *name, int64_t *ids,
                                    int *n, struct err *e);

struct webhook {
    int64_t id; /* the event row's, where there is one */
    int64_t merchant;
    int64_t order_row, refund_row; /* 0: none */
    const char *event_id;          /* "evt_V2_" + 32 hex */
    const char *name;
    const char *body; /* the bytes that are sent */
    int64_t created_ms;
};
MUSTCHECK enum rc webhooks_insert(struct sql *q, const struct webhook *w, struct err *e);
/* Older than before_ms with nothing WAITING: bodies, deliveries and attempts go, at most `limit`
 * (LIMIT_WEBHOOKS_SWEPT) webhooks; *gone tells how many. */
MUSTCHECK enum rc webhooks_sweep(struct sql *q, int64_t before_ms, int limit, int *gone,
                                 struct err *e);

struct delivery {
    int64_t id;
    int64_t merchant, endpoint, webhook;
    const char *state; /* WAITING, DELIVERED, FAILED */
    int64_t attempts;
    int64_t due_ms; /* WAITING: next try, or the end of the lease; else 0 */
    int64_t fence;
    int64_t status;  /* of the last attempt; 0: no answer, or none yet */
    int64_t took_ms; /* -1: not tried */
    const char *said;
    int64_t tried_ms; /* 0: not tried */
    int64_t created_ms;
    const char *event_id, *name, *body; /* joined on reading; body by deliveries_claim and _get */
    const char *order_id;               /* joined on reading; NULL: a test event */
};
/* WAITING, due at due_ms. */
MUSTCHECK enum rc deliveries_insert(struct sql *q, const struct delivery *d, struct err *e);
/* The due ones of an ACTIVE endpoint, oldest due first, at most `limit` (LIMIT_ENDPOINT_FLIGHTS):
 * fence + 1, leased until now_ms + lease_ms. */
MUSTCHECK enum rc deliveries_claim(struct sql *q, struct arena *a, int64_t endpoint, int64_t now_ms,
                                   int64_t lease_ms, int limit, struct delivery **out, int *count,
                                   struct err *e);
/* How an attempt ended: d as it is now (state, attempts, due_ms, status, took_ms, said, tried_ms),
 * and its row in delivery_attempts. RC_CONFLICT when the fence is not ours any more. */
MUSTCHECK enum rc deliveries_tried(struct sql *q, const struct delivery *d, struct err *e);
/* Each ACTIVE endpoint with something WAITING, and when its next is due. */
struct endpoint_due {
    int64_t endpoint;
    int64_t due_ms;
};
MUSTCHECK enum rc deliveries_next(struct sql *q, struct arena *a, struct endpoint_due **out,
                                  int *count, struct err *e);
/* All that waits for an endpoint FAILED, saying why. What is on its way may still be DELIVERED. */
MUSTCHECK enum rc deliveries_fail_all(struct sql *q, int64_t endpoint, const char *said,
                                      struct err *e);
/* One that ended WAITING again, due now, with the attempts it had; RC_NOT_FOUND. */
MUSTCHECK enum rc deliveries_resend(struct sql *q, int64_t merchant, int64_t id, int64_t now_ms,
                                    struct err *e);
/* The FAILED ones of an endpoint made in [from_ms, to_ms), oldest first, at most `limit`; *n of
 * them. */
MUSTCHECK enum rc deliveries_resend_failed(struct sql *q, int64_t endpoint, int64_t from_ms,
                                           int64_t to_ms, int64_t now_ms, int limit, int *n,
                                           struct err *e);
/* How many that would be, and how many wait for an endpoint, of them tried before; each counted up
 * to `limit`. */
MUSTCHECK enum rc deliveries_failed(struct sql *q, int64_t endpoint, int64_t from_ms, int64_t to_ms,
                                    int limit, int *n, struct err *e);
MUSTCHECK enum rc deliveries_waiting(struct sql *q, int64_t endpoint, int limit, int *waiting,
                                     int *retried, struct err *e);
/* The log of an endpoint, newest first; state NULL: all; before_id 0: from the newest; limit at
 * most LIMIT_PAGE_ROWS. */
MUSTCHECK enum rc deliveries_list(struct sql *q, struct arena *a, int64_t endpoint,
                                  const char *state, int64_t before_created_ms, int64_t before_id,
                                  int limit, struct delivery **out, int *count, struct err *e);
/* With its body; RC_NOT_FOUND also for another merchant's. */
MUSTCHECK enum rc deliveries_get(struct sql *q, struct arena *a, int64_t merchant, int64_t id,
                                 struct delivery *out, struct err *e);

struct delivery_attempt {
    int64_t attempt, at_ms, status, took_ms;
    const char *said; /* what it answered, or why there was no answer */
};
/* Latest first, at most LIMIT_DELIVERY_ATTEMPTS. */
MUSTCHECK enum rc deliveries_attempts(struct sql *q, struct arena *a, int64_t delivery,
                                      struct delivery_attempt **out, int *count, struct err *e);

/* For timelines: deliveries of a refund's webhooks, or of an order's (refund_row 0), newest first,
 * at most LIMIT_EVENTS_SHOWN. took_ms -1: not tried. */
struct notified {
    const char *name, *url, *state;
    int64_t status, took_ms, tried_ms, attempts;
    int64_t due_ms, created_ms; /* due_ms 0: nothing waits */
};
MUSTCHECK enum rc deliveries_of(struct sql *q, struct arena *a, int64_t order_row,
                                int64_t refund_row, struct notified **out, int *count,
                                struct err *e);

#endif
