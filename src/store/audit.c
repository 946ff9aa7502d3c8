#include "store/audit.h"
#include "core/digest.h"
#include "core/id.h"
#include "sql/queries.h"
#include <string.h>

/* Room for the head's hash, or for the texts of one entry while walking. */
enum { SCRATCH_BYTES = 4 << 20 };

struct link {
    int64_t seq;
    uint8_t hash[DIGEST_BYTES];
};

static void put_i64(uint8_t **at, int64_t v)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        *(*at)++ = (uint8_t)((uint64_t)v >> shift);
}

/* SHA-256 over: the hash before, merchant, seq and at_ms (8 bytes each, big endian), and the
 * SHA-256 of each text. Fixed widths, so no two entries have the same bytes. */
static void hash_entry(const struct audit_entry *entry, const struct link *before,
                       uint8_t out[DIGEST_BYTES])
{
    const char *const texts[] = {entry->actor, entry->action, entry->subject, entry->detail};
    enum { TEXTS = sizeof texts / sizeof *texts };
    uint8_t bytes[DIGEST_BYTES + 3 * 8 + TEXTS * DIGEST_BYTES];
    uint8_t *at = bytes + DIGEST_BYTES;
    memcpy(bytes, before->hash, DIGEST_BYTES);
    put_i64(&at, entry->merchant);
    put_i64(&at, before->seq + 1);
    put_i64(&at, entry->at_ms);
    for (int k = 0; k < TEXTS; k++, at += DIGEST_BYTES)
        digest_sha256(texts[k], strlen(texts[k]), at);
    digest_sha256(bytes, sizeof bytes, out);
}

static bool copy_hash(struct sql_cur *c, struct arena *a, uint8_t out[DIGEST_BYTES])
{
    size_t n = 0;
    const void *stored = sql_bytes(c, a, &n);
    if (!stored || n != DIGEST_BYTES)
        return false;
    memcpy(out, stored, DIGEST_BYTES);
    return true;
}

/* A merchant without entries has seq 0 and a hash of zeros. */
static enum rc read_head(struct sql *q, struct arena *a, int64_t merchant, struct link *out,
                         struct err *e)
{
    struct sql_cur c;
    bool whole = true;
    memset(out, 0, sizeof *out);
    sql_begin(q, &c, SQL_AUDIT_HEAD, SQL_ARGS(SQL_I(merchant)));
    if (sql_next(&c)) {
        out->seq = sql_i64(&c);
        whole = copy_hash(&c, a, out->hash);
    }
    enum rc rc = sql_end(&c, e);
    if (rc == RC_OK && !whole)
        return ERR(e, RC_INTERNAL, "The audit log is damaged.", "audit head of merchant %lld",
                   (long long)merchant);
    return rc;
}

static enum rc append(struct sql *q, struct arena *a, const struct audit_entry *entry,
                      struct err *e)
{
    struct link head;
    uint8_t hash[DIGEST_BYTES];
    enum rc rc = read_head(q, a, entry->merchant, &head, e);
    if (rc != RC_OK)
        return rc;
    hash_entry(entry, &head, hash);
    rc = sql_exec(q, SQL_AUDIT_INSERT,
                  SQL_ARGS(SQL_I(id_new()), SQL_I(entry->merchant), SQL_I(head.seq + 1),
                           SQL_I(entry->at_ms), SQL_T(entry->actor), SQL_T(entry->action),
                           SQL_T(entry->subject), SQL_T(entry->detail), SQL_B(hash, sizeof hash)),
                  NULL, e);
    if (rc != RC_OK)
        return rc;
    return sql_exec(q, SQL_AUDIT_SET_HEAD,
                    SQL_ARGS(SQL_I(entry->merchant), SQL_I(head.seq + 1), SQL_B(hash, sizeof hash)),
                    NULL, e);
}

enum rc audit_add(struct sql *q, const struct audit_entry *entry, struct err *e)
{
    struct arena *scratch = arena_new(SCRATCH_BYTES);
    enum rc rc = append(q, scratch, entry, e);
    arena_free(scratch);
    return rc;
}

/* Whether the row under the cursor follows `last`; then it is the new last. */
static bool follows(struct sql_cur *c, struct arena *a, int64_t merchant, struct link *last)
{
    struct audit_entry entry = {.merchant = merchant};
    struct link row;
    uint8_t expected[DIGEST_BYTES];
    row.seq = sql_i64(c);
    entry.at_ms = sql_i64(c);
    entry.actor = sql_text(c, a);
    entry.action = sql_text(c, a);
    entry.subject = sql_text(c, a);
    entry.detail = sql_text(c, a);
    if (row.seq != last->seq + 1 || !copy_hash(c, a, row.hash))
        return false;
    hash_entry(&entry, last, expected);
    if (!digest_equal(expected, sizeof expected, row.hash, sizeof row.hash))
        return false;
    *last = row;
    return true;
}

enum rc audit_verify(struct sql *q, struct arena *a, int64_t merchant, int64_t *entries,
                     int64_t *broken_seq, struct err *e)
{
    struct link head, last = {0};
    struct sql_cur c;
    bool whole = true;
    enum rc rc = read_head(q, a, merchant, &head, e);
    if (rc != RC_OK)
        return rc;
    struct arena *scratch = arena_new(SCRATCH_BYTES);
    sql_begin(q, &c, SQL_AUDIT_WALK, SQL_ARGS(SQL_I(merchant)));
    while (whole && sql_next(&c)) {
        whole = follows(&c, scratch, merchant, &last);
        arena_clear(scratch);
    }
    rc = sql_end(&c, e);
    arena_free(scratch);
    if (rc != RC_OK)
        return rc;
    if (whole && (last.seq != head.seq ||
                  !digest_equal(last.hash, sizeof last.hash, head.hash, sizeof head.hash)))
        whole = false;
    *entries = last.seq;
    *broken_seq = whole ? 0 : last.seq + 1;
    return RC_OK;
}
