/*
 * News as the vendor's payment system sends them, for tests: the sample order object of its Refund
 * Order API with some members exchanged.
 */
#ifndef REFUND_TOLD_H
#define REFUND_TOLD_H

#include "refund/order_news.h"

/* A member of the order object, "txn_detail.status" for an inner one, and its new JSON; NULL takes
 * it away. */
struct told_member {
    const char *path, *json;
};

/* The sample (order JP1636474794, 1 INR, CHARGED, one PENDING refund) with these members. */
struct json_object *told_order(const struct told_member *members, int n);
#define TOLD(...)                                  \
    told_order(                                    \
        (const struct told_member[]){__VA_ARGS__}, \
        (int)(sizeof((const struct told_member[]){__VA_ARGS__}) / sizeof(struct told_member)))
/* In the envelope of a webhook. */
struct json_object *told_envelope(const char *event_name, const char *date_created,
                                  struct json_object *order);

/* Reads and applies it in a transaction of its own; told_why says why not. */
extern const char *told_why;
enum order_news_end told_apply(struct json_object *told);
enum order_news_end told_apply_imported(struct json_object *told);
/* What a gateway's own webhook says. */
enum order_news_end told_apply_gateway(struct json_object *told, int64_t at_ms);
void told_refuses_gateway(struct json_object *told, int64_t at_ms, enum rc rc);
/* Read, and nothing wrong with it. */
const struct order_news *told_read(struct json_object *told, bool gateway, int64_t at_ms);
/* The first fault of a reading that must be refused, "field: reason". */
const char *told_fault(struct json_object *told);
/* GET /orders/{order_id} after all that. */
struct json_object *told_body(const char *order_id);

#endif
