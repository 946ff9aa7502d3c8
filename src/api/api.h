/*
 * The HTTP API: its program (routes and error face) for web/fcgi.c. Every answer is JSON.
 */
#ifndef API_API_H
#define API_API_H

#include "web/route.h"

extern const struct web_program api_program;

/* One handler for each row of the route table (routes.c). */
web_handler api_order_create, api_order_get, api_order_update;
web_handler api_order_list, api_order_list_older, api_refund_list;
web_handler api_refund_cancel, api_refund_sync;
web_handler api_order_refund, api_refund_create;
web_handler api_refund_methods;
web_handler api_beneficiary_create, api_beneficiary_list, api_beneficiary_get;
web_handler api_batch_create, api_batch_get, api_batch_rows, api_batch_confirm;
web_handler api_batch_pause, api_batch_resume, api_batch_cancel;
web_handler api_openapi;
web_handler api_hook_juspay, api_hook_razorpay, api_hook_stripe;
web_handler api_health;

#endif
