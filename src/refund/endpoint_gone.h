/*
 * An endpoint that says of itself that it is no more (410 Gone).
 */
#ifndef REFUND_ENDPOINT_GONE_H
#define REFUND_ENDPOINT_GONE_H

#include "core/app.h"
#include "store/webhooks.h"

/* DISABLED, saying why: it hears of nothing any more, what waits fails, an audit row, and a mail to
 * those who chose it. Nothing where it is neither ACTIVE nor PAUSED. Inside a transaction. */
MUSTCHECK enum rc endpoint_gone(struct app *app, struct sql *q, struct arena *a,
                                const struct endpoint *p, const char *said, int64_t now_ms,
                                struct err *e);

#endif
