#include "targets.h"

#include "core/json.h"
#include "core/money.h"
#include "core/str.h"
#include "gateway/hook.h"
#include "gateway/hook_verify.h"
#include "refund/order_news.h"
#include "worker/news_hook.h"

#include <string.h>

static void check_event(const struct hook_event *ev)
{
    CHECK(ev->n_refunds >= 0 && ev->n_refunds <= HOOK_MAX_REFUNDS);
    CHECK(ev->amount_minor >= -1 && ev->amount_minor <= MONEY_MAX_MINOR);
    for (int i = 0; i < ev->n_refunds; i++)
        CHECK(ev->refunds[i].amount_minor <= MONEY_MAX_MINOR);
}

/* On as the worker reads it: in the vendor's shape. */
static void check_told(struct arena *a, const struct hook_event *ev)
{
    struct intake_fault faults[INTAKE_MAX_FAULTS];
    struct order_news *news = NULL;
    struct err e = {0};
    int n = 0;
    CHECK(order_news_read_gateway(a, news_hook_order(a, ev), ev->at_ms, &news, faults, &n, &e) ==
          RC_OK);
    CHECK(n >= 0 && n <= INTAKE_MAX_FAULTS && (n > 0 || news != NULL));
}

/* One body for all the gateways. */
void fuzz_hook(struct arena *a, const char *text, size_t n)
{
    static const char *const sources[] = {"razorpay", "stripe"};
    struct json_object *body;
    struct err e = {0};
    if (json_read(a, text, n, &body, &e) != RC_OK || body == NULL)
        return;
    for (int i = 0; i < 2; i++) {
        struct hook_event ev = {.amount_minor = -1};
        enum rc rc = hook_parser_find(sources[i])(a, body, &ev, &e);
        CHECK(rc == RC_OK || rc == RC_INVALID);
        if (rc != RC_OK || ev.is_ignored)
            continue;
        check_event(&ev);
        check_told(a, &ev);
    }
}

/* The header's line, then the body: nobody guesses a signature. */
void fuzz_signature(struct arena *a, const char *text, size_t n)
{
    static const char *const sources[] = {"razorpay", "stripe"};
    static const char secret[] = "a secret that is not in any corpus";
    const char *line = memchr(text, '\n', n);
    size_t head = line != NULL ? (size_t)(line - text) : n;
    const struct hook_message m = {.signature = arena_strndup(a, text, head),
                                   .body = text + head,
                                   .body_n = n - head,
                                   .now_ms = INT64_C(1762705195000)};
    for (int i = 0; i < 2; i++)
        CHECK(!hook_scheme_find(sources[i])->verify(&m, secret, sizeof secret - 1));
}
