#include "core/limits.h"
#include "sql/rig.h"
#include <string.h>

static struct rig r;

static void set_up(void)
{
    rig_init(&r);
    rig_open(&r);
}

static void tear_down(void)
{
    rig_close(&r);
}

static enum rc write_with(sql_fn *fn, struct err *e)
{
    return sql_tx(r.db, fn, NULL, e);
}

static enum rc insert(struct sql *q, int64_t id, struct sql_val name, struct sql_val amount,
                      struct sql_val body, struct err *e)
{
    return sql_exec(q, FX_ITEM_INSERT, SQL_ARGS(SQL_I(id), name, amount, body), NULL, e);
}

static enum rc write_values(struct sql *q, void *arg, struct err *e)
{
    (void)arg;
    static const char bytes[] = {0, 1, '\'', 0};
    enum rc rc = insert(q, 1, SQL_T("it's $1"), SQL_I(INT64_MAX), SQL_B(bytes, sizeof bytes), e);
    if (rc == RC_OK)
        rc = insert(q, 2, SQL_T(""), SQL_NULL_I, SQL_B("", 0), e);
    if (rc == RC_OK)
        rc = insert(q, INT64_MIN, SQL_T("x"), SQL_OPT_I(false, 7), SQL_B(NULL, 0), e);
    return rc;
}

struct item {
    int64_t id;
    char *name;
    bool has_amount;
    int64_t amount;
    void *body;
    size_t body_n;
};

static enum rc read_item(struct sql *q, void *arg, struct err *e)
{
    struct item *x = arg;
    struct sql_cur c;
    sql_begin(q, &c, FX_ITEM_READ, SQL_ARGS(SQL_I(x->id)));
    while (sql_next(&c)) {
        x->name = sql_text(&c, r.arena);
        x->has_amount = sql_opt_i64(&c, &x->amount);
        x->body = sql_bytes(&c, r.arena, &x->body_n);
    }
    return sql_end(&c, e);
}

static struct item item_of(int64_t id)
{
    struct err e = {0};
    struct item x = {.id = id, .amount = -1};
    ck_assert_msg(sql_read(r.db, read_item, &x, &e) == RC_OK, "%s", e.detail);
    return x;
}

START_TEST(values_survive)
{
    struct err e = {0};
    ck_assert_msg(write_with(write_values, &e) == RC_OK, "%s", e.detail);
    struct item x = item_of(1);
    ck_assert_str_eq(x.name, "it's $1");
    ck_assert_int_eq(x.amount, INT64_MAX);
    ck_assert_uint_eq(x.body_n, 4);
    ck_assert_mem_eq(x.body, "\0\1'\0", 4);
    x = item_of(2);
    ck_assert_str_eq(x.name, "");
    ck_assert(!x.has_amount);
    ck_assert_int_eq(x.amount, 0);
    ck_assert_ptr_nonnull(x.body); /* empty is not NULL */
    ck_assert_uint_eq(x.body_n, 0);
    x = item_of(INT64_MIN);
    ck_assert(!x.has_amount);
    ck_assert_ptr_null(x.body);
    x = item_of(3);
    ck_assert_ptr_null(x.name);
}
END_TEST

static enum rc exec_one(struct sql *q, void *arg, struct err *e)
{
    switch (*(int *)arg) {
    case 0:
        return insert(q, 1, SQL_T("other"), SQL_I(1), SQL_B(NULL, 0), e);
    case 1:
        return insert(q, 9, SQL_T("keeper"), SQL_I(1), SQL_B(NULL, 0), e);
    case 2:
        return insert(q, 9, SQL_T("other"), SQL_I(-1), SQL_B(NULL, 0), e);
    case 3:
        return insert(q, 9, SQL_T(NULL), SQL_I(1), SQL_B(NULL, 0), e);
    case 4:
        return sql_exec(q, FX_NOTE_INSERT, SQL_ARGS(SQL_I(1), SQL_I(404), SQL_T("x")), NULL, e);
    case 5:
        return sql_exec(q, FX_ITEM_DELETE, SQL_ARGS(SQL_I(1)), NULL, e);
    default:
        return insert(q, 1, SQL_T("keeper"), SQL_I(1), SQL_B(NULL, 0), e);
    }
}

