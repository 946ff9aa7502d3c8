#include "api/hook.h"

#include "core/digest.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"
#include "refund/mask.h"
#include "store/news.h"

#include <string.h>

struct keep {
    struct news news;
    bool heard;
};

static enum rc keep_fn(struct sql *q, void *arg, struct err *e)
{
    struct keep *k = arg;
    return news_put(q, &k->news, &k->heard, e);
}

static bool is_usable(const char *event_id)
{
    return !str_empty(event_id) && strlen(event_id) <= LIMIT_EVENT_ID &&
           str_printable_ascii(event_id);
}

/* The vendor's and Stripe's events carry their id in the body. */
static const char *own_id(struct arena *a, struct json_object *body)
{
    bool is_event = json_has(body, "content") || json_has(body, "data");
    return is_event ? json_text(a, body, "id") : NULL;
}

enum rc hook_keep(struct req *r, struct reply *p, int64_t merchant, const char *source,
                  struct err *e)
{
    struct json_object *body = NULL;
    struct keep k = {0};
    enum rc rc = json_read(r->arena, r->body, r->body_n, &body, e);
    if (rc != RC_OK)
        return rc == RC_TOO_LARGE ? ERR(e, RC_INVALID, "The JSON is nested or divided too much.",
                                        "webhook of %zu bytes", r->body_n)
                                  : rc;
    if (!json_object_is_type(body, json_type_object))
        return ERR(e, RC_INVALID, "The body must be a JSON object.", "webhook from %s", source);
    const char *event_id = own_id(r->arena, body);
    if (!is_usable(event_id))
        event_id = digest_sha256_hex(r->arena, r->body, r->body_n);
    k.news = (struct news){.merchant = merchant,
                           .source = source,
                           .event_id = event_id,
                           .body = json_write(r->arena, mask_tree(r->arena, body)),
                           .received_ms = r->now_ms};
    rc = sql_tx(r->app->db, keep_fn, &k, e);
    if (rc != RC_OK)
        return rc;
    if (!k.heard)
        app_wake_worker(r->app);
    reply_json(p, 200, "{\"status\":\"ok\"}");
    return RC_OK;
}
