#include "store/users.h"
#include "core/limits.h"
#include "core/str.h"
#include "sql/queries.h"

enum { SWEEP_ROWS = 100 };

struct role {
    const char *name;
    unsigned char rights[MODULE_COUNT];
};

static const struct role ROLES[] = {
    {"admin",
     {[MODULE_ORDERS] = RIGHT_WRITE,
      [MODULE_REFUNDS] = RIGHT_WRITE,
      [MODULE_APPROVALS] = RIGHT_WRITE,
      [MODULE_SETTINGS] = RIGHT_WRITE,
      [MODULE_USERS] = RIGHT_WRITE,
      [MODULE_AUDIT] = RIGHT_WRITE}},
    {"maker", {[MODULE_ORDERS] = RIGHT_READ, [MODULE_REFUNDS] = RIGHT_WRITE}},
    {"checker",
     {[MODULE_ORDERS] = RIGHT_READ,
      [MODULE_REFUNDS] = RIGHT_READ,
      [MODULE_APPROVALS] = RIGHT_WRITE}},
    {"viewer", {[MODULE_ORDERS] = RIGHT_READ, [MODULE_REFUNDS] = RIGHT_READ}},
};

bool users_role_rights(const char *role, unsigned char rights[MODULE_COUNT])
{
    for (size_t i = 0; i < sizeof ROLES / sizeof ROLES[0]; i++) {
        if (!str_eq(ROLES[i].name, role))
            continue;
        for (int m = 0; m < MODULE_COUNT; m++)
            rights[m] = ROLES[i].rights[m];
        return true;
    }
    return false;
}

static void read_user(struct sql_cur *c, struct arena *a, struct user *u)
{
    u->id = sql_i64(c);
    u->merchant = sql_i64(c);
    u->name = sql_text(c, a);
    u->password_hash = sql_text(c, a);
    u->role = sql_text(c, a);
    u->rights[MODULE_NONE] = RIGHT_NONE;
    for (int m = MODULE_ORDERS; m < MODULE_COUNT; m++)
        u->rights[m] = (unsigned char)sql_i64(c);
    u->disabled = sql_i64(c) != 0;
    u->created_ms = sql_i64(c);
}

enum rc users_insert(struct sql *q, const struct user *u, struct err *e)
{
    return sql_exec(q, SQL_USER_INSERT,
                    SQL_ARGS(SQL_I(u->id), SQL_I(u->merchant), SQL_T(u->name),
                             SQL_T(u->password_hash), SQL_T(u->role),
                             SQL_I(u->rights[MODULE_ORDERS]), SQL_I(u->rights[MODULE_REFUNDS]),
                             SQL_I(u->rights[MODULE_APPROVALS]), SQL_I(u->rights[MODULE_SETTINGS]),
                             SQL_I(u->rights[MODULE_USERS]), SQL_I(u->rights[MODULE_AUDIT]),
                             SQL_I(u->disabled), SQL_I(u->created_ms)),
                    NULL, e);
}

enum rc users_by_name(struct sql *q, struct arena *a, const char *name, struct user *out,
                      struct err *e)
{
    struct sql_cur c;
    bool found = false;
    sql_begin(q, &c, SQL_USER_BY_NAME, SQL_ARGS(SQL_T(name)));
    if (sql_next(&c)) {
        read_user(&c, a, out);
        found = true;
    }
    enum rc rc = sql_end(&c, e);
    if (rc != RC_OK || found)
        return rc;
    return ERR(e, RC_NOT_FOUND, "There is no such user.", "user %s", name);
}

enum rc users_list(struct sql *q, struct arena *a, int64_t merchant, struct user **out, int *count,
                   struct err *e)
{
    struct user *rows = arena_array(a, LIMIT_USERS, sizeof *rows);
    struct sql_cur c;
    int n = 0;
    sql_begin(q, &c, SQL_USER_LIST, SQL_ARGS(SQL_I(merchant)));
    while (n < LIMIT_USERS && sql_next(&c))
        read_user(&c, a, &rows[n++]);
    enum rc rc = sql_end(&c, e);
    if (rc == RC_OK) {
        *out = rows;
        *count = n;
    }
    return rc;
}

static enum rc change_user(struct sql *q, int block, struct sql_args args, int64_t id,
                           struct err *e)
{
    int64_t changed = 0;
    enum rc rc = sql_exec(q, block, args, &changed, e);
    if (rc == RC_OK && changed == 0)
        return ERR(e, RC_NOT_FOUND, "There is no such user.", "user %lld", (long long)id);
    if (rc != RC_OK)
        return rc;
    return sql_exec(q, SQL_SESSION_DELETE_OF_USER, SQL_ARGS(SQL_I(id)), NULL, e);
}

