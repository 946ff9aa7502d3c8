#include "store/conflicts.h"

#include "core/limits.h"
#include "sql/queries.h"

/* ---- settings ----------------------------------------------------------------------------------
 */

static enum rc read_switches(struct sql *q, struct arena *a, int64_t merchant,
                             struct conflict_settings *s, struct err *e)
{
    struct sql_cur c;
    sql_begin(q, &c, SQL_CONFLICT_SETTINGS_OF, SQL_ARGS(SQL_I(merchant)));
    if (sql_next(&c)) {
        s->refund_conflicted = sql_i64(&c) != 0;
        s->conflicted_since_ms = sql_i64(&c);
        s->threshold_minutes = sql_i64(&c);
        s->notify = sql_i64(&c) != 0;
        s->emails = sql_text(&c, a);
        s->refund_multiple = sql_i64(&c) != 0;
        s->multiple_since_ms = sql_i64(&c);
    }
    return sql_end(&c, e);
}

static enum rc read_gateways(struct sql *q, struct arena *a, int64_t merchant,
                             struct conflict_settings *s, struct err *e)
{
    struct sql_cur c;
    s->gateways = arena_array(a, LIMIT_GATEWAYS, sizeof *s->gateways);
    sql_begin(q, &c, SQL_CONFLICT_GATEWAYS_OF, SQL_ARGS(SQL_I(merchant), SQL_I(LIMIT_GATEWAYS)));
    while (sql_next(&c)) {
        struct conflict_gateway *g = &s->gateways[s->n_gateways++];
        g->gateway = sql_text(&c, a);
        g->threshold_minutes = sql_i64(&c);
    }
    return sql_end(&c, e);
}

static enum rc read_ceilings(struct sql *q, struct arena *a, int64_t merchant,
                             struct conflict_settings *s, struct err *e)
{
    struct sql_cur c;
    s->ceilings = arena_array(a, LIMIT_CURRENCIES, sizeof *s->ceilings);
    sql_begin(q, &c, SQL_CONFLICT_CEILINGS_OF, SQL_ARGS(SQL_I(merchant), SQL_I(LIMIT_CURRENCIES)));
    while (sql_next(&c)) {
        struct conflict_ceiling *ceiling = &s->ceilings[s->n_ceilings++];
        ceiling->currency = sql_text(&c, a);
        ceiling->daily_minor = sql_i64(&c);
    }
    return sql_end(&c, e);
}

enum rc conflict_settings_get(struct sql *q, struct arena *a, int64_t merchant,
                              struct conflict_settings *out, struct err *e)
{
    struct conflict_settings s = {.threshold_minutes = CONFLICT_MINUTES};
    enum rc rc = read_switches(q, a, merchant, &s, e);
    if (rc == RC_OK)
        rc = read_gateways(q, a, merchant, &s, e);
    if (rc == RC_OK)
        rc = read_ceilings(q, a, merchant, &s, e);
    if (rc == RC_OK)
        *out = s;
    return rc;
}

enum rc conflict_settings_put(struct sql *q, int64_t merchant, const struct conflict_settings *s,
                              int64_t now_ms, struct err *e)
{
    enum rc rc = sql_exec(q, SQL_CONFLICT_SETTINGS_PUT,
                          SQL_ARGS(SQL_I(merchant), SQL_I(s->refund_conflicted),
                                   SQL_OPT_I(s->conflicted_since_ms != 0, s->conflicted_since_ms),
                                   SQL_I(s->threshold_minutes), SQL_I(s->notify), SQL_T(s->emails),
                                   SQL_I(s->refund_multiple),
                                   SQL_OPT_I(s->multiple_since_ms != 0, s->multiple_since_ms),
                                   SQL_I(now_ms)),
                          NULL, e);
    if (rc == RC_OK)
        rc = sql_exec(q, SQL_CONFLICT_GATEWAYS_DROP, SQL_ARGS(SQL_I(merchant)), NULL, e);
    for (int i = 0; rc == RC_OK && i < s->n_gateways; i++)
        rc = sql_exec(q, SQL_CONFLICT_GATEWAY_PUT,
                      SQL_ARGS(SQL_I(merchant), SQL_T(s->gateways[i].gateway),
                               SQL_I(s->gateways[i].threshold_minutes)),
                      NULL, e);
    if (rc == RC_OK)
        rc = sql_exec(q, SQL_CONFLICT_CEILINGS_DROP, SQL_ARGS(SQL_I(merchant)), NULL, e);
    for (int i = 0; rc == RC_OK && i < s->n_ceilings; i++)
        rc = sql_exec(q, SQL_CONFLICT_CEILING_PUT,
                      SQL_ARGS(SQL_I(merchant), SQL_T(s->ceilings[i].currency),
                               SQL_I(s->ceilings[i].daily_minor)),
                      NULL, e);
    return rc;
}

