#include "portal/refund_kind.h"

/* In the order of enum refund_tab. */
static const struct list_choice tabs[] = {
    {"", "All"},
    {"awaiting", "Awaiting approval"},
    {"pending", "Pending"},
    {"success", "Success"},
    {"failure", "Failure"},
    {"manual_review", "Manual Review"},
    {NULL, NULL},
};

static const struct list_choice reasons[] = {
    {"", "Any"},
    {"CANCELLATION", "Cancellation"},
    {"PARTIAL_CANCELLATION", "Partial cancellation"},
    {"PRODUCT_OR_SERVICE_NOT_DELIVERED", "Product or service not delivered"},
    {"UNSATISFACTORY_PRODUCT_OR_SERVICE", "Unsatisfactory product or service"},
    {"GOODWILL", "Goodwill"},
    {"WAIVER", "Waiver"},
    {"TECHNICAL_ISSUES", "Technical issues"},
    {"OFFER_OR_SUBSCRIPTION_ISSUES", "Offer or subscription issues"},
    {"DUPLICATE_PAYMENT", "Duplicate payment"},
    {"DELAYED_SUCCESS", "Delayed success"},
    {NULL, NULL},
};

static const struct list_filter filters[] = {
    {"gateway", "Gateway", FILTER_TEXT, NULL, "RAZORPAY"},
    {"by", "Created by", FILTER_TEXT, NULL, "API, or a user's name"},
    {"reason", "Reason", FILTER_CHOICE, reasons, NULL},
};

const struct list_kind refund_kind = {
    .path = "/refunds",
    .tabs = tabs,
    .filters = filters,
    .n_filters = sizeof filters / sizeof filters[0],
};

struct refund_filter refund_kind_filter(const struct list_view *v, int64_t merchant)
{
    return (struct refund_filter){
        .merchant = merchant,
        .tab = (enum refund_tab)v->tab,
        .from_ms = v->from_ms,
        .before_ms = v->before_ms,
        .currency = v->currency,
        .least_minor = v->least_minor,
        .most_minor = v->most_minor,
        .gateway = list_value(v, "gateway"),
        .initiated_by = list_value(v, "by"),
        .reason = list_value(v, "reason"),
    };
}
