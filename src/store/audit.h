/*
 * The audit log: who did what, chained by hashes, one chain for each merchant.
 */
#ifndef STORE_AUDIT_H
#define STORE_AUDIT_H

#include "sql/sql.h"

struct audit_entry {
    int64_t merchant;
    int64_t at_ms;
    const char *actor;   /* "maker", "API", "worker" */
    const char *action;  /* "refund.created" */
    const char *subject; /* what it was done to, as text */
    const char *detail;  /* JSON: before and after, amounts; never secrets */
};

/* Takes the chain's head row, so it is the last write of a transaction. */
MUSTCHECK enum rc audit_add(struct sql *q, const struct audit_entry *entry, struct err *e);

/* Walks a merchant's chain and compares its end with the head. *entries: how many are right;
 * *broken_seq is 0 when whole, else the first wrong sequence number. */
MUSTCHECK enum rc audit_verify(struct sql *q, struct arena *a, int64_t merchant, int64_t *entries,
                               int64_t *broken_seq, struct err *e);

#endif