START_TEST(refusals_of_the_schema_are_conflicts)
{
    static const char *const details[] = {"items.id", "items.name",  "amount >= 0",
                                          "NOT NULL", "FOREIGN KEY", "the keeper stays"};
    struct err e = {0};
    int first = -1;
    ck_assert_int_eq(sql_tx(r.db, exec_one, &first, &e), RC_OK);
    ck_assert_int_eq(sql_tx(r.db, exec_one, &_i, &e), RC_CONFLICT);
    ck_assert_msg(strstr(e.detail, details[_i]) != NULL, "%s", e.detail);
    ck_assert_int_eq(e.rc, RC_CONFLICT);
    ck_assert_int_eq(rig_count(&r), 1);
}
END_TEST

/* A function may take a refusal of the schema for an answer and go on. */
static enum rc insert_or_not(struct sql *q, void *arg, struct err *e)
{
    (void)arg;
    for (int64_t id = 1; id <= 2; id++) {
        enum rc rc = insert(q, id, SQL_T("one name"), SQL_I(1), SQL_B(NULL, 0), e);
        if (rc != (id == 1 ? RC_OK : RC_CONFLICT))
            return RC_INTERNAL;
    }
    return insert(q, 3, SQL_T("another"), SQL_I(1), SQL_B(NULL, 0), e);
}

START_TEST(conflict_may_be_an_answer)
{
    struct err e = {0};
    ck_assert_int_eq(write_with(insert_or_not, &e), RC_OK);
    ck_assert_int_eq(rig_count(&r), 2);
}
END_TEST

static enum rc change_rows(struct sql *q, void *arg, struct err *e)
{
    int64_t *n = arg;
    enum rc rc = insert(q, 1, SQL_T("a"), SQL_I(1), SQL_B(NULL, 0), e);
    if (rc == RC_OK)
        rc = sql_exec(q, FX_ITEM_PUT, SQL_ARGS(SQL_I(1), SQL_T("b")), &n[0], e);
    if (rc == RC_OK)
        rc = sql_exec(q, FX_ITEM_PUT, SQL_ARGS(SQL_I(2), SQL_T("b")), &n[1], e);
    if (rc == RC_OK)
        rc = sql_exec(q, FX_ITEM_ADD, SQL_ARGS(SQL_I(5), SQL_I(1)), &n[2], e);
    if (rc == RC_OK)
        rc = sql_exec(q, FX_ITEM_DELETE, SQL_ARGS(SQL_I(77)), &n[3], e);
    return rc;
}

START_TEST(counts_changed_rows)
{
    int64_t n[4] = {-1, -1, -1, -1};
    struct err e = {0};
    ck_assert_int_eq(sql_tx(r.db, change_rows, n, &e), RC_OK);
    ck_assert_int_eq(n[0], 0);
    ck_assert_int_eq(n[1], 1);
    ck_assert_int_eq(n[2], 1);
    ck_assert_int_eq(n[3], 0);
    ck_assert_int_eq(item_of(1).amount, 6);
}
END_TEST

static enum rc step_past_the_end(struct sql *q, void *arg, struct err *e)
{
    struct sql_cur c;
    (void)arg;
    sql_begin(q, &c, FX_ITEM_ADD, SQL_ARGS(SQL_I(1), SQL_I(1)));
    for (int i = 0; i < 5; i++)
        if (sql_next(&c))
            sql_skip(&c);
    return sql_end(&c, e);
}

/* SQLite would run a finished statement again. */
START_TEST(finished_statement_is_not_run_again)
{
    struct err e = {0};
    int one = -1;
    ck_assert_int_eq(sql_tx(r.db, exec_one, &one, &e), RC_OK);
    ck_assert_int_eq(write_with(step_past_the_end, &e), RC_OK);
    ck_assert_int_eq(item_of(1).amount, 2);
}
END_TEST

