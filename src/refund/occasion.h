/*
 * Occasions on which people get a mail. The mail's row is written in the transaction of what it
 * tells, once for each occasion and address, ever; the worker sends it.
 */
#ifndef REFUND_OCCASION_H
#define REFUND_OCCASION_H

#include "sql/sql.h"
#include "store/actor.h"

struct json_object;

enum occasion_kind {
    OCCASION_STATUS_CONFLICT,
    OCCASION_AUTO_REFUND_DONE,
    OCCASION_AUTO_REFUND_FAILED, /* by the gateway, or refused by the desk's own rules */
    OCCASION_MANUAL_REVIEW,
    OCCASION_DAY_7, /* three days before manual review */
    OCCASION_BATCH_FINISHED,
    OCCASION_APPROVAL_REQUESTED,
    OCCASION_APPROVED,
    OCCASION_REJECTED,
    OCCASION_GATEWAY_PAUSED,
    OCCASION_ENDPOINT_DISABLED,
    OCCASION_COUNT
};

struct occasion_row {
    const char *name;  /* "status_conflict": stored, and the template's name */
    const char *label; /* on the profile page */
    const char *help;
    enum module module; /* who may get it: at least this right on that module */
    enum right right;
};
const struct occasion_row *occasion_row(enum occasion_kind kind);

/* To the users who chose it and may, and to `also` (comma separated; NULL: nobody else). `subject`
 * makes the occasion one of its kind ("12345", a row id). facts: texts and numbers for the
 * template, owned by the arena. */
MUSTCHECK enum rc occasion_tell(struct sql *q, struct arena *a, int64_t merchant,
                                enum occasion_kind kind, const char *subject,
                                struct json_object *facts, const char *also, int64_t now_ms,
                                struct err *e);

/* One address as people type it: NULL when it is fine, else what is wrong with it. No line breaks,
 * no display name, ASCII, at most 254 bytes. */
const char *occasion_address_fault(const char *address);
/* Comma separated ones, spaces around them ignored, at most LIMIT_MAIL_ADDRESSES; *list in the
 * arena, in the order given, each once. NULL when all are fine, else what is wrong, naming it. */
const char *occasion_addresses(struct arena *a, const char *text, const char ***list, int *count);

#endif
