/*
 * Idempotency-Key (DOMAIN: HTTP API): a creating POST whose first answer was decided inside its
 * transaction is answered the same for ever, byte for byte. Scope: merchant and route.
 *
 *     struct once once;
 *     if (!once_begin(&once, r, p, say, &made)) // *p holds the refusal: 400 or 409
 *         return RC_OK;
 *     in.decision = &once.decision;
 *     rc = refund_create(r->app, r->arena, &in, &made.answer, e);
 *     return once_end(&once, rc, e);
 *
 * Without the header nothing is kept and `say` is called after the transaction.
 */
#ifndef API_ONCE_H
#define API_ONCE_H

#include "core/digest.h"
#include "refund/decision.h"
#include "store/idempotency.h"
#include "web/route.h"

/* Fills *p (JSON, below 500) from what the use case answered. q: the transaction that decided; NULL
 * when the answer is made after it. May run again, like the transaction. */
typedef enum rc once_say(struct req *r, struct reply *p, struct sql *q, void *ctx, struct err *e);

enum once_state { ONCE_NEW, ONCE_SAID, ONCE_REPLAYED, ONCE_REUSED };

struct once {
    struct decision decision; /* for the use case */
    struct req *r;
    struct reply *p;
    const char *key; /* NULL: none was sent */
    once_say *say;
    void *ctx;
    enum once_state state;
    struct kept_answer kept;
    struct once *next; /* of those in flight */
};

/* Takes the key. False: *p is the answer, because the key is no key (400: 1 to LIMIT_ONCE_KEY
 * printable ASCII characters) or a request with it is in flight in this process (409); then there
 * is no once_end. */
bool once_begin(struct once *o, struct req *r, struct reply *p, once_say *say, void *ctx);

/* Lets the key go and fills *p: with what was kept (Idempotent-Replayed: true), 409 when that was
 * for another request, else with what `say` says. `rc` of the use case comes back when it failed;
 * then *p is untouched. */
MUSTCHECK enum rc once_end(struct once *o, enum rc rc, struct err *e);

#endif
