#include "api/api.h"
#include "api/errors.h"
#include "core/limits.h"

static const struct route ROUTES[] = {
    {.method = "GET", .path = "/healthz", .auth = AUTH_NONE, .handler = api_health},
    {.method = "POST",
     .path = "/orders",
     .auth = AUTH_KEY,
     .scope = SCOPE_INTAKE,
     .body_limit = LIMIT_BODY_BYTES,
     .handler = api_order_create},
    {.method = "GET",
     .path = "/orders/{order_id}",
     .auth = AUTH_KEY,
     .scope = SCOPE_READ,
     .handler = api_order_get},
    {.method = "POST",
     .path = "/orders/{order_id}/refunds",
     .auth = AUTH_KEY,
     .scope = SCOPE_REFUND,
     .body_limit = LIMIT_BODY_BYTES,
     .handler = api_refund_create},
};

const struct web_program api_program = {
    .name = "api",
    .routes = ROUTES,
    .n_routes = sizeof ROUTES / sizeof ROUTES[0],
    .error = errors_reply,
};
