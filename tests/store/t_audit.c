#include "core/digest.h"
#include "core/id.h"
#include "desk.h"
#include "sql/queries.h"
#include "store/audit.h"
#include "support/suite.h"

struct chain {
    int64_t merchant;
    int64_t entries, broken_seq;
};

struct forged {
    int64_t seq;
    uint8_t hash[DIGEST_BYTES];
};

static enum rc add(struct sql *q, void *arg, struct err *e)
{
    const struct audit_entry *entry = arg;
    return audit_add(q, entry, e);
}

static enum rc verify(struct sql *q, void *arg, struct err *e)
{
    struct chain *c = arg;
    return audit_verify(q, desk.arena, c->merchant, &c->entries, &c->broken_seq, e);
}

/* A row that somebody wrote past audit_add(). */
static enum rc forge(struct sql *q, void *arg, struct err *e)
{
    struct forged *f = arg;
    return sql_exec(q, SQL_AUDIT_INSERT,
                    SQL_ARGS(SQL_I(id_new()), SQL_I(desk.merchant), SQL_I(f->seq), SQL_I(5),
                             SQL_T("maker"), SQL_T("refund.created"), SQL_T("s"), SQL_T("{}"),
                             SQL_B(f->hash, sizeof f->hash)),
                    NULL, e);
}

static enum rc set_head(struct sql *q, void *arg, struct err *e)
{
    struct forged *f = arg;
    return sql_exec(q, SQL_AUDIT_SET_HEAD,
                    SQL_ARGS(SQL_I(desk.merchant), SQL_I(f->seq), SQL_B(f->hash, sizeof f->hash)),
                    NULL, e);
}

static void write_entries(int count)
{
    for (int k = 0; k < count; k++) {
        struct audit_entry entry = {desk.merchant,    1000 + k, "maker",
                                    "refund.created", "ORD_1",  "{\"amount\":5}"};
        desk_write(add, &entry);
    }
}

static struct chain walk(void)
{
    struct chain c = {.merchant = desk.merchant};
    desk_look(verify, &c);
    return c;
}

START_TEST(an_empty_chain_is_whole)
{
    struct chain c = walk();
    ck_assert_int_eq(c.entries, 0);
    ck_assert_int_eq(c.broken_seq, 0);
}
END_TEST

START_TEST(each_entry_follows_the_last)
{
    write_entries(5);
    struct chain c = walk();
    ck_assert_int_eq(c.entries, 5);
    ck_assert_int_eq(c.broken_seq, 0);
}
END_TEST

START_TEST(finds_an_entry_with_a_wrong_hash)
{
    write_entries(3);
    struct forged f = {.seq = 4};
    desk_write(forge, &f);
    desk_write(set_head, &f);
    struct chain c = walk();
    ck_assert_int_eq(c.entries, 3);
    ck_assert_int_eq(c.broken_seq, 4);
}
END_TEST

START_TEST(finds_a_gap)
{
    write_entries(2);
    struct forged f = {.seq = 4};
    desk_write(forge, &f);
    ck_assert_int_eq(walk().broken_seq, 3);
}
END_TEST

START_TEST(finds_a_chain_that_was_cut)
{
    write_entries(2);
    struct forged f = {.seq = 3};
    desk_write(set_head, &f);
    ck_assert_int_eq(walk().broken_seq, 3);
}
END_TEST

START_TEST(finds_a_head_of_another_chain)
{
    write_entries(2);
    struct forged f = {.seq = 2, .hash = {1}};
    desk_write(set_head, &f);
    ck_assert_int_eq(walk().broken_seq, 3);
}
END_TEST

START_TEST(refuses_a_sequence_number_twice)
{
    write_entries(2);
    struct forged f = {.seq = 2};
    desk_refuses(forge, &f, RC_CONFLICT);
}
END_TEST

Suite *t_audit_suite(void);
Suite *t_audit_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("audit", &tc);
    tcase_add_checked_fixture(tc, desk_open, desk_close);
    tcase_add_test(tc, an_empty_chain_is_whole);
    tcase_add_test(tc, each_entry_follows_the_last);
    tcase_add_test(tc, finds_an_entry_with_a_wrong_hash);
    tcase_add_test(tc, finds_a_gap);
    tcase_add_test(tc, finds_a_chain_that_was_cut);
    tcase_add_test(tc, finds_a_head_of_another_chain);
    tcase_add_test(tc, refuses_a_sequence_number_twice);
    return s;
}