enum rc users_set_password(struct sql *q, int64_t id, const char *password_hash, struct err *e)
{
    return change_user(q, SQL_USER_SET_PASSWORD, SQL_ARGS(SQL_T(password_hash), SQL_I(id)), id, e);
}

enum rc users_disable(struct sql *q, int64_t id, struct err *e)
{
    return change_user(q, SQL_USER_DISABLE, SQL_ARGS(SQL_I(id)), id, e);
}

enum rc sessions_insert(struct sql *q, const uint8_t token_hash[DIGEST_BYTES], int64_t user_id,
                        const char *csrf, int64_t now_ms, const char *address, struct err *e)
{
    return sql_exec(q, SQL_SESSION_INSERT,
                    SQL_ARGS(SQL_B(token_hash, DIGEST_BYTES), SQL_I(user_id), SQL_T(csrf),
                             SQL_I(now_ms), SQL_I(now_ms), SQL_T(address)),
                    NULL, e);
}

enum rc sessions_get(struct sql *q, struct arena *a, const uint8_t token_hash[DIGEST_BYTES],
                     int64_t idle_after_ms, int64_t oldest_created_ms, struct session *out,
                     struct err *e)
{
    struct sql_cur c;
    bool found = false;
    sql_begin(
        q, &c, SQL_SESSION_GET,
        SQL_ARGS(SQL_B(token_hash, DIGEST_BYTES), SQL_I(idle_after_ms), SQL_I(oldest_created_ms)));
    if (sql_next(&c)) {
        out->user_id = sql_i64(&c);
        out->csrf = sql_text(&c, a);
        out->created_ms = sql_i64(&c);
        out->seen_ms = sql_i64(&c);
        out->merchant_id = sql_text(&c, a);
        read_user(&c, a, &out->user);
        found = true;
    }
    enum rc rc = sql_end(&c, e);
    if (rc != RC_OK || found)
        return rc;
    return ERR(e, RC_NOT_FOUND, "Your session has ended. Sign in again.", "no usable session");
}

enum rc sessions_touch(struct sql *q, const uint8_t token_hash[DIGEST_BYTES], int64_t now_ms,
                       struct err *e)
{
    return sql_exec(q, SQL_SESSION_TOUCH, SQL_ARGS(SQL_I(now_ms), SQL_B(token_hash, DIGEST_BYTES)),
                    NULL, e);
}

enum rc sessions_delete(struct sql *q, const uint8_t token_hash[DIGEST_BYTES], struct err *e)
{
    return sql_exec(q, SQL_SESSION_DELETE, SQL_ARGS(SQL_B(token_hash, DIGEST_BYTES)), NULL, e);
}

enum rc sessions_sweep(struct sql *q, int64_t idle_after_ms, int64_t oldest_created_ms,
                       struct err *e)
{
    enum rc rc = sql_exec(q, SQL_SESSION_SWEEP_IDLE,
                          SQL_ARGS(SQL_I(idle_after_ms), SQL_I(SWEEP_ROWS)), NULL, e);
    if (rc != RC_OK)
        return rc;
    return sql_exec(q, SQL_SESSION_SWEEP_OLD, SQL_ARGS(SQL_I(oldest_created_ms), SQL_I(SWEEP_ROWS)),
                    NULL, e);
}

enum rc logins_failures(struct sql *q, const char *subject, int64_t window_start_ms,
                        int64_t *failures, struct err *e)
{
    struct sql_cur c;
    int64_t n = 0;
    sql_begin(q, &c, SQL_LOGIN_FAILURES_GET, SQL_ARGS(SQL_T(subject), SQL_I(window_start_ms)));
    if (sql_next(&c))
        n = sql_i64(&c);
    enum rc rc = sql_end(&c, e);
    if (rc == RC_OK)
        *failures = n;
    return rc;
}

enum rc logins_add_failure(struct sql *q, const char *subject, int64_t now_ms,
                           int64_t window_start_ms, struct err *e)
{
    enum rc rc = sql_exec(q, SQL_LOGIN_FAILURES_SWEEP,
                          SQL_ARGS(SQL_I(window_start_ms), SQL_I(SWEEP_ROWS)), NULL, e);
    if (rc != RC_OK)
        return rc;
    return sql_exec(q, SQL_LOGIN_FAILURE_ADD,
                    SQL_ARGS(SQL_T(subject), SQL_I(now_ms), SQL_I(window_start_ms)), NULL, e);
}

enum rc logins_take_back(struct sql *q, const char *subject, struct err *e)
{
    return sql_exec(q, SQL_LOGIN_FAILURE_TAKE_BACK, SQL_ARGS(SQL_T(subject)), NULL, e);
}

enum rc logins_clear(struct sql *q, const char *subject, struct err *e)
{
    return sql_exec(q, SQL_LOGIN_FAILURES_CLEAR, SQL_ARGS(SQL_T(subject)), NULL, e);
}
