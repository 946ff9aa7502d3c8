/*
 * What a user decides alone: the address for mails, and which of the mails that his or her rights
 * allow.
 */
#ifndef REFUND_PROFILE_H
#define REFUND_PROFILE_H

#include "core/app.h"
#include "refund/occasion.h"
#include "refund/settings.h"
#include "store/mails.h"

struct profile_mails {
    const char *email; /* NULL: no mails */
    bool wants[OCCASION_COUNT];
};

/* What stands; of a user who never chose: no address, and what needs a person. */
MUSTCHECK enum rc profile_mails_get(struct sql *q, struct arena *a, int64_t user,
                                    const unsigned char rights[MODULE_COUNT],
                                    struct profile_mails *out, struct err *e);

/* The same as rows: what the rights do not allow is left out. */
struct mail_choice profile_choice(struct arena *a, const struct profile_mails *m,
                                  const unsigned char rights[MODULE_COUNT]);

/* The actor's own, as a form says it, with its audit row; the only fault is of "email". */
MUSTCHECK enum rc profile_save(struct app *app, struct arena *a, const struct actor *actor,
                               const struct profile_mails *m, struct settings_answer *out,
                               struct err *e);

#endif
