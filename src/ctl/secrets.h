/*
 * Secrets that a person types or gets: passwords, and the keys that others are sealed to.
 */
#ifndef CTL_SECRETS_H
#define CTL_SECRETS_H

#include "ctl/ctl.h"

/* A readable random password of 49 bits: "kibo-ruta-meso-navi". */
const char *secrets_password(struct arena *a);

/* With --generate a random one, printed. Else one line of stdin; on a terminal it is asked for
 * twice, without echo. RC_INVALID: too short, too long, or the two differ. */
MUSTCHECK enum rc secrets_read_password(struct ctl *c, const char **out, struct err *e);

/* The instance's public key of the worker, who opens what gateways are called with, or of the desk
 * (portal and API), which opens what incoming webhooks are signed with. */
struct seal_public;
MUSTCHECK enum rc secrets_worker_key(struct ctl *c, struct seal_public *out, struct err *e);
MUSTCHECK enum rc secrets_desk_key(struct ctl *c, struct seal_public *out, struct err *e);

#endif
