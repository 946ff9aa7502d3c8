#include "made_batch.h"

#include "core/id.h"
#include "desk.h"
#include "made.h"

const uint8_t made_batch_digest[DIGEST_BYTES] = {7};

struct moving {
    struct batch batch;
    const char *from_status;
};

static enum rc insert(struct sql *q, void *arg, struct err *e)
{
    struct moving *x = arg;
    return batches_insert(q, &x->batch, e);
}

static enum rc move(struct sql *q, void *arg, struct err *e)
{
    struct moving *x = arg;
    return batches_update(q, &x->batch, x->from_status, e);
}

struct batch made_batch(const char *name)
{
    struct moving x = {.batch = {.id = id_new(),
                                 .merchant = desk.merchant,
                                 .file_name = name,
                                 .reason = "GOODWILL",
                                 .source = "PORTAL",
                                 .status = BATCH_READING,
                                 .created_by = "maker",
                                 .created_ms = MADE_T0_MS,
                                 .updated_ms = MADE_T0_MS}};
    desk_write(insert, &x);
    return x.batch;
}

void made_batch_move(struct batch *b, const char *status)
{
    struct moving x = {.batch = *b, .from_status = b->status};
    x.batch.status = b->status = status;
    desk_write(move, &x);
}

struct batch made_batch_read(const char *name, int64_t rows, int64_t amount_minor)
{
    struct batch b = made_batch(name);
    b.file_sha256 = made_batch_digest;
    b.rows_total = rows;
    b.rows_bad = 1;
    b.currency = "INR";
    b.amount_minor = amount_minor;
    b.updated_ms = MADE_T0_MS + 5;
    made_batch_move(&b, BATCH_AWAITING_CONFIRMATION);
    return b;
}
