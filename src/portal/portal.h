/*
 * The portal: its program (routes, error face, page frame) for web/fcgi.c.
 */
#ifndef PORTAL_PORTAL_H
#define PORTAL_PORTAL_H

#include "web/route.h"

extern const struct web_program portal_program;

/* One handler for each row of the route table (routes.c). */
web_handler page_home, page_login, page_login_post, page_logout, page_help;
web_handler page_orders, page_orders_totals, page_orders_export, page_order;
web_handler page_refund_create, page_refund_create_post;
web_handler page_payout_create, page_payout_create_post;
web_handler page_refunds, page_refunds_totals, page_refunds_export, page_refund, page_refund_cancel;
web_handler page_refund_approve, page_refund_reject, page_refund_reject_post;
web_handler page_settings_general, page_settings_general_post;
web_handler page_settings_conflict, page_settings_conflict_post;
web_handler page_settings_currency_post, page_settings_sending_post;
web_handler page_batches, page_batch_new, page_batch_new_post, page_batch_sample, page_batch;
web_handler page_batch_confirm, page_batch_approve, page_batch_reject, page_batch_reject_post;
web_handler page_batch_pause, page_batch_resume, page_batch_cancel, page_batch_cancel_post;
web_handler page_batch_retry, page_batch_download, page_batch_sync;
web_handler page_api_docs, page_api_docs_section;
web_handler page_profile, page_profile_mails_post, page_profile_password_post;
web_handler page_webhooks, page_webhook_new, page_webhook_new_post, page_webhook_edit;
web_handler page_webhook_edit_post, page_webhook, page_webhook_pause, page_webhook_resume;
web_handler page_webhook_disable, page_webhook_delete, page_webhook_rotate, page_webhook_test;
web_handler page_webhook_resend_failed, page_webhook_delivery, page_webhook_resend;
web_handler page_api_keys, page_api_keys_post, page_api_key_revoke;

#endif
