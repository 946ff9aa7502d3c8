#include "worker/mail_pace.h"

#include "core/digest.h"

#include <string.h>

static void add(uint64_t *whom, const void *data, size_t n)
{
    uint8_t digest[DIGEST_BYTES], both[DIGEST_BYTES + sizeof *whom];
    digest_sha256(data, n, digest);
    memcpy(both, whom, sizeof *whom);
    memcpy(both + sizeof *whom, digest, sizeof digest);
    digest_sha256(both, sizeof both, digest);
    memcpy(whom, digest, sizeof *whom);
}

static uint64_t whom_of(const struct mail *m)
{
    uint64_t whom = 0;
    add(&whom, &m->merchant, sizeof m->merchant);
    add(&whom, m->kind, strlen(m->kind));
    add(&whom, m->address, strlen(m->address));
    return whom;
}

int64_t mail_pace_place(struct mail_pace *p, const struct mail *m, int64_t pace_ms, int64_t now_ms)
{
    uint64_t whom = whom_of(m);
    int row = 0; /* its own, else the one that is the longest empty */
    for (int i = 0; i < LIMIT_MAIL_PACES && p->rows[row].whom != whom; i++)
        if (p->rows[i].whom == whom || p->rows[i].empty_ms < p->rows[row].empty_ms)
            row = i;
    int64_t empty_ms = p->rows[row].whom == whom ? p->rows[row].empty_ms : 0;
    if (empty_ms < now_ms)
        empty_ms = now_ms;
    p->rows[row].whom = whom;
    p->rows[row].empty_ms = empty_ms + pace_ms;
    int64_t place_ms = empty_ms - (LIMIT_MAIL_BURST - 1) * pace_ms;
    return place_ms > now_ms ? place_ms : now_ms;
}
