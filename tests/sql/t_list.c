#include "core/limits.h"
#include "core/str.h"
#include "sql/private.h"
#include "sql/rig.h"
#include <stdlib.h>

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

START_TEST(renumbers_arguments_and_leaves_quoted_text)
{
    struct sql_list l = {
        FX_ITEMS,
        {FX_ITEMS_NAMED, FX_ITEMS_BETWEEN, FX_ITEMS_ANY, FX_ITEMS_BETWEEN, FX_ITEMS_NEWEST},
        5};
    char *text = sql_list_compose(&sql_catalog_fixture, &l);
    ck_assert_str_eq(
        text, "SELECT id FROM items WHERE amount >= $1 AND name <> 'costs $1;' AND name = $2 "
              "AND (id >= $3 AND id <= $4 OR name = 'about $2' AND id = $3) AND id > 0 "
              "AND (id >= $5 AND id <= $6 OR name = 'about $2' AND id = $5) "
              "ORDER BY id DESC LIMIT $7");
    free(text);
}
END_TEST

START_TEST(renumbers_beyond_nine)
{
    struct sql_list l = {FX_ITEMS, {0}, 0};
    while (l.n_fragments < 6)
        l.fragments[l.n_fragments++] = FX_ITEMS_BETWEEN;
    char *text = sql_list_compose(&sql_catalog_fixture, &l);
    ck_assert(str_ends(text, "AND (id >= $12 AND id <= $13 OR name = 'about $2' AND id = $12)"));
    free(text);
}
END_TEST

static enum rc insert_ten(struct sql *q, void *arg, struct err *e)
{
    (void)arg;
    for (int64_t id = 1; id <= 10; id++) {
        enum rc rc = put_item(q, &(struct put){.id = id}, e);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

struct found {
    int64_t ids[16];
    int n;
};

static enum rc find(struct sql *q, const struct sql_list *l, struct sql_args args, struct found *f,
                    struct err *e)
{
    struct sql_cur c;
    f->n = 0;
    sql_begin_list(q, &c, l, args);
    while (sql_next(&c))
        f->ids[f->n++] = sql_i64(&c);
    return sql_end(&c, e);
}

static enum rc find_all_ways(struct sql *q, void *arg, struct err *e)
{
    (void)arg;
    struct found f;
    struct sql_list all = {FX_ITEMS, {FX_ITEMS_BETWEEN, FX_ITEMS_NAMED, FX_ITEMS_NEWEST}, 3};
    struct sql_list newest = {FX_ITEMS, {FX_ITEMS_BETWEEN, FX_ITEMS_NEWEST}, 2};
    for (int round = 0; round < 3; round++) {
        ck_assert_int_eq(
            find(q, &all, SQL_ARGS(SQL_I(0), SQL_I(2), SQL_I(8), SQL_T("item 5"), SQL_I(9)), &f, e),
            RC_OK);
        ck_assert_int_eq(f.n, 1);
        ck_assert_int_eq(f.ids[0], 5);
        ck_assert_int_eq(find(q, &newest, SQL_ARGS(SQL_I(3), SQL_I(1), SQL_I(8), SQL_I(4)), &f, e),
                         RC_OK);
        ck_assert_int_eq(f.n, 4);
        ck_assert_int_eq(f.ids[0], 8);
        ck_assert_int_eq(f.ids[3], 5);
    }
    return RC_OK;
}

START_TEST(arguments_reach_their_fragments)
{
    struct err e = {0};
    ck_assert_int_eq(sql_tx(r.db, insert_ten, NULL, &e), RC_OK);
    ck_assert_msg(sql_read(r.db, find_all_ways, NULL, &e) == RC_OK, "%s", e.detail);
}
END_TEST

/* The n-th combination: the digits of n in base 2 as fragments. */
static struct sql_list combination(int n)
{
    struct sql_list l = {FX_ITEMS, {0}, 0};
    for (int bit = 0; bit < 8; bit++)
        l.fragments[l.n_fragments++] = n >> bit & 1 ? FX_ITEMS_ANY : FX_ITEMS_NAMED;
    return l;
}

static int combination_args(const struct sql_list *l, struct sql_val *v)
{
    int n = 0;
    v[n++] = SQL_I(0);
    for (int i = 0; i < l->n_fragments; i++)
        if (l->fragments[i] == FX_ITEMS_NAMED)
            v[n++] = SQL_T("item 7");
    return n;
}

static enum rc open_many(struct sql *q, void *arg, struct err *e)
{
    enum { N = 200 }; /* more at once than the cache holds */
    static struct sql_cur cursors[N];
    struct sql_val v[16];
    (void)arg;
    for (int i = 0; i < N; i++) {
        struct sql_list l = combination(i);
        int n = combination_args(&l, v);
        sql_begin_list(q, &cursors[i], &l, (struct sql_args){v, n});
        ck_assert(sql_next(&cursors[i]));
    }
    for (int i = 0; i < N; i++) {
        if (combination(i).fragments[0] == FX_ITEMS_NAMED)
            ck_assert_int_eq(sql_i64(&cursors[i]), 7);
        ck_assert_int_eq(sql_end(&cursors[i], e), RC_OK);
    }
    return RC_OK;
}

START_TEST(more_combinations_than_the_cache_holds)
{
    struct err e = {0};
    ck_assert_int_eq(sql_tx(r.db, insert_ten, NULL, &e), RC_OK);
    for (int round = 0; round < 2; round++)
        ck_assert_msg(sql_read(r.db, open_many, NULL, &e) == RC_OK, "%s", e.detail);
}
END_TEST

static enum rc misuse(struct sql *q, void *arg, struct err *e)
{
    struct sql_cur c, d;
    struct sql_list l = {FX_ITEMS, {FX_ITEMS_NAMED}, 1};
    switch (*(int *)arg) {
    case 0: /* the fragment's argument is missing */
        sql_begin_list(q, &c, &l, SQL_ARGS(SQL_I(0)));
        break;
    case 1: /* of another letter */
        sql_begin_list(q, &c, &l, SQL_ARGS(SQL_I(0), SQL_I(0)));
        break;
    case 2: /* the same combination twice */
        sql_begin_list(q, &c, &l, SQL_ARGS(SQL_I(0), SQL_T("x")));
        sql_begin_list(q, &d, &l, SQL_ARGS(SQL_I(0), SQL_T("x")));
        break;
    case 3: /* a statement as a fragment */
        l.fragments[0] = FX_ITEM_COUNT;
        sql_begin_list(q, &c, &l, SQL_ARGS(SQL_I(0)));
        break;
    default: /* more fragments than the limit */
        l.n_fragments = LIMIT_SQL_FRAGMENTS + 1;
        sql_begin_list(q, &c, &l, SQL_ARGS(SQL_I(0)));
    }
    return sql_end(&c, e);
}
#define MISUSES 5

START_TEST(misuse_is_a_bug)
{
    struct err e;
    (void)!sql_read(r.db, misuse, &_i, &e);
}
END_TEST

Suite *t_list_suite(void)
{
    TCase *t;
    Suite *s = suite_of("list", &t);
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, renumbers_arguments_and_leaves_quoted_text);
    tcase_add_test(t, renumbers_beyond_nine);
    tcase_add_test(t, arguments_reach_their_fragments);
    tcase_add_test(t, more_combinations_than_the_cache_holds);
    tcase_add_loop_test_raise_signal(t, misuse_is_a_bug, SIGABRT, 0, MISUSES);
    return s;
}
