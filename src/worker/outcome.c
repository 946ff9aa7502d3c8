#include "worker/outcome.h"

#include "core/id.h"

#include <stdlib.h>

int64_t worker_backoff_ms(int64_t first_ms, int64_t max_ms, int64_t attempt)
{
    int64_t delay_ms = first_ms;
    for (int64_t i = 0; i < attempt && delay_ms < max_ms; i++)
        delay_ms *= 2;
    if (delay_ms > max_ms)
        delay_ms = max_ms;
    int64_t jitter_ms = delay_ms / 10;
    return delay_ms - jitter_ms + (jitter_ms > 0 ? id_new() % (2 * jitter_ms + 1) : 0);
}

struct refund_news outcome_news(const struct worker *w, const struct flight *f,
                                enum refund_event event, int64_t now_ms)
{
    const struct config *c = &w->app->config;
    const struct gw_outcome *o = &f->outcome;
    struct refund_news news = {
        .actor = "worker",
        .gateway_ref = o->ref,
        .arn = o->arn,
        .error_code = o->error_code,
        .error_message = o->error_message,
        .words = o->words,
        .detail = f->detail,
        .processed_at_ms = o->processed_at_ms,
        .due_ms = now_ms,
    };
    switch (event) {
    case EVENT_NOT_SENT:
    case EVENT_LOW_BALANCE:
        news.attempt = f->job.attempt + 1;
        news.due_ms += worker_backoff_ms(c->retry_first_ms, c->retry_max_ms, f->job.attempt);
        break;
    case EVENT_ACCEPTED:
    case EVENT_UNKNOWN:
        news.attempt = f->job.attempt + 1;
        news.due_ms += worker_backoff_ms(c->inquire_first_ms, c->inquire_max_ms, f->job.attempt);
        break;
    default: /* at once, counted from the start */
        break;
    }
    return news;
}
