#include "portal/portal.h"
#include "portal/shell.h"

#include "core/limits.h"

enum { FORM_AMOUNT_BYTES = 64, PAGE_KEY_BYTES = 64, NEXT_BYTES = 1024, USER_NAME_BYTES = 200 };

static const struct web_field login_fields[] = {
    {"name", USER_NAME_BYTES, 0},
    {"password", LIMIT_PASSWORD_BYTES, 0},
    {"next", NEXT_BYTES, 0},
    {NULL, 0, 0},
};

static const struct web_field list_fields[] = {
    {"q", LIMIT_ORDER_ID, 0},
    {"after", PAGE_KEY_BYTES, 0},
    {"before", PAGE_KEY_BYTES, 0},
    {"gateway", LIMIT_FILTER_BYTES, 0},
    {"method", LIMIT_FILTER_BYTES, 0},
    {"by", LIMIT_FILTER_BYTES, 0},
    {"customer", LIMIT_CUSTOMER, 0},
    {"udf", LIMIT_UDF, 0},
    {NULL, 0, 0},
};

/* The note's own ceiling is the validation core's to refuse, beside its field. */
static const struct web_field refund_fields[] = {
    {"txn", LIMIT_TXN_ID, 0},
    {"id", LIMIT_UNIQUE_REQUEST_ID, 0},
    {"amount", FORM_AMOUNT_BYTES, 0},
    {"reason", PAGE_KEY_BYTES, 0},
    {"step", PAGE_KEY_BYTES, 0},
    {"typed", FORM_AMOUNT_BYTES, 0},
    {NULL, 0, 0},
};

static const struct web_field batch_fields[] = {
    {"part", LIMIT_FILE_NAME, 0}, {"page", PAGE_KEY_BYTES, 0},     {"sort", PAGE_KEY_BYTES, 0},
    {"order", PAGE_KEY_BYTES, 0}, {"rows", PAGE_KEY_BYTES, 0},     {"after", PAGE_KEY_BYTES, 0},
    {"tried", PAGE_KEY_BYTES, 0}, {"run_mode", PAGE_KEY_BYTES, 0}, {NULL, 0, 0},
};

