/*
 * What the use cases of endpoints share: endpoint_form.c, endpoint_act.c, endpoint_test.c.
 */
#ifndef REFUND_ENDPOINT_PARTS_H
#define REFUND_ENDPOINT_PARTS_H

#include "refund/endpoint_form.h"

struct json_object;

/* What an endpoint is, for the audit log: no password, no value, no secret. */
struct json_object *endpoint_shown(struct arena *a, const struct endpoint *p,
                                   const char *const *events, int n_events);
/* before or after NULL: there is none. */
MUSTCHECK enum rc endpoint_audit(struct sql *q, struct app *app, struct arena *a,
                                 const struct actor *actor, const char *action, int64_t id,
                                 struct json_object *before, struct json_object *after,
                                 struct err *e);

/* A fault of each value that is another now than was shown. */
void endpoint_note_stale(const struct endpoint_seen now[ENDPOINT_SEEN],
                         const char *const shown[ENDPOINT_SEEN], struct settings_answer *out);

/* "whsec_…" or a password as only the worker reads it. */
struct sealed endpoint_sealed(struct app *app, struct arena *a, const char *text);

#endif
