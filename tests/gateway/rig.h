/*
 * The transport under test and its calls, for the tests of http.c.
 */
#ifndef TEST_GATEWAY_RIG_H
#define TEST_GATEWAY_RIG_H

#include "gateway/http.h"
#include "server.h"

#define OK_HEAD      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
#define OK_WHOLE     OK_HEAD "Content-Length: 2\r\n\r\n{}"
#define PATIENT_MS   20000
#define IMPATIENT_MS 600

/* The test's arena, from rig_set_up to rig_tear_down. */
extern struct arena *a;
void rig_set_up(void);
void rig_tear_down(void);

struct http *opened(int64_t timeout_ms);
struct http_call post_to(const char *scheme, int port);
/* Polls until the one call, tagged `a`, is finished. */
struct http_result finish(struct http *h);
struct http_result call_with(struct http *h, const struct http_call *call);
/* One POST to a server that plays one step. */
struct http_result played(struct server *s, struct server_step step, int64_t timeout_ms);

#endif
