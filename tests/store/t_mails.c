#include "core/id.h"
#include "core/limits.h"
#include "core/str.h"
#include "desk.h"
#include "store/mails.h"
#include "store/users.h"
#include "support/suite.h"

#define LEASE_MS 1000

struct asked {
    struct mail mail, *rows;
    int64_t now_ms, due_ms;
    bool found;
    int count, limit;
    enum module module;
    enum right right;
    const char *kind;
    const char **addresses;
    struct user user;
    struct mail_choice choice;
};

static enum rc put(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return mails_put(q, &x->mail, e);
}

static enum rc claim(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return mails_claim(q, desk.arena, x->now_ms, LEASE_MS, &x->mail, &x->found, e);
}

static enum rc tried(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return mails_tried(q, &x->mail, e);
}

static enum rc next_due(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return mails_next_due(q, &x->due_ms, e);
}

static enum rc list(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return mails_list(q, desk.arena, desk.merchant, x->limit, &x->rows, &x->count, e);
}

static enum rc readers(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return mails_readers(q, desk.arena, desk.merchant, x->kind, x->module, x->right, &x->addresses,
                         &x->count, e);
}

static enum rc add_user(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    enum rc rc = users_insert(q, &x->user, e);
    return rc == RC_OK ? mails_choose(q, x->user.id, &x->choice, e) : rc;
}

static enum rc choose(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return mails_choose(q, x->user.id, &x->choice, e);
}

static enum rc choice(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return mails_choice(q, desk.arena, x->user.id, &x->choice, e);
}

static void put_mail(const char *occasion, const char *address, int64_t due_ms)
{
    struct asked x = {.mail = {.merchant = desk.merchant,
                               .kind = "k",
                               .occasion = occasion,
                               .address = address,
                               .facts = "{\"a\":1}",
                               .due_ms = due_ms,
                               .created_ms = due_ms}};
    desk_write(put, &x);
}

static struct asked claimed(int64_t now_ms)
{
    struct asked x = {.now_ms = now_ms};
    desk_write(claim, &x);
    return x;
}

START_TEST(one_mail_for_each_occasion_and_address)
{
    struct asked x = {.limit = LIMIT_MAILS_SHOWN};
    put_mail("o/1", "a@b.example", 10);
    put_mail("o/1", "a@b.example", 20);
    put_mail("o/1", "c@b.example", 30);
    put_mail("o/2", "a@b.example", 40);
    desk_look(list, &x);
    ck_assert_int_eq(x.count, 3);
    ck_assert_str_eq(x.rows[0].occasion, "o/2");
    ck_assert_int_eq(x.rows[2].due_ms, 10);
    ck_assert_str_eq(x.rows[2].state, "WAITING");
    ck_assert_str_eq(x.rows[2].facts, "{\"a\":1}");
    x.limit = 2;
    desk_look(list, &x);
    ck_assert_int_eq(x.count, 2);
}
END_TEST

START_TEST(the_newest_are_listed_up_to_their_limit)
{
    struct asked x = {.limit = LIMIT_MAILS_SHOWN};
    for (int i = 0; i <= LIMIT_MAILS_SHOWN; i++)
        put_mail(arena_printf(desk.arena, "o/%d", i), "a@b.example", i);
    desk_look(list, &x);
    ck_assert_int_eq(x.count, LIMIT_MAILS_SHOWN);
    ck_assert_int_eq(x.rows[0].created_ms, LIMIT_MAILS_SHOWN);
    ck_assert_int_eq(x.rows[LIMIT_MAILS_SHOWN - 1].created_ms, 1);
}
END_TEST

START_TEST(a_claim_is_a_lease_with_a_fence)
{
    put_mail("o/1", "late@b.example", 20);
    put_mail("o/2", "early@b.example", 10);
    ck_assert(!claimed(9).found);
    struct asked first = claimed(20), second = claimed(21);
    ck_assert_str_eq(first.mail.address, "early@b.example");
    ck_assert_str_eq(second.mail.address, "late@b.example");
    ck_assert(!claimed(20 + LEASE_MS - 1).found);
    struct asked again = claimed(20 + LEASE_MS);
    ck_assert(again.found && again.mail.id == first.mail.id);
    ck_assert_int_eq(again.mail.fence, first.mail.fence + 1);
    first.mail.state = "SENT";
    desk_refuses(tried, &first, RC_CONFLICT);
}
END_TEST

START_TEST(what_came_of_it_is_kept)
{
    struct asked x = {.limit = 1};
    put_mail("o/1", "a@b.example", 10);
    desk_look(next_due, &x);
    ck_assert_int_eq(x.due_ms, 10);
    x.mail = claimed(10).mail;
    x.mail.attempts = 1;
    x.mail.due_ms = 500;
    x.mail.said = "451 later";
    desk_write(tried, &x);
    desk_look(next_due, &x);
    ck_assert_int_eq(x.due_ms, 500);
    ck_assert(!claimed(499).found);
    x.mail = claimed(500).mail;
    ck_assert_str_eq(x.mail.said, "451 later");
    ck_assert_int_eq(x.mail.attempts, 1);
    x.mail.state = "SENT";
    x.mail.sent_ms = 501;
    desk_write(tried, &x);
    desk_refuses(tried, &x, RC_CONFLICT); /* once */
    desk_look(next_due, &x);
    ck_assert_int_eq(x.due_ms, INT64_MAX);
    ck_assert(!claimed(INT64_C(1) << 60).found);
    desk_look(list, &x);
    ck_assert_str_eq(x.rows[0].state, "SENT");
    ck_assert_int_eq(x.rows[0].sent_ms, 501);
}
END_TEST

