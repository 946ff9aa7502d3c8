/*
 * Occasions on which people get a mail. The mail's row is written in the transaction of what it
 * tells, once for each occasion and address, ever; the worker sends it. What is told of refunds,
 * conflicted payments and batches is gathered by occasion_facts.h.
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

/* What the one who began it (uploaded the batch, asked for the refund) gets. */
enum occasion_maker {
    OCCASION_MAKER_CHOOSES, /* like anybody */
    OCCASION_MAKER_ALWAYS,  /* where there is an address */
    OCCASION_MAKER_NEVER    /* nothing to do for the maker */
};

struct occasion_row {
    const char *name;  /* "status_conflict": stored, and the template's name */
    const char *label; /* on the profile page */
    const char *help;
    enum module module; /* who may get it: at least this right on that module */
    enum right right;
    enum occasion_maker maker;
    bool needs_person; /* somebody has to do something: chosen for a new address */
};
const struct occasion_row *occasion_row(enum occasion_kind kind);
/* Whether somebody with these rights may get it. */
bool occasion_allowed(enum occasion_kind kind, const unsigned char rights[MODULE_COUNT]);

struct occasion {
    int64_t merchant;
    enum occasion_kind kind;
    const char *subject;       /* makes the occasion one of its kind ("12345", a row id) */
    struct json_object *facts; /* what the template says (see templates/mail), owned by the arena;
                                  the merchant's name and mode are put in */
    const char *also;  /* addresses besides those who chose it, comma separated; NULL: none */
    const char *maker; /* the user's name, as in created_by; NULL or no user's name: nobody */
    int64_t now_ms;
};
/* To the users who chose it and may, to `also` and, as the kind's row says, to the maker; inside
 * the transaction of what happened. Where nobody is to be told it costs one indexed read. */
MUSTCHECK enum rc occasion_write(struct sql *q, struct arena *a, const struct occasion *o,
                                 struct err *e);

/* The same for what nobody made. */
MUSTCHECK enum rc occasion_tell(struct sql *q, struct arena *a, int64_t merchant,
                                enum occasion_kind kind, const char *subject,
                                struct json_object *facts, const char *also, int64_t now_ms,
                                struct err *e);

/* One address as people type it: NULL when it is fine, else what is wrong with it, to be read after
 * the address ("has no @; write one such as refunds@example.com"). No line breaks, no display name,
 * no quotes or comments, ASCII, at most LIMIT_MAIL_ADDRESS bytes. */
const char *occasion_address_fault(const char *address);
/* Comma separated ones, spaces around them ignored, at most LIMIT_MAIL_ADDRESSES; *list in the
 * arena, in the order given, each once: of those that are fine. NULL when all are, else what is
 * wrong with the first that is not, naming it: a sentence without its full stop. */
const char *occasion_addresses(struct arena *a, const char *text, const char ***list, int *count);

#endif