/* clang-format off */
static const struct route routes[] = {
    {"GET",  "/",        AUTH_SESSION, MODULE_NONE, RIGHT_NONE, 0, 0, NULL, page_home},
    {"GET",  "/login",   AUTH_NONE,    MODULE_NONE, RIGHT_NONE, 0, 0, login_fields, page_login},
    {"POST", "/login",   AUTH_NONE,    MODULE_NONE, RIGHT_NONE, 0, LIMIT_BODY_SMALL_BYTES, login_fields, page_login_post},
    {"POST", "/logout",  AUTH_SESSION, MODULE_NONE, RIGHT_NONE, 0, LIMIT_BODY_SMALL_BYTES, NULL, page_logout},
    {"GET",  "/help",    AUTH_SESSION, MODULE_NONE, RIGHT_NONE, 0, 0, NULL, page_help},
    {"GET",  "/orders",  AUTH_SESSION, MODULE_ORDERS, RIGHT_READ, 0, 0, list_fields, page_orders},
    {"GET",  "/totals/orders", AUTH_SESSION, MODULE_ORDERS, RIGHT_READ, 0, 0, list_fields, page_orders_totals},
    {"GET",  "/export/orders", AUTH_SESSION, MODULE_ORDERS, RIGHT_READ, 0, 0, list_fields, page_orders_export},
    {"GET",  "/orders/{order_id}", AUTH_SESSION, MODULE_ORDERS, RIGHT_READ, 0, 0, NULL, page_order},
    {"GET",  "/orders/{order_id}/refund", AUTH_SESSION, MODULE_REFUNDS, RIGHT_WRITE, 0, 0, refund_fields, page_refund_create},
    {"POST", "/orders/{order_id}/refund", AUTH_SESSION, MODULE_REFUNDS, RIGHT_WRITE, 0, LIMIT_BODY_SMALL_BYTES, refund_fields, page_refund_create_post},
    {"GET",  "/orders/{order_id}/payout", AUTH_SESSION, MODULE_REFUNDS, RIGHT_WRITE, 0, 0, refund_fields, page_payout_create},
    {"POST", "/orders/{order_id}/payout", AUTH_SESSION, MODULE_REFUNDS, RIGHT_WRITE, 0, LIMIT_BODY_SMALL_BYTES, refund_fields, page_payout_create_post},
    {"GET",  "/refunds", AUTH_SESSION, MODULE_REFUNDS, RIGHT_READ, 0, 0, list_fields, page_refunds},
    {"GET",  "/totals/refunds", AUTH_SESSION, MODULE_REFUNDS, RIGHT_READ, 0, 0, list_fields, page_refunds_totals},
    {"GET",  "/export/refunds", AUTH_SESSION, MODULE_REFUNDS, RIGHT_READ, 0, 0, list_fields, page_refunds_export},
    {"GET",  "/refunds/{id}", AUTH_SESSION, MODULE_REFUNDS, RIGHT_READ, 0, 0, NULL, page_refund},
    {"POST", "/refunds/{id}/cancel", AUTH_SESSION, MODULE_REFUNDS, RIGHT_WRITE, 0, LIMIT_BODY_SMALL_BYTES, NULL, page_refund_cancel},
    {"POST", "/refunds/{id}/approve", AUTH_SESSION, MODULE_APPROVALS, RIGHT_WRITE, 0, LIMIT_BODY_SMALL_BYTES, NULL, page_refund_approve},
    {"GET",  "/refunds/{id}/reject", AUTH_SESSION, MODULE_APPROVALS, RIGHT_WRITE, 0, 0, NULL, page_refund_reject},
    {"POST", "/refunds/{id}/reject", AUTH_SESSION, MODULE_APPROVALS, RIGHT_WRITE, 0, LIMIT_BODY_SMALL_BYTES, NULL, page_refund_reject_post},
    {"GET",  "/batch/batch-refunds", AUTH_SESSION, MODULE_REFUNDS, RIGHT_READ, 0, 0, batch_fields, page_batches},
    {"GET",  "/batch/batch-refunds/new", AUTH_SESSION, MODULE_REFUNDS, RIGHT_WRITE, 0, 0, NULL, page_batch_new},
    {"POST", "/batch/batch-refunds/new", AUTH_SESSION, MODULE_REFUNDS, RIGHT_WRITE, 0, LIMIT_UPLOAD_BYTES, web_upload, page_batch_new_post},
    {"GET",  "/batch/batch-refunds/new/sample", AUTH_SESSION, MODULE_REFUNDS, RIGHT_WRITE, 0, 0, NULL, page_batch_sample},
    {"GET",  "/batch/batch-refunds/{batch_id}", AUTH_SESSION, MODULE_REFUNDS, RIGHT_READ, 0, 0, batch_fields, page_batch},
    {"POST", "/batch/batch-refunds/{batch_id}/confirm", AUTH_SESSION, MODULE_REFUNDS, RIGHT_WRITE, 0, LIMIT_BODY_SMALL_BYTES, batch_fields, page_batch_confirm},
    {"GET",  "/batch/batch-refunds/{batch_id}/cancel", AUTH_SESSION, MODULE_REFUNDS, RIGHT_WRITE, 0, 0, NULL, page_batch_cancel},
    {"POST", "/batch/batch-refunds/{batch_id}/cancel", AUTH_SESSION, MODULE_REFUNDS, RIGHT_WRITE, 0, LIMIT_BODY_SMALL_BYTES, batch_fields, page_batch_cancel_post},
    {"GET",  "/batch/batch-refunds/{batch_id}/reject", AUTH_SESSION, MODULE_APPROVALS, RIGHT_WRITE, 0, 0, NULL, page_batch_reject},
    {"POST", "/batch/batch-refunds/{batch_id}/reject", AUTH_SESSION, MODULE_APPROVALS, RIGHT_WRITE, 0, LIMIT_BODY_SMALL_BYTES, batch_fields, page_batch_reject_post},
    {"POST", "/batch/batch-refunds/{batch_id}/approve", AUTH_SESSION, MODULE_APPROVALS, RIGHT_WRITE, 0, LIMIT_BODY_SMALL_BYTES, batch_fields, page_batch_approve},
    {"POST", "/batch/batch-refunds/{batch_id}/pause", AUTH_SESSION, MODULE_REFUNDS, RIGHT_WRITE, 0, LIMIT_BODY_SMALL_BYTES, batch_fields, page_batch_pause},
    {"POST", "/batch/batch-refunds/{batch_id}/resume", AUTH_SESSION, MODULE_REFUNDS, RIGHT_WRITE, 0, LIMIT_BODY_SMALL_BYTES, batch_fields, page_batch_resume},
    {"POST", "/batch/batch-refunds/{batch_id}/sync", AUTH_SESSION, MODULE_REFUNDS, RIGHT_WRITE, 0, LIMIT_BODY_SMALL_BYTES, batch_fields, page_batch_sync},
    {"POST", "/batch/batch-refunds/{batch_id}/rows/{row}/retry", AUTH_SESSION, MODULE_REFUNDS, RIGHT_WRITE, 0, LIMIT_BODY_SMALL_BYTES, batch_fields, page_batch_retry},
    {"GET",  "/batch/batch-refunds/{batch_id}/download/{which}", AUTH_SESSION, MODULE_REFUNDS, RIGHT_READ, 0, 0, NULL, page_batch_download},
    {"GET",  "/api-docs", AUTH_SESSION, MODULE_NONE, RIGHT_NONE, 0, 0, NULL, page_api_docs},
    {"GET",  "/api-docs/{section}", AUTH_SESSION, MODULE_NONE, RIGHT_NONE, 0, 0, NULL, page_api_docs_section},
    {"GET",  "/profile", AUTH_SESSION, MODULE_NONE, RIGHT_NONE, 0, 0, NULL, page_profile},
    {"POST", "/profile/mails", AUTH_SESSION, MODULE_NONE, RIGHT_NONE, 0, LIMIT_BODY_SMALL_BYTES, NULL, page_profile_mails_post},
    {"POST", "/profile/password", AUTH_SESSION, MODULE_NONE, RIGHT_NONE, 0, LIMIT_BODY_SMALL_BYTES, NULL, page_profile_password_post},
    {"GET",  "/settings/api-keys", AUTH_SESSION, MODULE_SETTINGS, RIGHT_READ, 0, 0, NULL, page_api_keys},
    {"POST", "/settings/api-keys", AUTH_SESSION, MODULE_SETTINGS, RIGHT_WRITE, 0, LIMIT_BODY_SMALL_BYTES, NULL, page_api_keys_post},
    {"POST", "/settings/api-keys/{id}/revoke", AUTH_SESSION, MODULE_SETTINGS, RIGHT_WRITE, 0, LIMIT_BODY_SMALL_BYTES, NULL, page_api_key_revoke},
    {"GET",  "/settings/conflict", AUTH_SESSION, MODULE_SETTINGS, RIGHT_READ, 0, 0, NULL, page_settings_conflict},
    {"POST", "/settings/conflict", AUTH_SESSION, MODULE_SETTINGS, RIGHT_WRITE, 0, LIMIT_BODY_SMALL_BYTES, NULL, page_settings_conflict_post},
    {"GET",  "/settings/webhooks", AUTH_SESSION, MODULE_SETTINGS, RIGHT_READ, 0, 0, NULL, page_webhooks},
    {"GET",  "/settings/webhooks/new", AUTH_SESSION, MODULE_SETTINGS, RIGHT_WRITE, 0, 0, NULL, page_webhook_new},
    {"POST", "/settings/webhooks/new", AUTH_SESSION, MODULE_SETTINGS, RIGHT_WRITE, 0, LIMIT_BODY_SMALL_BYTES, NULL, page_webhook_new_post},
    {"GET",  "/settings/webhooks/{id}", AUTH_SESSION, MODULE_SETTINGS, RIGHT_READ, 0, 0, NULL, page_webhook},
    {"GET",  "/settings/webhooks/{id}/edit", AUTH_SESSION, MODULE_SETTINGS, RIGHT_WRITE, 0, 0, NULL, page_webhook_edit},
    {"POST", "/settings/webhooks/{id}/edit", AUTH_SESSION, MODULE_SETTINGS, RIGHT_WRITE, 0, LIMIT_BODY_SMALL_BYTES, NULL, page_webhook_edit_post},
    {"POST", "/settings/webhooks/{id}/pause", AUTH_SESSION, MODULE_SETTINGS, RIGHT_WRITE, 0, LIMIT_BODY_SMALL_BYTES, NULL, page_webhook_pause},
    {"POST", "/settings/webhooks/{id}/resume", AUTH_SESSION, MODULE_SETTINGS, RIGHT_WRITE, 0, LIMIT_BODY_SMALL_BYTES, NULL, page_webhook_resume},
    {"POST", "/settings/webhooks/{id}/disable", AUTH_SESSION, MODULE_SETTINGS, RIGHT_WRITE, 0, LIMIT_BODY_SMALL_BYTES, NULL, page_webhook_disable},
    {"POST", "/settings/webhooks/{id}/delete", AUTH_SESSION, MODULE_SETTINGS, RIGHT_WRITE, 0, LIMIT_BODY_SMALL_BYTES, NULL, page_webhook_delete},
    {"POST", "/settings/webhooks/{id}/rotate", AUTH_SESSION, MODULE_SETTINGS, RIGHT_WRITE, 0, LIMIT_BODY_SMALL_BYTES, NULL, page_webhook_rotate},
    {"POST", "/settings/webhooks/{id}/test", AUTH_SESSION, MODULE_SETTINGS, RIGHT_WRITE, 0, LIMIT_BODY_SMALL_BYTES, NULL, page_webhook_test},
    {"POST", "/settings/webhooks/{id}/resend", AUTH_SESSION, MODULE_SETTINGS, RIGHT_WRITE, 0, LIMIT_BODY_SMALL_BYTES, NULL, page_webhook_resend_failed},
    {"GET",  "/settings/webhooks/{id}/deliveries/{delivery}", AUTH_SESSION, MODULE_SETTINGS, RIGHT_READ, 0, 0, NULL, page_webhook_delivery},
    {"POST", "/settings/webhooks/{id}/deliveries/{delivery}/resend", AUTH_SESSION, MODULE_SETTINGS, RIGHT_WRITE, 0, LIMIT_BODY_SMALL_BYTES, NULL, page_webhook_resend},
    {"GET",  "/settings/general", AUTH_SESSION, MODULE_SETTINGS, RIGHT_READ, 0, 0, NULL, page_settings_general},
    {"POST", "/settings/general", AUTH_SESSION, MODULE_SETTINGS, RIGHT_WRITE, 0, LIMIT_BODY_SMALL_BYTES, NULL, page_settings_general_post},
    {"POST", "/settings/general/currency", AUTH_SESSION, MODULE_SETTINGS, RIGHT_WRITE, 0, LIMIT_BODY_SMALL_BYTES, NULL, page_settings_currency_post},
    {"POST", "/settings/general/sending", AUTH_SESSION, MODULE_SETTINGS, RIGHT_WRITE, 0, LIMIT_BODY_SMALL_BYTES, NULL, page_settings_sending_post},
};
/* clang-format on */

const struct web_program portal_program = {
    .name = "portal",
    .routes = routes,
    .n_routes = sizeof routes / sizeof routes[0],
    .error = shell_error,
    .decorate = shell_decorate,
};
