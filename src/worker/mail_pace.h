/*
 * How fast mails go, so that a broken gateway or an attacker fills nobody's mailbox and holds up no
 * other mail: of each kind and merchant an address gets LIMIT_MAIL_BURST at once, then one every
 * pace_ms. The rest wait for their places, first come, first served; none is lost.
 *
 * It is remembered only while the worker runs: what has its place keeps it in the database.
 */
#ifndef WORKER_MAIL_PACE_H
#define WORKER_MAIL_PACE_H

#include "core/limits.h"
#include "store/mails.h"

struct mail_pace {
    struct {
        uint64_t whom;    /* a digest of merchant, kind and address */
        int64_t empty_ms; /* when all that has a place will have gone */
    } rows[LIMIT_MAIL_PACES];
};

/* Gives a mail that has none its place: when it goes, now_ms at the earliest. Call it once for
 * each. pace_ms 0: always now. */
int64_t mail_pace_place(struct mail_pace *p, const struct mail *m, int64_t pace_ms, int64_t now_ms);

#endif
