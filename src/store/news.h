/*
 * News from outside: kept before they are acknowledged, each event id of a source once, then
 * applied by the worker (JOB_NEWS).
 */
#ifndef STORE_NEWS_H
#define STORE_NEWS_H

#include "sql/sql.h"

struct news {
    int64_t id;
    int64_t merchant;
    const char *source;   /* "juspay", "razorpay", "stripe" */
    const char *event_id; /* the sender's own, or the digest of the body */
    const char *body;     /* the raw JSON */
    int64_t received_ms;
    const char *state; /* WAITING, APPLIED, IGNORED (says nothing to us), REFUSED (said: why) */
    const char *said;
};

/* One row and its JOB_NEWS, due at once. *heard: the event id was there already, nothing is
 * written.
 */
MUSTCHECK enum rc news_put(struct sql *q, const struct news *n, bool *heard, struct err *e);
/* Texts in the arena; RC_NOT_FOUND when there is none. */
MUSTCHECK enum rc news_get(struct sql *q, struct arena *a, int64_t id, struct news *out,
                           struct err *e);
MUSTCHECK enum rc news_settle(struct sql *q, int64_t id, const char *state, const char *said,
                              int64_t now_ms, struct err *e);

#endif
