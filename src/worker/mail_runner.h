/*
 * The worker's thread that sends mails: one at a time, the oldest due first.
 *
 * A mail is claimed with a lease and sent outside any transaction; what came of it is written
 * after. A worker that ends in between leaves a lease that runs out: the same mail goes again, with
 * the same Message-ID.
 */
#ifndef WORKER_MAIL_RUNNER_H
#define WORKER_MAIL_RUNNER_H

#include "core/app.h"

struct mail_runner;

/* Refuses to start with settings of [mail] that cannot work, or without the templates of mails. */
MUSTCHECK enum rc mail_runner_start(struct app *app, struct mail_runner **out, struct err *e);
/* Looks for mails now, not only after poll_ms. */
void mail_runner_wake(struct mail_runner *r);
/* Ends what is being sent within a second or two, and the thread. NULL is fine. */
void mail_runner_stop(struct mail_runner *r);

#endif
