/*
 * Mails: one for each occasion and address, ever; who chose which (migration 0004).
 */
#ifndef STORE_MAILS_H
#define STORE_MAILS_H

#include "sql/sql.h"
#include "store/actor.h"

struct mail {
    int64_t id;
    int64_t merchant;
    const char *kind;     /* refund/occasion.h */
    const char *occasion; /* "conflict/<txn row>" */
    const char *address;
    const char *facts; /* JSON object: what the template says */
    const char *state; /* WAITING, SENT, FAILED */
    int64_t attempts, due_ms, fence;
    const char *said; /* what the server said last; NULL */
    int64_t created_ms, sent_ms;
};
/* A new row, WAITING until due_ms; id, state, attempts and fence are not read. Nothing is written
 * where the occasion has a mail to that address already. */
MUSTCHECK enum rc mails_put(struct sql *q, const struct mail *m, struct err *e);
/* The one that is due for longest: fence + 1, leased until now_ms + lease_ms. *found false: none.
 */
MUSTCHECK enum rc mails_claim(struct sql *q, struct arena *a, int64_t now_ms, int64_t lease_ms,
                              struct mail *out, bool *found, struct err *e);
/* state, attempts, due_ms (only while WAITING), said, sent_ms (0: not sent); RC_CONFLICT when the
 * fence is not ours any more. */
MUSTCHECK enum rc mails_tried(struct sql *q, const struct mail *m, struct err *e);
/* INT64_MAX: none. */
MUSTCHECK enum rc mails_next_due(struct sql *q, int64_t *due_ms, struct err *e);
/* The newest of a merchant, at most LIMIT_MAILS_SHOWN. */
MUSTCHECK enum rc mails_list(struct sql *q, struct arena *a, int64_t merchant, int limit,
                             struct mail **out, int *count, struct err *e);

/* The addresses of users (not disabled) who chose the kind and have at least that right on the
 * module, at most LIMIT_USERS. */
MUSTCHECK enum rc mails_readers(struct sql *q, struct arena *a, int64_t merchant, const char *kind,
                                enum module module, enum right right, const char ***addresses,
                                int *count, struct err *e);
/* A user's own choice, at most LIMIT_MAIL_KINDS. email NULL: none, gets nothing. */
struct mail_choice {
    const char *email;
    const char **kinds;
    int n_kinds;
};
/* RC_NOT_FOUND: no such user. */
MUSTCHECK enum rc mails_choice(struct sql *q, struct arena *a, int64_t user,
                               struct mail_choice *out, struct err *e);
/* Replaces the choice whole; the address was judged by occasion_address_fault. */
MUSTCHECK enum rc mails_choose(struct sql *q, int64_t user, const struct mail_choice *choice,
                               struct err *e);

#endif
