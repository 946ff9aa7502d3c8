/*
 * Payment gateways, pure: an operation turns facts into an HTTP call, an answer into an outcome.
 * Nothing here opens a connection (http.h does) or touches the store. What a gateway can do is data
 * in the store (`struct gateway_row`), so that validation needs no gateway code.
 *
 * The idempotency key is the refund's own and is committed before the first byte leaves.
 */
#ifndef GATEWAY_GATEWAY_H
#define GATEWAY_GATEWAY_H

#include "core/arena.h"
#include "core/err.h"
#include "core/money.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTTP_MAX_HEADERS 16

struct http_call {
    const char *method; /* "GET", "POST" */
    const char *url;
    const char *headers[HTTP_MAX_HEADERS]; /* "Name: value"; no CR or LF */
    int n_headers;
    const char *body; /* NULL: none */
    size_t body_n;
};

enum http_end {
    HTTP_ANSWERED, /* a whole answer: status and body */
    HTTP_NOT_SENT, /* refused before a byte of the request left: resolve, connect, TLS set-up */
    HTTP_BROKEN    /* anything else: time-out, reset, truncated, too large: outcome unknown */
};

struct http_result {
    enum http_end end;
    int status;
    const char *body; /* zero-terminated; "" when there is none */
    size_t body_n;
    const char *detail; /* what the transport said, for the log and the timeline */
    int64_t took_ms;
};

/* What the outside world said, in our five words (and two that only an inquiry can say). */
enum gw_kind {
    GW_ACCEPTED,    /* the gateway has it and will finish it later */
    GW_DONE,        /* money is on its way back */
    GW_REFUSED,     /* a definite no: it never happens under this key */
    GW_NOT_SENT,    /* provably nothing reached the gateway, or it said "later" before acting */
    GW_UNKNOWN,     /* everything else; settled by inquiry, never by hope */
    GW_LOW_BALANCE, /* a definite "not now": the merchant's gateway balance is too low */
    GW_ABSENT,      /* inquiry only: the gateway has never heard of this key */
    GW_KIND_COUNT
};

struct gw_outcome {
    enum gw_kind kind;
    const char *ref;           /* gateway's refund id, or NULL */
    const char *arn;           /* bank reference, or NULL */
    const char *error_code;    /* the gateway's own, or NULL */
    const char *error_message; /* the gateway's own, or NULL */
    const char *words;         /* the body verbatim, cut at LIMIT_GATEWAY_WORDS on a character */
    int64_t processed_at_ms;   /* the gateway's own time, 0 when it names none */
};

/* The merchant's account at a gateway; credentials opened by the worker only. */
struct gw_account {
    const char *base_url;    /* "http://127.0.0.1:8082" */
    const char *gateway;     /* "RAZORPAY": the simulator plays any name */
    const char *merchant;    /* merchant_id */
    const char *credentials; /* JSON text of the adapter's own shape, or "" */
};

struct gw_part {
    const char *party; /* sub_mid; "" is the marketplace */
    int64_t amount_minor;
};
/* The account that a payout goes to; opened by the worker only. */
struct gw_payee {
    const char *type;                        /* BANK_TRANSFER, ACCOUNT_IFSC, UPI_ID */
    const char *details;                     /* JSON object */
    const char *transfer_type, *payout_mode; /* or NULL */
    const char *reference_id;                /* the merchant's account at the gateway, or NULL */
};
struct gw_refund {
    const char *idempotency_key;
    const char *unique_request_id;
    const char *payment_id; /* epg_txn_id: the gateway's own payment id */
    const char *order_id;
    const char *txn_id;
    const char *gateway_ref; /* known refund id, or NULL */
    struct money amount;
    const struct gw_part *parts; /* a split settlement's, n_parts of them */
    int n_parts;
    const struct gw_payee *payee; /* payouts only */
};

/* A test-mode payment that the simulator plays by the vendor's sandbox rule. */
struct gw_payment {
    const char *txn_id;
    const char *order_id;
    struct money amount;
};
enum gw_payment_status {
    GW_PAYMENT_CHARGED,
    GW_PAYMENT_FAILED,
    GW_PAYMENT_PENDING,
    GW_PAYMENT_UNKNOWN
};
struct gw_payment_outcome {
    enum gw_payment_status status;
    const char *payment_id; /* becomes epg_txn_id */
    const char *rrn, *auth_id_code, *resp_code, *resp_message;
    int64_t created_ms; /* the gateway's own time of the result */
};

/* Operations that a gateway does not have are NULL. All texts of results live in the arena. */
struct gateway_ops {
    const char *adapter; /* "simulator" */
    struct http_call (*refund_request)(struct arena *, const struct gw_account *,
                                       const struct gw_refund *);
    struct gw_outcome (*refund_parse)(struct arena *, const struct http_result *);
    /* As refund_request, to be done at once. */
    struct http_call (*instant_request)(struct arena *, const struct gw_account *,
                                        const struct gw_refund *);
    /* To another account; answers are read by refund_parse. */
    struct http_call (*payout_request)(struct arena *, const struct gw_account *,
                                       const struct gw_refund *);
    struct http_call (*payout_inquire_request)(struct arena *, const struct gw_account *,
                                               const struct gw_refund *);
    /* Answers of both inquiries are read by inquire_parse. */
    struct http_call (*inquire_request)(struct arena *, const struct gw_account *,
                                        const struct gw_refund *);
    struct gw_outcome (*inquire_parse)(struct arena *, const struct http_result *);
    struct http_call (*charge_request)(struct arena *, const struct gw_account *,
                                       const struct gw_payment *);
    struct gw_payment_outcome (*charge_parse)(struct arena *, const struct http_result *);
};

extern const struct gateway_ops gateway_simulator;

/* By adapter name; NULL when there is none. */
const struct gateway_ops *gateway_find(const char *adapter);

#endif
