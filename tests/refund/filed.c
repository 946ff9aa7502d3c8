#include "refund/filed.h"

#include "support/suite.h"

#include <string.h>

/* A file in memory, handed over a few bytes at a time. */
struct text_file {
    const char *text;
    size_t n, at;
};

static ssize_t read_text(void *ctx, char *to, size_t room)
{
    struct text_file *f = ctx;
    size_t n = f->n - f->at;
    n = n < room ? n : room;
    n = n < 7 ? n : 7;
    memcpy(to, f->text + f->at, n);
    f->at += n;
    return (ssize_t)n;
}

struct batch_upload_answer filed_as(const struct actor *actor, const char *text,
                                    const char *description)
{
    struct text_file file = {text, strlen(text), 0};
    const struct batch_upload in = {.actor = actor,
                                    .source = "PORTAL",
                                    .file_name = "C:\\refunds\\may.csv",
                                    .description = description,
                                    .bytes = read_text,
                                    .ctx = &file};
    struct batch_upload_answer answer;
    struct err e;
    ck_assert_int_eq(batch_upload(&shop, desk.arena, &in, &answer, &e), RC_OK);
    return answer;
}

struct batch_upload_answer filed(const char *text)
{
    return filed_as(&shop_actor, text, NULL);
}

struct look {
    int64_t batch, row;
    struct batch b;
    struct batch_row r;
    enum rc rc;
};

static enum rc look_fn(struct sql *q, void *arg, struct err *e)
{
    struct look *l = arg;
    struct err ignored;
    l->rc = batches_any(q, desk.arena, l->batch, &l->b, &ignored);
    if (l->rc != RC_OK || l->row == 0)
        return RC_OK;
    return batch_rows_get(q, desk.arena, l->batch, l->row, &l->r, e);
}

struct batch_row filed_row(int64_t batch, int64_t row)
{
    struct look l = {.batch = batch, .row = row};
    desk_look(look_fn, &l);
    return l.r;
}

struct batch filed_batch(int64_t batch)
{
    struct look l = {.batch = batch};
    desk_look(look_fn, &l);
    ck_assert_int_eq(l.rc, RC_OK);
    return l.b;
}

struct batch_fault filed_confirm(int64_t batch, const char *mode, const char *total)
{
    const struct batch_typed typed = {"INR", total};
    struct batch_fault fault;
    struct err e;
    ck_assert_int_eq(batch_confirm(&shop, desk.arena, &shop_actor, batch, mode, &typed,
                                   total != NULL, &fault, &e),
                     RC_OK);
    return fault;
}

void filed_run(int64_t batch)
{
    struct err e;
    bool more = true;
    for (int i = 0; more && i < 1000; i++)
        ck_assert_int_eq(batch_run_step(&shop, desk.arena, batch, FILED_BUDGET_MS, &more, &e),
                         RC_OK);
    ck_assert(!more);
}

struct merchant_change {
    void (*change)(struct merchant *m);
};

static enum rc merchant_fn(struct sql *q, void *arg, struct err *e)
{
    struct merchant_change *c = arg;
    struct merchant m;
    enum rc rc = merchants_get(q, desk.arena, desk.merchant, &m, e);
    if (rc == RC_OK) {
        c->change(&m);
        rc = merchants_update(q, &m, e);
    }
    return rc;
}

void filed_merchant(void (*change)(struct merchant *m))
{
    struct merchant_change c = {change};
    desk_write(merchant_fn, &c);
}

enum rc filed_rc(int64_t batch)
{
    struct look l = {.batch = batch};
    desk_look(look_fn, &l);
    return l.rc;
}
