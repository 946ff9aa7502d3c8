#include "api/rig.h"
#include "core/str.h"
#include "store/audit.h"
#include "store/order_list.h"
#include <string.h>

static void make_new(const char *order_id, const char *more)
{
    const char *form = arena_printf(
        rig.arena, "order_id=%s&amount=100&customer_id=c&udf1=one&udf2=two%s", order_id, more);
    struct rig_answer a = rig_post("/orders", form);
    ck_assert_msg(a.status == 200, "%s", a.body);
}

START_TEST(amount_udf_and_address_change)
{
    make_new("Up", "&billing_address_city=Old&description=d");
    struct rig_answer a =
        rig_json("/orders/up", "{\"amount\":250.5,\"udf2\":\"zwei\",\"udf3\":\"drei\","
                               "\"billing_address_city\":\"New\",\"customer_id\":\"other\","
                               "\"description\":\"other\",\"currency\":\"USD\"}");
    ck_assert_msg(a.status == 200, "%s", a.body);
    static const char *const NOW[][2] = {
        {"amount", "250.5"},  {"effective_amount", "250.5"},
        {"udf1", "one"},      {"udf2", "zwei"},
        {"udf3", "drei"},     {"billing_address_city", "New"},
        {"customer_id", "c"}, {"description", "d"},
        {"currency", "INR"},  {"status", "NEW"},
        {"order_id", "Up"},
    };
    for (int i = 0; i < COUNT(NOW); i++)
        ck_assert_pstr_eq(rig_member(&a, NOW[i][0]), NOW[i][1]);
    ck_assert_str_eq(rig_get("/orders/Up").body, a.body);
}
END_TEST

static enum rc count_udf(struct sql *q, void *arg, struct err *e)
{
    const struct order_filter f = {.merchant = rig.merchant, .udf = arg};
    const struct list_page page = {.rows = 10};
    struct order_row *rows;
    int n;
    bool more;
    enum rc rc = order_list_page(q, rig.arena, &f, &page, &rows, &n, &more, e);
    ck_assert_int_eq(n, str_eq(arg, "two") ? 0 : 1);
    return rc;
}

START_TEST(new_words_find_it_and_old_ones_do_not)
{
    char found[][5] = {"one", "zwei", "two"};
    make_new("w", "");
    ck_assert_int_eq(rig_post("/orders/w", "udf2=zwei").status, 200);
    for (int i = 0; i < COUNT(found); i++)
        double_read(&rig, count_udf, found[i]);
}
END_TEST

static enum rc count_audit(struct sql *q, void *arg, struct err *e)
{
    int64_t entries = 0, broken = 0;
    enum rc rc = audit_verify(q, rig.arena, rig.merchant, &entries, &broken, e);
    *(int64_t *)arg = entries;
    return rc;
}

START_TEST(each_change_is_audited_and_no_change_is_not)
{
    int64_t before = 0, after = 0;
    make_new("a", "");
    double_read(&rig, count_audit, &before);
    ck_assert_int_eq(rig_post("/orders/a", "udf1=one&amount=100.00").status, 200);
    double_read(&rig, count_audit, &after);
    ck_assert_int_eq(before, after);
    ck_assert_int_eq(rig_post("/orders/a", "udf1=uno").status, 200);
    double_read(&rig, count_audit, &after);
    ck_assert_int_eq(before + 1, after);
}
END_TEST

struct refused {
    const char *body, *field;
};
static const struct refused REFUSED[] = {
    {"amount=0", "amount"},   {"amount=", "amount"},          {"amount=1.005", "amount"},
    {"amount=1e3", "amount"}, {"order_id=other", "order_id"},
};

START_TEST(a_bad_change_names_its_field_and_changes_nothing)
{
    make_new("bad", "");
    const char *before = rig_get("/orders/bad").body;
    struct rig_answer a = rig_post("/orders/bad", REFUSED[_i].body);
    ck_assert_int_eq(a.status, 400);
    ck_assert_str_eq(rig_member(&a, "error_code"), "INVALID_REQUEST");
    ck_assert_str_eq(rig_member(&a, "error_info.fields.0.field_name"), REFUSED[_i].field);
    ck_assert_str_eq(rig_get("/orders/bad").body, before);
}
END_TEST

START_TEST(all_that_is_wrong_is_listed)
{
    char *form =
        arena_printf(rig.arena, "amount=x&udf1=%0256d&shipping_address_line1=%0256d", 1, 1);
    make_new("all", "");
    struct rig_answer a = rig_post("/orders/all", form);
    ck_assert_int_eq(a.status, 400);
    static const char *const FIELDS[] = {"amount", "udf1", "shipping_address_line1"};
    for (int i = 0; i < COUNT(FIELDS); i++)
        ck_assert_ptr_nonnull(
            strstr(a.body, arena_printf(rig.arena, "\"field_name\":\"%s\"", FIELDS[i])));
}
END_TEST

START_TEST(the_amount_is_fixed_once_it_is_paid)
{
    shop_add((struct shop_order){.order_id = "paid"});
    struct rig_answer a = rig_post("/orders/paid", "amount=5");
    ck_assert_int_eq(a.status, 400);
    ck_assert_str_eq(rig_member(&a, "error_info.fields.0.field_name"), "amount");
    a = rig_post("/orders/paid", "amount=1000&udf1=new");
    ck_assert_msg(a.status == 200, "%s", a.body);
    ck_assert_str_eq(rig_member(&a, "udf1"), "new");
    ck_assert_str_eq(rig_member(&a, "status"), "CHARGED");
}
END_TEST

START_TEST(an_unknown_order_is_404)
{
    struct rig_answer a = rig_post("/orders/none", "udf1=a");
    ck_assert_int_eq(a.status, 404);
    ck_assert_str_eq(rig_member(&a, "status"), "NOT_FOUND");
    ck_assert_int_eq(rig_post("/order/update", "udf1=a&order_id=none").status, 404);
    ck_assert_int_eq(rig_post("/order/update", "udf1=a").status, 400);
}
END_TEST

START_TEST(the_older_alias_takes_the_id_from_the_body)
{
    make_new("alias", "");
    struct rig_answer a = rig_post("/order/update", "order_id=alias&amount=7");
    ck_assert_msg(a.status == 200, "%s", a.body);
    ck_assert_str_eq(rig_member(&a, "amount"), "7");
}
END_TEST

Suite *t_order_update_suite(void)
{
    TCase *t;
    Suite *s = suite_of("order_update", &t);
    tcase_add_checked_fixture(t, rig_open, rig_close);
    tcase_add_test(t, amount_udf_and_address_change);
    tcase_add_test(t, new_words_find_it_and_old_ones_do_not);
    tcase_add_test(t, each_change_is_audited_and_no_change_is_not);
    tcase_add_loop_test(t, a_bad_change_names_its_field_and_changes_nothing, 0, COUNT(REFUSED));
    tcase_add_test(t, all_that_is_wrong_is_listed);
    tcase_add_test(t, the_amount_is_fixed_once_it_is_paid);
    tcase_add_test(t, an_unknown_order_is_404);
    tcase_add_test(t, the_older_alias_takes_the_id_from_the_body);
    return s;
}
