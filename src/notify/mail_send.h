/*
 * Mails on their way out: to one SMTP server, or, without one, as files in a folder.
 */
#ifndef NOTIFY_MAIL_SEND_H
#define NOTIFY_MAIL_SEND_H

#include "core/config.h"
#include "core/str.h"
#include "store/mails.h"

struct mail_sender;

/* stopping(arg) is asked at least once a second while a mail is being sent; true ends it. */
struct mail_stop {
    bool (*stopping)(void *arg);
    void *arg;
};

/* By [mail] of the configuration. RC_INVALID names the setting and its mend: an address that is
 * none, TLS that is missing, a user without a password; RC_DENIED: others can read the password. */
MUSTCHECK enum rc mail_sender_open(struct mail_sender **out, const struct config *c,
                                   struct mail_stop stop, struct err *e);
/* NULL is fine. */
void mail_sender_close(struct mail_sender *s);

enum mail_end {
    MAIL_SENT,
    MAIL_LATER,   /* not taken, or nobody knows: the same mail again */
    MAIL_REFUSED, /* by the server, for good: a 5xx about this mail */
    MAIL_STOPPED  /* by `stop` */
};
struct mail_answer {
    enum mail_end end;
    const char *said; /* one line for a person: the server's words, or what was wrong on the way */
};

/* message: what mail_compose made of m. Blocks until the end, at most mail.timeout_ms. */
struct mail_answer mail_send(struct arena *a, struct mail_sender *s, const struct mail *m,
                             const struct buf *message);

#endif
