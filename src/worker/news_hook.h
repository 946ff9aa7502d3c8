/*
 * What a gateway's webhook says, in the vendor's shape: so that all news are read by one reader.
 */
#ifndef WORKER_NEWS_HOOK_H
#define WORKER_NEWS_HOOK_H

#include "gateway/hook.h"

/* An order object with as much as the event tells; for order_news_read_gateway(). */
struct json_object *news_hook_order(struct arena *a, const struct hook_event *h);

#endif
