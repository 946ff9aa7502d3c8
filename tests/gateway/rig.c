#include "rig.h"
#include <check.h>

struct arena *a;

void rig_set_up(void)
{
    a = arena_new(64u << 20);
}

void rig_tear_down(void)
{
    arena_free(a);
}

struct http *opened(int64_t timeout_ms)
{
    struct http_options options = {.connect_timeout_ms = timeout_ms,
                                   .request_timeout_ms = timeout_ms,
                                   .allow_loopback_http = true};
    struct http *h;
    struct err e;

    CHECK(http_open(&h, &options, &e) == RC_OK);
    return h;
}

struct http_call post_to(const char *scheme, int port)
{
    return (struct http_call){.method = "POST",
                              .url = arena_printf(a, "%s://127.0.0.1:%d/v1/x", scheme, port),
                              .headers = {"Content-Type: application/json", "Idempotency-Key: k1"},
                              .n_headers = 2,
                              .body = "{\"amount\":1}",
                              .body_n = 12};
}

struct http_result finish(struct http *h)
{
    struct http_result r;
    void *tag = NULL;
    bool woken;

    while (!http_finished(h, a, &r, &tag))
        http_poll(h, -1, PATIENT_MS, &woken);
    ck_assert_ptr_eq(tag, a);
    return r;
}

struct http_result call_with(struct http *h, const struct http_call *call)
{
    struct err e = {0};

    ck_assert_msg(http_start(h, call, a, &e) == RC_OK, "%s %s", e.text, e.detail);
    return finish(h);
}

struct http_result played(struct server *s, struct server_step step, int64_t timeout_ms)
{
    struct http *h = opened(timeout_ms);
    struct http_call call;
    struct http_result r;

    server_start(s, &step, 1);
    call = post_to("http", s->port);
    r = call_with(h, &call);
    http_close(h);
    server_stop(s);
    return r;
}