static enum rc error_is_kept(struct sql *q, void *arg, struct err *e)
{
    struct sql_cur c;
    (void)arg;
    sql_begin(q, &c, FX_NOTE_INSERT, SQL_ARGS(SQL_I(1), SQL_I(404), SQL_T("x")));
    for (int i = 0; i < 3; i++)
        ck_assert(!sql_next(&c));
    return sql_end(&c, e);
}

START_TEST(error_is_kept_until_the_end)
{
    struct err e = {0};
    ck_assert_int_eq(write_with(error_is_kept, &e), RC_CONFLICT);
    ck_assert_ptr_nonnull(strstr(e.detail, "FOREIGN KEY"));
}
END_TEST

static enum rc write_in_read(struct sql *q, void *arg, struct err *e)
{
    (void)arg;
    return insert(q, 1, SQL_T("x"), SQL_I(1), SQL_B(NULL, 0), e);
}

START_TEST(reading_cannot_write)
{
    struct err e = {0};
    ck_assert_int_eq(sql_read(r.db, write_in_read, NULL, &e), RC_IO);
    ck_assert_int_eq(rig_count(&r), 0);
}
END_TEST

/* ---- misuse is a bug ---------------------------------------------------------------------- */

static enum rc misuse(struct sql *q, void *arg, struct err *e)
{
    struct sql_cur c, d;
    switch (*(int *)arg) {
    case 0: /* wrong letter */
        sql_begin(q, &c, FX_ITEM_READ, SQL_ARGS(SQL_T("1")));
        break;
    case 1: /* too few */
        sql_begin(q, &c, FX_ITEM_READ, SQL_NO_ARGS);
        break;
    case 2: /* too many */
        sql_begin(q, &c, FX_ITEM_READ, SQL_ARGS(SQL_I(1), SQL_I(1)));
        break;
    case 3: /* the same block twice */
        sql_begin(q, &c, FX_ITEM_COUNT, SQL_NO_ARGS);
        sql_begin(q, &d, FX_ITEM_COUNT, SQL_NO_ARGS);
        break;
    case 4: /* not ended */
        sql_begin(q, &c, FX_ITEM_COUNT, SQL_NO_ARGS);
        return RC_OK;
    case 5: /* ended twice */
        sql_begin(q, &c, FX_ITEM_COUNT, SQL_NO_ARGS);
        (void)!sql_end(&c, e);
        break;
    case 6: /* column of another letter */
        sql_begin(q, &c, FX_ITEM_COUNT, SQL_NO_ARGS);
        if (sql_next(&c))
            (void)sql_text(&c, r.arena);
        break;
    case 7: /* more columns than there are */
        sql_begin(q, &c, FX_ITEM_COUNT, SQL_NO_ARGS);
        if (sql_next(&c)) {
            (void)sql_i64(&c);
            (void)sql_i64(&c);
        }
        break;
    case 8: /* a column without a row */
        sql_begin(q, &c, FX_ITEM_COUNT, SQL_NO_ARGS);
        (void)sql_i64(&c);
        break;
    case 9: /* a fragment alone */
        sql_begin(q, &c, FX_ITEMS_ANY, SQL_NO_ARGS);
        break;
    default:
        sql_begin(q, &c, FX_BLOCK_COUNT, SQL_NO_ARGS);
    }
    return sql_end(&c, e);
}
#define MISUSES 11

START_TEST(misuse_is_a_bug)
{
    struct err e;
    (void)!sql_read(r.db, misuse, &_i, &e);
}
END_TEST

Suite *t_cursor_suite(void)
{
    TCase *t;
    Suite *s = suite_of("cursor", &t);
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, values_survive);
    tcase_add_loop_test(t, refusals_of_the_schema_are_conflicts, 0, 6);
    tcase_add_test(t, conflict_may_be_an_answer);
    tcase_add_test(t, counts_changed_rows);
    tcase_add_test(t, finished_statement_is_not_run_again);
    tcase_add_test(t, error_is_kept_until_the_end);
    tcase_add_test(t, reading_cannot_write);
    tcase_add_loop_test_raise_signal(t, misuse_is_a_bug, SIGABRT, 0, MISUSES);
    return s;
}