static int64_t put_user(const char *name, const char *role, const char *email, const char *kind,
                        bool disabled)
{
    struct asked x = {.user = {.id = id_new(),
                               .merchant = desk.merchant,
                               .name = name,
                               .password_hash = "h",
                               .role = role,
                               .disabled = disabled,
                               .created_ms = 1},
                      .choice = {.email = email, .kinds = &kind, .n_kinds = 1}};
    ck_assert(users_role_rights(role, x.user.rights));
    desk_write(add_user, &x);
    return x.user.id;
}

START_TEST(readers_have_chosen_may_read_and_have_an_address)
{
    static const struct {
        enum module module;
        enum right right;
        int count;
        const char *first;
    } cases[] = {
        {MODULE_REFUNDS, RIGHT_READ, 3, "admin@b.example"},
        {MODULE_REFUNDS, RIGHT_WRITE, 2, "admin@b.example"},
        {MODULE_ORDERS, RIGHT_WRITE, 1, "admin@b.example"},
        {MODULE_APPROVALS, RIGHT_READ, 1, "admin@b.example"},
        {MODULE_SETTINGS, RIGHT_READ, 1, "admin@b.example"},
        {MODULE_USERS, RIGHT_WRITE, 1, "admin@b.example"},
        {MODULE_AUDIT, RIGHT_READ, 1, "admin@b.example"},
    };
    put_user("a", "admin", "admin@b.example", "k", false);
    put_user("m", "maker", "maker@b.example", "k", false);
    put_user("v", "viewer", "viewer@b.example", "k", false);
    put_user("gone", "admin", "gone@b.example", "k", true);
    put_user("mute", "admin", NULL, "k", false);
    put_user("other", "admin", "other@b.example", "other", false);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct asked x = {.kind = "k", .module = cases[i].module, .right = cases[i].right};
        desk_look(readers, &x);
        ck_assert_int_eq(x.count, cases[i].count);
        ck_assert_str_eq(x.addresses[0], cases[i].first);
    }
}
END_TEST

START_TEST(a_choice_replaces_the_one_before)
{
    const char *kinds[] = {"b", "a", "b"};
    struct asked x = {.user.id = put_user("a", "admin", NULL, "k", false)};
    x.choice = (struct mail_choice){.email = "a@b.example", .kinds = kinds, .n_kinds = 3};
    desk_write(choose, &x);
    desk_look(choice, &x);
    ck_assert_str_eq(x.choice.email, "a@b.example");
    ck_assert_int_eq(x.choice.n_kinds, 2);
    ck_assert(str_eq(x.choice.kinds[0], "a") && str_eq(x.choice.kinds[1], "b"));
    x.choice = (struct mail_choice){.email = NULL};
    desk_write(choose, &x);
    desk_look(choice, &x);
    ck_assert(x.choice.email == NULL && x.choice.n_kinds == 0);
    x.user.id = 1;
    desk_refuses(choose, &x, RC_NOT_FOUND);
    desk_refuses(choice, &x, RC_NOT_FOUND);
}
END_TEST

START_TEST(a_choice_is_read_up_to_its_limit)
{
    const char *kinds[LIMIT_MAIL_KINDS + 1];
    struct asked x = {.user.id = put_user("a", "admin", NULL, "k", false)};
    for (int i = 0; i <= LIMIT_MAIL_KINDS; i++)
        kinds[i] = arena_printf(desk.arena, "k%d", i);
    x.choice = (struct mail_choice){.kinds = kinds, .n_kinds = LIMIT_MAIL_KINDS + 1};
    desk_write(choose, &x);
    desk_look(choice, &x);
    ck_assert_int_eq(x.choice.n_kinds, LIMIT_MAIL_KINDS);
}
END_TEST

suite_fn t_mails_suite;

Suite *t_mails_suite(void)
{
    TCase *t;
    Suite *s = suite_of("mails", &t);
    tcase_add_checked_fixture(t, desk_open, desk_close);
    tcase_add_test(t, one_mail_for_each_occasion_and_address);
    tcase_add_test(t, the_newest_are_listed_up_to_their_limit);
    tcase_add_test(t, a_claim_is_a_lease_with_a_fence);
    tcase_add_test(t, what_came_of_it_is_kept);
    tcase_add_test(t, readers_have_chosen_may_read_and_have_an_address);
    tcase_add_test(t, a_choice_replaces_the_one_before);
    tcase_add_test(t, a_choice_is_read_up_to_its_limit);
    return s;
}
