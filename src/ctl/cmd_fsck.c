/*
 * fsck and audit-verify. A check is a statement that finds what is wrong, and a sentence.
 */
#include "core/str.h"
#include "ctl/commands.h"
#include "sql/queries.h"
#include "store/audit.h"
#include <stdio.h>

enum { SHOWN_MAX = 20 /* findings of one check that are printed */ };

struct check {
    int block;
    const char *name;
    const char *second, *third; /* what the columns after the subject are */
};

static const struct check CHECKS[] = {
    {SQL_FSCK_HELD, "held is not the sum of the transaction's refunds", "held", "sum"},
    {SQL_FSCK_REFUNDED, "refunded is not the sum of the successful refunds", "refunded", "sum"},
    {SQL_FSCK_CEILING, "more is held or refunded than was charged", "held", "charged"},
    {SQL_FSCK_STATUS_OF_STATE, "status and state disagree", "status", "state"},
    {SQL_FSCK_SENT, "\"sent to gateway\" disagrees with the state", "state", "sent"},
    {SQL_FSCK_BELONGS, "refund, order and transaction do not belong together", "order", "txn"},
    {SQL_FSCK_KEPT, "the kept transaction is of another order or was not charged", "txn", "status"},
    {SQL_FSCK_KEPT_MISSING, "the order has no kept transaction", "status", "kept"},
    {SQL_FSCK_NO_JOB, "the refund is pending and nothing will be done about it", "state",
     "gateway"},
    {SQL_FSCK_IDLE_JOB, "there is a job although nothing is left to do", "state", "job"},
    {SQL_FSCK_PARTY_CEILING, "a party gives back more than its part", "given", "part"},
    {SQL_FSCK_PARTS_SUM, "the parts of the refund are not its amount", "parts", "amount"},
    {SQL_FSCK_SPLIT_SETTLED, "the order's split settlement is not whole", "marked", "parties"},
    {SQL_FSCK_PAYEE, "a payout has no payee, or a payee no payout", "type", "payee"},
    {SQL_FSCK_AUTO_TXN, "the transaction is auto refunded without a refund", "status", "told"},
    {SQL_FSCK_AUTO_CONFLICT, "the conflict and its transaction disagree", "state", "status"},
    {SQL_FSCK_AUTO_TWICE, "the transaction is auto refunded twice", "refunds", NULL},
    {SQL_FSCK_MARKS, "the order's marks are not its transactions'", "conflicted", "multiple"},
    {SQL_FSCK_BATCH_COUNTS, "the counts of the batch are not its rows", "counted", "rows"},
    {SQL_FSCK_BATCH_ENDED, "status and rows of the batch disagree", "status", "queued"},
    {SQL_FSCK_BATCH_REFUND, "the refund is not what the row of the batch asked for", "row",
     "source"},
    {SQL_FSCK_WEBHOOK, "the webhook waits for an endpoint that hears of nothing", "state",
     "endpoint"},
    {SQL_FSCK_STATUSES, "the order has an unknown status", "status", NULL},
};
enum { CHECKS_COUNT = sizeof CHECKS / sizeof *CHECKS };

struct fsck {
    struct arena *arena;
    struct buf findings;
    int64_t wrong; /* findings in all */
    bool chains_only;
};

static const char *column_text(struct sql_cur *c, struct arena *a)
{
    if (c->out[c->column] == 't')
        return str_or(sql_text(c, a), "-");
    return arena_printf(a, "%lld", (long long)sql_i64(c));
}

static enum rc run_check(struct sql *q, struct fsck *f, const struct check *check, struct err *e)
{
    struct sql_cur c;
    int64_t found = 0;
    sql_begin(q, &c, check->block, SQL_NO_ARGS);
    while (sql_next(&c)) {
        if (++found > SHOWN_MAX)
            continue;
        buf_printf(&f->findings, "wrong: %s: ", column_text(&c, f->arena));
        buf_printf(&f->findings, "%s (%s %s", check->name, check->second,
                   column_text(&c, f->arena));
        if (check->third)
            buf_printf(&f->findings, ", %s %s", check->third, column_text(&c, f->arena));
        buf_puts(&f->findings, ")\n");
    }
    if (found > SHOWN_MAX)
        buf_printf(&f->findings, "wrong: and %lld more: %s\n", (long long)(found - SHOWN_MAX),
                   check->name);
    f->wrong += found;
    return sql_end(&c, e);
}

static enum rc check_chains(struct sql *q, struct fsck *f, struct err *e)
{
    struct merchant *rows;
    int count;
    enum rc rc = merchants_list(q, f->arena, &rows, &count, e);
    for (int k = 0; rc == RC_OK && k < count; k++) {
        int64_t entries, broken_seq;
        rc = audit_verify(q, f->arena, rows[k].id, &entries, &broken_seq, e);
        if (rc != RC_OK)
            break;
        if (broken_seq) {
            f->wrong++;
            buf_printf(&f->findings,
                       "wrong: audit log of %s: entry %lld was changed, removed or added past the "
                       "desk; %lld before it are right\n",
                       rows[k].merchant_id, (long long)broken_seq, (long long)entries);
        } else if (f->chains_only) {
            buf_printf(&f->findings, "audit log of %s: %lld entries, whole\n", rows[k].merchant_id,
                       (long long)entries);
        }
    }
    return rc;
}

static enum rc check_all(struct sql *q, void *arg, struct err *e)
{
    struct fsck *f = arg;
    enum rc rc = RC_OK;
    for (int k = 0; rc == RC_OK && k < CHECKS_COUNT && !f->chains_only; k++)
        rc = run_check(q, f, &CHECKS[k], e);
    return rc == RC_OK ? check_chains(q, f, e) : rc;
}

static enum rc report(struct ctl *c, struct fsck *f)
{
    fputs(buf_text(&f->findings), stdout);
    c->wrong = f->wrong > 0;
    return RC_OK;
}

enum rc cmd_fsck(struct ctl *c, struct err *e)
{
    const char *engine;
    struct fsck f = {.arena = c->arena};
    buf_init(&f.findings, c->arena);
    enum rc rc = sql_read(c->app.db, check_all, &f, e);
    if (rc == RC_OK)
        rc = sql_integrity(c->app.db, c->arena, &engine, e);
    if (rc != RC_OK)
        return rc;
    if (!str_eq(engine, "ok")) {
        f.wrong++;
        buf_printf(&f.findings, "wrong: the database itself: %s\n", engine);
    }
    if (f.wrong)
        buf_printf(&f.findings, "%lld things are wrong\n", (long long)f.wrong);
    else
        buf_printf(&f.findings, "all is well: %d checks, the audit log and the database itself\n",
                   (int)CHECKS_COUNT);
    return report(c, &f);
}

enum rc cmd_audit_verify(struct ctl *c, struct err *e)
{
    struct fsck f = {.arena = c->arena, .chains_only = true};
    buf_init(&f.findings, c->arena);
    enum rc rc = sql_read(c->app.db, check_all, &f, e);
    return rc == RC_OK ? report(c, &f) : rc;
}