/* ---- conflicts ---------------------------------------------------------------------------------
 */

enum rc conflicts_put(struct sql *q, const struct conflict *c, struct err *e)
{
    return sql_exec(q, SQL_CONFLICT_PUT,
                    SQL_ARGS(SQL_I(c->txn_row), SQL_I(c->merchant), SQL_I(c->order_row),
                             SQL_T(c->kind), SQL_T(c->state), SQL_I(c->initiated_ms),
                             SQL_I(c->success_ms),
                             SQL_OPT_I(c->threshold_minutes != 0, c->threshold_minutes),
                             SQL_OPT_I(c->kept_txn != 0, c->kept_txn), SQL_T(c->said),
                             SQL_OPT_I(c->refund_row != 0, c->refund_row), SQL_I(c->rounds),
                             SQL_I(c->first_ms), SQL_I(c->updated_ms)),
                    NULL, e);
}

enum rc conflicts_drop(struct sql *q, int64_t txn_row, struct err *e)
{
    return sql_exec(q, SQL_CONFLICT_DROP, SQL_ARGS(SQL_I(txn_row)), NULL, e);
}

static void read_conflict(struct sql_cur *c, struct arena *a, struct conflict *out)
{
    out->txn_row = sql_i64(c);
    out->merchant = sql_i64(c);
    out->order_row = sql_i64(c);
    out->kind = sql_text(c, a);
    out->state = sql_text(c, a);
    out->initiated_ms = sql_i64(c);
    out->success_ms = sql_i64(c);
    out->threshold_minutes = sql_i64(c);
    out->kept_txn = sql_i64(c);
    out->said = sql_text(c, a);
    out->refund_row = sql_i64(c);
    out->rounds = sql_i64(c);
    out->first_ms = sql_i64(c);
    out->updated_ms = sql_i64(c);
    out->txn_id = sql_text(c, a);
    out->kept_txn_id = sql_text(c, a);
}

static enum rc read_conflicts(struct sql *q, struct arena *a, int block, int64_t of, int limit,
                              struct conflict **out, int *count, struct err *e)
{
    struct conflict *rows = arena_array(a, (size_t)limit, sizeof *rows);
    struct sql_cur c;
    int n = 0;
    sql_begin(q, &c, block, SQL_ARGS(SQL_I(of), SQL_I(limit)));
    while (sql_next(&c))
        read_conflict(&c, a, &rows[n++]);
    enum rc rc = sql_end(&c, e);
    if (rc == RC_OK) {
        *out = rows;
        *count = n;
    }
    return rc;
}

enum rc conflicts_of_order(struct sql *q, struct arena *a, int64_t order_row, struct conflict **out,
                           int *count, struct err *e)
{
    return read_conflicts(q, a, SQL_CONFLICTS_OF_ORDER, order_row, LIMIT_ORDER_TXNS, out, count, e);
}

enum rc conflicts_refused(struct sql *q, struct arena *a, int64_t merchant, int limit,
                          struct conflict **out, int *count, struct err *e)
{
    return read_conflicts(q, a, SQL_CONFLICTS_REFUSED, merchant, limit, out, count, e);
}
