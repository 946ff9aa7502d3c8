#include "store/mails.h"

#include "core/id.h"
#include "core/limits.h"
#include "core/str.h"
#include "sql/queries.h"

enum rc mails_put(struct sql *q, const struct mail *m, struct err *e)
{
    return sql_exec(q, SQL_MAIL_PUT,
                    SQL_ARGS(SQL_I(id_new()), SQL_I(m->merchant), SQL_T(m->kind),
                             SQL_T(m->occasion), SQL_T(m->address), SQL_T(m->facts),
                             SQL_I(m->due_ms), SQL_I(m->created_ms)),
                    NULL, e);
}

static enum rc read_mails(struct sql *q, struct arena *a, int piece, struct sql_args args,
                          struct mail *rows, int *count, struct err *e)
{
    const struct sql_list list = {SQL_MAIL_SELECT, {piece}, 1};
    struct sql_cur c;
    *count = 0;
    sql_begin_list(q, &c, &list, args);
    while (sql_next(&c)) {
        struct mail *m = &rows[(*count)++];
        m->id = sql_i64(&c);
        m->merchant = sql_i64(&c);
        m->kind = sql_text(&c, a);
        m->occasion = sql_text(&c, a);
        m->address = sql_text(&c, a);
        m->facts = sql_text(&c, a);
        m->state = sql_text(&c, a);
        m->attempts = sql_i64(&c);
        m->due_ms = sql_i64(&c);
        m->fence = sql_i64(&c);
        m->said = sql_text(&c, a);
        m->created_ms = sql_i64(&c);
        m->sent_ms = sql_i64(&c);
    }
    return sql_end(&c, e);
}

enum rc mails_claim(struct sql *q, struct arena *a, int64_t now_ms, int64_t lease_ms,
                    struct mail *out, bool *found, struct err *e)
{
    int64_t changed = 0;
    int count;
    enum rc rc = read_mails(q, a, SQL_MAIL_DUE, SQL_ARGS(SQL_I(now_ms), SQL_I(1)), out, &count, e);
    *found = count == 1;
    if (rc != RC_OK || !*found)
        return rc;
    rc = sql_exec(q, SQL_MAIL_CLAIM,
                  SQL_ARGS(SQL_I(now_ms + lease_ms), SQL_I(out->id), SQL_I(out->fence)), &changed,
                  e);
    CHECK(rc != RC_OK || changed == 1);
    out->fence++;
    out->due_ms = now_ms + lease_ms;
    return rc;
}

enum rc mails_tried(struct sql *q, const struct mail *m, struct err *e)
{
    int64_t changed = 0;
    enum rc rc =
        sql_exec(q, SQL_MAIL_TRIED,
                 SQL_ARGS(SQL_T(m->state), SQL_I(m->attempts),
                          SQL_OPT_I(str_eq(m->state, "WAITING"), m->due_ms), SQL_T(m->said),
                          SQL_OPT_I(m->sent_ms != 0, m->sent_ms), SQL_I(m->id), SQL_I(m->fence)),
                 &changed, e);
    if (rc == RC_OK && changed == 0)
        return ERR(e, RC_CONFLICT, "Another worker took this mail over.",
                   "mail %lld: fence %lld is stale", (long long)m->id, (long long)m->fence);
    return rc;
}

enum rc mails_next_due(struct sql *q, int64_t *due_ms, struct err *e)
{
    struct sql_cur c;
    *due_ms = INT64_MAX;
    sql_begin(q, &c, SQL_MAIL_NEXT_DUE, SQL_NO_ARGS);
    while (sql_next(&c)) {
        int64_t due;
        if (sql_opt_i64(&c, &due))
            *due_ms = due;
    }
    return sql_end(&c, e);
}

enum rc mails_list(struct sql *q, struct arena *a, int64_t merchant, int limit, struct mail **out,
                   int *count, struct err *e)
{
    CHECK(limit >= 1 && limit <= LIMIT_MAILS_SHOWN);
    *out = arena_array(a, (size_t)limit, sizeof **out);
    return read_mails(q, a, SQL_MAIL_NEWEST, SQL_ARGS(SQL_I(merchant), SQL_I(limit)), *out, count,
                      e);
}

enum rc mails_readers(struct sql *q, struct arena *a, int64_t merchant, const char *kind,
                      enum module module, enum right right, const char ***addresses, int *count,
                      struct err *e)
{
    static const int PIECES[MODULE_COUNT] = {
        [MODULE_ORDERS] = SQL_MAIL_READERS_ORDERS,
        [MODULE_REFUNDS] = SQL_MAIL_READERS_REFUNDS,
        [MODULE_APPROVALS] = SQL_MAIL_READERS_APPROVALS,
        [MODULE_SETTINGS] = SQL_MAIL_READERS_SETTINGS,
        [MODULE_USERS] = SQL_MAIL_READERS_USERS,
        [MODULE_AUDIT] = SQL_MAIL_READERS_AUDIT,
    };
    CHECK(module > MODULE_NONE && module < MODULE_COUNT);
    const struct sql_list list = {SQL_MAIL_READERS, {PIECES[module]}, 1};
    const char **rows = arena_array(a, LIMIT_USERS, sizeof *rows);
    struct sql_cur c;
    int n = 0;
    sql_begin_list(q, &c, &list, SQL_ARGS(SQL_I(merchant), SQL_T(kind), SQL_I(right)));
    while (n < LIMIT_USERS && sql_next(&c))
        rows[n++] = sql_text(&c, a);
    *addresses = rows;
    *count = n;
    return sql_end(&c, e);
}

enum rc mails_choice(struct sql *q, struct arena *a, int64_t user, struct mail_choice *out,
                     struct err *e)
{
    struct sql_cur c;
    bool found = false;
    *out = (struct mail_choice){.kinds = arena_array(a, LIMIT_MAIL_KINDS, sizeof *out->kinds)};
    sql_begin(q, &c, SQL_MAIL_CHOICE_EMAIL, SQL_ARGS(SQL_I(user)));
    while (sql_next(&c)) {
        out->email = sql_text(&c, a);
        found = true;
    }
    enum rc rc = sql_end(&c, e);
    if (rc != RC_OK)
        return rc;
    if (!found)
        return ERR(e, RC_NOT_FOUND, "There is no such user.", "user %lld", (long long)user);
    sql_begin(q, &c, SQL_MAIL_CHOICE_KINDS, SQL_ARGS(SQL_I(user)));
    while (out->n_kinds < LIMIT_MAIL_KINDS && sql_next(&c))
        out->kinds[out->n_kinds++] = sql_text(&c, a);
    return sql_end(&c, e);
}

enum rc mails_choose(struct sql *q, int64_t user, const struct mail_choice *choice, struct err *e)
{
    int64_t changed = 0;
    enum rc rc = sql_exec(q, SQL_MAIL_CHOOSE_EMAIL, SQL_ARGS(SQL_T(choice->email), SQL_I(user)),
                          &changed, e);
    if (rc == RC_OK && changed == 0)
        return ERR(e, RC_NOT_FOUND, "There is no such user.", "user %lld", (long long)user);
    if (rc == RC_OK)
        rc = sql_exec(q, SQL_MAIL_CHOOSE_NOTHING, SQL_ARGS(SQL_I(user)), NULL, e);
    for (int i = 0; rc == RC_OK && i < choice->n_kinds; i++)
        rc = sql_exec(q, SQL_MAIL_CHOOSE_KIND, SQL_ARGS(SQL_I(user), SQL_T(choice->kinds[i])), NULL,
                      e);
    return rc;
}
