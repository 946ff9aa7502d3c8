noinst_LIBRARIES += libportal.a
libportal_a_SOURCES = src/portal/api_curl.c src/portal/api_curl.h src/portal/api_doc.c src/portal/api_doc.h src/portal/page_api_docs.c src/portal/page_api_keys.c src/portal/page_login.c src/portal/page_order.c src/portal/page_orders.c src/portal/page_profile.c \
	src/portal/page_webhook.c src/portal/page_webhook_act.c src/portal/page_webhook_delivery.c src/portal/page_webhook_form.c src/portal/page_webhooks.c \
	src/portal/webhook_secret.c src/portal/webhook_secret.h src/portal/webhook_view.c src/portal/webhook_view.h \
	src/portal/page_refund.c src/portal/page_refund_create.c src/portal/page_refund_decide.c src/portal/page_settings.c src/portal/page_refunds.c \
	src/portal/batch_export.c src/portal/batch_export.h src/portal/page_batch_export.c src/portal/batch_form.c src/portal/batch_form.h src/portal/batch_page.h src/portal/batch_view.c src/portal/batch_view.h \
	src/portal/page_batch.c src/portal/page_batch_act.c src/portal/page_batch_new.c src/portal/page_batch_sample.c src/portal/page_batches.c \
	src/portal/conflict_view.c src/portal/conflict_view.h src/portal/conflict_would_view.c src/portal/conflict_words.c src/portal/conflict_words.h src/portal/page_settings_conflict.c \
	src/portal/csv_stream.c src/portal/csv_stream.h \
	src/portal/facts.c src/portal/facts.h src/portal/page_help.c src/portal/list.h src/portal/list_address.c src/portal/list_fill.c src/portal/list_parts.h \
	src/portal/list_read.c src/portal/order_kind.c src/portal/order_kind.h \
	src/portal/page_export.c src/portal/page_totals.c src/portal/refund_kind.c \
	src/portal/refund_kind.h src/portal/payout_form.c src/portal/payout_form.h src/portal/portal.h src/portal/refund_form.c \
	src/portal/refund_form.h src/portal/routes.c src/portal/rows.c src/portal/rows.h \
	src/portal/settings_form.c src/portal/settings_form.h src/portal/shell.c src/portal/shell.h src/portal/split_form.c src/portal/split_form.h src/portal/timeline.c src/portal/timeline.h
