/*
 * The one transport: curl multi, many calls at once, no call ever repeated by the library
 * (fresh connection, reuse forbidden), no redirects, no proxy, bodies and headers capped.
 */
#ifndef GATEWAY_HTTP_H
#define GATEWAY_HTTP_H

#include "gateway/gateway.h"

struct http;

struct http_options {
    int64_t connect_timeout_ms;
    int64_t request_timeout_ms; /* the whole call */
    bool allow_loopback_http;   /* plain http only to 127.0.0.1 and [::1] */

    /* What calls to an address that somebody typed need besides (webhooks); gateways: all 0. */
    bool allow_http;    /* plain http to anybody */
    bool internet_only; /* after resolution: no private, loopback, link-local … address (address.h)
                         */
    size_t keep_bytes;  /* 0: an answer is whole or broken. Else its status line and headers are the
                           answer: so much of the body is kept, and the rest is not read */
    size_t request_limit_bytes; /* 0: LIMIT_HTTP_BODY_BYTES */
    const char *ca_file;        /* certificates to trust besides the system's (PEM); NULL: none */
};

/* Copies the options, but ca_file, which must live on; both time-outs must be above 0. */
MUSTCHECK enum rc http_open(struct http **out, const struct http_options *options, struct err *e);
/* Aborts what is in flight (its outcome is unknown). */
void http_close(struct http *h);

int http_in_flight(const struct http *h); /* at most LIMIT_WORKER_FLIGHTS */

/* Starts a call; it copies what it needs. `tag` comes back with the result. RC_BUSY at the limit,
 * RC_INVALID for a URL that is not allowed (nothing was sent). */
MUSTCHECK enum rc http_start(struct http *h, const struct http_call *call, void *tag,
                             struct err *e);

/* Moves all calls on; waits at most timeout_ms for news of them or of wake_fd (-1: none), earlier
 * also when a signal arrives. *woken tells whether wake_fd is readable. */
void http_poll(struct http *h, int wake_fd, int64_t timeout_ms, bool *woken);

/* The next finished call: its result lives in the arena. False when there is none. */
bool http_finished(struct http *h, struct arena *a, struct http_result *result, void **tag);

#endif
