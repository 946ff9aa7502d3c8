/*
 * The account that a payout goes to. The worker alone opens it, for the call; whatever a gateway
 * says afterwards is searched for it before it is stored, shown or logged.
 */
#ifndef WORKER_PAYEE_H
#define WORKER_PAYEE_H

#include "worker/worker.h"

/* Opens the flight's payee with the worker's key into f->refund.payee. RC_NOT_FOUND: the refund has
 * none; RC_INVALID: it was sealed to another key or is no account. e says nothing of it. */
MUSTCHECK enum rc payee_open(struct worker *w, struct sql *q, struct flight *f, struct err *e);

/* Takes the account out of everything the gateway or the transport said. */
void payee_hide(struct flight *f);

#define PAYEE_PART_CHARS 6 /* so much of an account in a row gives it away */

/* `text` with every run of it that repeats the account, or PAYEE_PART_CHARS and more of it, starred
 * but for the account's last four characters; separators and letter case do not matter. `whole`:
 * only what repeats all of it, for ids, where a few digits may be the same by chance. NULL stays
 * NULL. */
const char *payee_hide_in(struct arena *a, const char *account, bool whole, const char *text);

#endif
