/*
 * The API without a web server: the refund room's shop, an API key, and calls through web_dispatch.
 */
#ifndef TESTS_API_RIG_H
#define TESTS_API_RIG_H

#include "api/api.h"
#include "support/suite.h"
#include "tests/refund/shop.h"
#include "web/double.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))
#define RIG_KEY      "test-key-of-the-shop"

extern struct double_app rig;

/* A checked fixture: shop_open() and a key with all scopes. */
void rig_open(void);
void rig_close(void);

struct rig_answer {
    int status;
    const char *body;
    struct reply reply;
};
/* With RIG_KEY; a NULL body is none. More headers: double_header(). */
struct req *rig_request(const char *method, const char *target, const char *content_type,
                        const char *body);
struct rig_answer rig_send(struct req *r);
/* `version` may be NULL; a NULL body is none. */
struct rig_answer rig_call(const char *method, const char *target, const char *version,
                           const char *content_type, const char *body);
struct rig_answer rig_post(const char *target, const char *form);
struct rig_answer rig_json(const char *target, const char *json);
struct rig_answer rig_get(const char *target);

/* A member of an answer by its path, "error_info.cause", "refunds.0.amount": its JSON text without
 * the quotes of a string; NULL when absent, "null" for null. CHECKs that the answer is JSON. */
const char *rig_member(const struct rig_answer *answer, const char *path);

suite_fn t_beneficiaries_suite;
suite_fn t_conformance_suite;
suite_fn t_errors_suite;
suite_fn t_faces_suite;
suite_fn t_hooks_suite;
suite_fn t_lists_suite;
suite_fn t_once_suite;
suite_fn t_openapi_suite;
suite_fn t_order_fields_suite;
suite_fn t_order_update_suite;
suite_fn t_orders_suite;
suite_fn t_payout_refunds_suite;
suite_fn t_refund_actions_suite;
suite_fn t_refunds_suite;
suite_fn t_routes_suite;

#endif
