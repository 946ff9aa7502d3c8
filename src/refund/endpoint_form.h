/*
 * Settings > Webhooks: what a person does with the endpoints of a merchant and with what is on its
 * way to them. Each is one transaction with an audit row that shows before and after: names, never
 * a password, a header's value or a signing secret.
 */
#ifndef REFUND_ENDPOINT_FORM_H
#define REFUND_ENDPOINT_FORM_H

#include "core/app.h"
#include "core/limits.h"
#include "refund/settings.h"
#include "store/webhooks.h"

/* What identifies the desk at an endpoint cannot be read again, only kept or replaced as a whole.
 */
enum endpoint_how { ENDPOINT_KEEP, ENDPOINT_REPLACE, ENDPOINT_NONE };

struct endpoint_header {
    const char *name, *value;
};

/* What a form of an endpoint shows, in the order of endpoint_seen_fields: as SETTINGS_SHOWN carries
 * it (of what is sealed a mark), and what is wrong with a form that showed another text. */
enum { ENDPOINT_SEEN = 6 };
extern const char *const endpoint_seen_fields[ENDPOINT_SEEN];
struct endpoint_seen {
    const char *text, *fault;
};
/* Of the endpoint as it is; in the arena. */
void endpoint_see(struct arena *a, const struct endpoint *p, const char *const *events,
                  int n_events, struct endpoint_seen out[ENDPOINT_SEEN]);
/* "X-Shop, X-Till": the names of its own headers; NULL: it has none. */
const char *endpoint_header_names(struct arena *a, const struct endpoint *p);

/* What a form asks for, as typed. */
struct endpoint_wish {
    int64_t id; /* of the endpoint; a new one's is the form's one-time id */
    const char *url;
    enum endpoint_how sign_in;
    const char *username, *password; /* ENDPOINT_REPLACE */
    enum endpoint_how headers_how;
    struct endpoint_header headers[LIMIT_ENDPOINT_HEADERS]; /* ENDPOINT_REPLACE */
    int n_headers;
    const char **events; /* of announce_names() */
    int n_events;
    bool any_2xx;
    const char *shown[ENDPOINT_SEEN]; /* of a change: what its form showed; NULL: not known */
};
struct endpoint_answer {
    struct settings_answer checked; /* faults of "url", "sign_in", "username", "password",
                                       "headers", "events", "any_2xx", "state", "id"; none: it is
                                       done */
    bool again;                     /* this form was sent before: nothing was done */
    const char *secret;             /* of a new one: shown this once */
};
/* A new endpoint, ACTIVE. RC_CONFLICT when the merchant has LIMIT_ENDPOINTS. */
MUSTCHECK enum rc endpoint_create(struct app *app, struct arena *a, const struct actor *actor,
                                  const struct endpoint_wish *wish, struct endpoint_answer *out,
                                  struct err *e);
/* Changes one; a DISABLED one is ACTIVE again. What it keeps goes to the same host only. Whatever
 * is another now than the form showed refuses the whole form (checked.stale). RC_NOT_FOUND. */
MUSTCHECK enum rc endpoint_change(struct app *app, struct arena *a, const struct actor *actor,
                                  const struct endpoint_wish *wish, struct endpoint_answer *out,
                                  struct err *e);
/* True when the name is among those. */
bool endpoint_wants(const char *const *events, int n, const char *name);
/* True when both addresses have the same scheme, host and port. */
bool endpoint_same_origin(struct arena *a, const char *url, const char *other);
/* "shop.example" of its address. */
const char *endpoint_host(struct arena *a, const char *url);

/* A new signing secret; the one before signs along for old_ms more (0: it stops at once).
 * seen_ms is the endpoint's updated_ms when the form was made: RC_CONFLICT when it was changed
 * since, so that the same form sent twice rotates once. RC_NOT_FOUND. */
MUSTCHECK enum rc endpoint_rotate(struct app *app, struct arena *a, const struct actor *actor,
                                  int64_t id, int64_t seen_ms, int64_t old_ms, const char **secret,
                                  struct err *e);

/* PAUSE: what happens is kept for it. RESUME: what waits goes out. DISABLE: it hears of nothing any
 * more, what waits fails. DELETE: that, and its credentials are forgotten. */
enum endpoint_move { ENDPOINT_PAUSE, ENDPOINT_RESUME, ENDPOINT_DISABLE, ENDPOINT_DELETE };
/* True where the state allows the move. */
bool endpoint_can(const struct endpoint *p, enum endpoint_move move);
/* RC_CONFLICT when it is not possible in the state that it is in; RC_NOT_FOUND. */
MUSTCHECK enum rc endpoint_move(struct app *app, struct arena *a, const struct actor *actor,
                                int64_t id, enum endpoint_move move, struct err *e);

/* Sends an event of that name to one ACTIVE endpoint alone, marked as a test, the merchant's newest
 * order (else a sample) in it. delivery: the form's one-time id, which becomes the delivery's: the
 * same form sent again does nothing more. RC_INVALID: no such event; RC_CONFLICT: not ACTIVE. */
MUSTCHECK enum rc endpoint_test(struct app *app, struct arena *a, const struct actor *actor,
                                int64_t id, int64_t delivery, const char *event, struct err *e);

/* One delivery that ended is due now. RC_CONFLICT: it waits already, or its endpoint is DISABLED;
 * RC_NOT_FOUND also where it is not the endpoint's. */
MUSTCHECK enum rc endpoint_resend(struct app *app, struct arena *a, const struct actor *actor,
                                  int64_t id, int64_t delivery, struct err *e);
/* The FAILED ones made in [from_ms, to_ms), oldest first, at most LIMIT_DELIVERIES_RESENT; *n of
 * them. */
MUSTCHECK enum rc endpoint_resend_failed(struct app *app, struct arena *a,
                                         const struct actor *actor, int64_t id, int64_t from_ms,
                                         int64_t to_ms, int *n, struct err *e);

#endif
