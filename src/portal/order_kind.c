#include "portal/order_kind.h"

#include "core/clock.h"

/* In the order of enum order_tab. */
static const struct list_choice tabs[] = {
    {"", "All"},
    {"charged", "Charged"},
    {"auto_refunded", "Auto refunded"},
    {"pending", "Pending"},
    {"cod", "Cash on delivery"},
    {"unsuccessful", "Unsuccessful"},
    {NULL, NULL},
};

static const struct list_choice statuses[] = {
    {"", "Any"},
    {"NEW", "New"},
    {"STARTED", "Started"},
    {"CHARGED", "Charged"},
    {"PARTIAL_CHARGED", "Partial charged"},
    {"AUTO_REFUNDED", "Auto refunded"},
    {"PENDING_VBV", "Pending VBV"},
    {"VBV_SUCCESSFUL", "VBV successful"},
    {"AUTHORIZING", "Authorizing"},
    {"AUTHORIZED", "Authorized"},
    {"CAPTURE_INITIATED", "Capture initiated"},
    {"VOID_INITIATED", "Void initiated"},
    {"COD_INITIATED", "COD initiated"},
    {"JUSPAY_DECLINED", "Declined"},
    {"AUTHENTICATION_FAILED", "Authentication failed"},
    {"AUTHORIZATION_FAILED", "Authorization failed"},
    {"CAPTURE_FAILED", "Capture failed"},
    {"VOIDED", "Voided"},
    {"VOID_FAILED", "Void failed"},
    {NULL, NULL},
};

static const struct list_filter filters[] = {
    {"status", "Status", FILTER_CHOICE, statuses, NULL},
    {"gateway", "Gateway", FILTER_TEXT, NULL, "RAZORPAY"},
    {"method", "Payment method", FILTER_TEXT, NULL, "CARD, VISA, UPI"},
    {"customer", "Customer", FILTER_TEXT, NULL, "id, e-mail, phone"},
    {"udf", "UDF value", FILTER_TEXT, NULL, "a whole value"},
    {"refundable", "Refundable only", FILTER_FLAG, NULL, NULL},
    {"conflicted", "Conflicted only", FILTER_FLAG, NULL, NULL},
    {"multiple", "Multiple charged only", FILTER_FLAG, NULL, NULL},
};

const struct list_kind order_kind = {
    .path = "/orders",
    .tabs = tabs,
    .filters = filters,
    .n_filters = sizeof filters / sizeof filters[0],
};

struct order_filter order_kind_filter(const struct list_view *v, const struct merchant *m)
{
    int64_t oldest_ms = v->req->now_ms - m->order_age_days * CLOCK_DAY_MS;
    return (struct order_filter){
        .merchant = m->id,
        .tab = (enum order_tab)v->tab,
        .status = list_value(v, "status"),
        .from_ms = v->from_ms,
        .before_ms = v->before_ms,
        .currency = v->currency,
        .least_minor = v->least_minor,
        .most_minor = v->most_minor,
        .gateway = list_value(v, "gateway"),
        .method = list_value(v, "method"),
        .customer = list_value(v, "customer"),
        .udf = list_value(v, "udf"),
        .conflicted = list_value(v, "conflicted") != NULL,
        .multiple = list_value(v, "multiple") != NULL,
        .refundable_since_ms = list_value(v, "refundable") != NULL ? oldest_ms : 0,
    };
}
