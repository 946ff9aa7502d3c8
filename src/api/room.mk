noinst_LIBRARIES += libapi.a
libapi_a_SOURCES = \
	src/api/api.h \
	src/api/api_batches.c \
	src/api/api_beneficiaries.c \
	src/api/api_health.c \
	src/api/api_lists.c \
	src/api/api_openapi.c \
	src/api/api_orders.c \
	src/api/api_refund_actions.c \
	src/api/api_refund_methods.c \
	src/api/api_refunds.c \
	src/api/batch_body.c src/api/batch_body.h \
	src/api/errors.c src/api/errors.h \
	src/api/fields.c src/api/fields.h \
	src/api/hook.h \
	src/api/hook_inbox.c \
	src/api/hook_juspay.c \
	src/api/hook_razorpay.c \
	src/api/hook_secrets.c \
	src/api/hook_stripe.c \
	src/api/list_query.c src/api/list_query.h \
	src/api/once.c src/api/once.h \
	src/api/order_fields.c src/api/order_fields.h \
	src/api/refund_fields.c src/api/refund_fields.h \
	src/api/routes.c
