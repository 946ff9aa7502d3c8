#include "worker/rig.h"
#include "sql/ops.h"
#include "support/suite.h"
#include <string.h>

struct worker rig_worker;

void rig_open(void)
{
    sql_use_ops(sql_fault_ops(&sql_ops_sqlite));
    shop_open();
    shop.config.lease_ms = 90000;
    shop.config.retry_first_ms = 5000;
    shop.config.retry_max_ms = 900000;
    shop.config.inquire_first_ms = 10000;
    shop.config.inquire_max_ms = 3600000;
    shop.config.absent_after_ms = 60000;
    shop.config.review_after_ms = 10 * CLOCK_DAY_MS;
    shop.config.approval_expires_ms = 7 * CLOCK_DAY_MS;
    shop.config.simulator_url = "http://127.0.0.1:1";
    rig_worker = (struct worker){.app = &shop, .wake_fd = -1};
    rig_worker.scratch = arena_new(1u << 20);
}

void rig_close(void)
{
    arena_free(rig_worker.scratch);
    shop_close();
    sql_use_ops(NULL);
}

struct flight *rig_claim(void)
{
    struct turn t = {.limit = LIMIT_WORKER_CLAIM};
    worker_turn(&rig_worker, &t);
    ck_assert_int_le(t.n_launch, 1);
    return t.n_launch == 1 ? t.launch[0] : NULL;
}

void rig_answer(struct flight *f, enum http_end end, int status, const char *body)
{
    const struct http_result r = {
        .end = end, .status = status, .body = body, .body_n = strlen(body), .detail = "test"};
    struct turn t = {.finished = &f, .n_finished = 1};
    f->kind->parse(f, &r);
    worker_turn(&rig_worker, &t);
}

void rig_is_state(int64_t refund, const char *state)
{
    ck_assert_str_eq(shop_refund(refund).state, state);
}

void rig_later(int64_t ms)
{
    shop.clock.fixed_ms += ms;
}
