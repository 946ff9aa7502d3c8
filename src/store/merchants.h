/*
 * Merchants and their settings (DOMAIN: portal, Settings > General).
 */
#ifndef STORE_MERCHANTS_H
#define STORE_MERCHANTS_H

#include "sql/sql.h"

#define MERCHANT_BATCH_ROWS 1000 /* of a new merchant: the vendor's limit */

struct merchant {
    int64_t id;
    const char *merchant_id;
    const char *name;
    const char *time_zone; /* IANA */
    const char *locale;    /* "en_IN" */
    const char *default_currency;
    bool test_mode;
    bool sending_stopped;
    const char *sending_stopped_by, *sending_stopped_why;
    bool maker_checker;
    int64_t hold_ms;
    int64_t refund_limit;
    int64_t order_age_days;
    int64_t twin_window_ms;
    int64_t batch_rows; /* at most in one file */
    int64_t rate_per_s; /* requests a second of one API key; 0: no limit */
    int64_t created_ms;
};

/* What one currency's settings are; without a row: minimum 100 for INR, 1 for others, no
 * thresholds. Thresholds are 0 when there is none. */
struct currency_settings {
    int64_t minimum_minor;
    int64_t confirm_minor;  /* from here on the amount is typed to confirm */
    int64_t approval_minor; /* from here on a checker must approve */
};

struct merchant_currency {
    const char *currency;
    struct currency_settings settings;
};

/* By row id or by the id that people use; texts in the arena; RC_NOT_FOUND when there is none. */
MUSTCHECK enum rc merchants_get(struct sql *q, struct arena *a, int64_t id, struct merchant *out,
                                struct err *e);
MUSTCHECK enum rc merchants_by_public_id(struct sql *q, struct arena *a, const char *merchant_id,
                                         struct merchant *out, struct err *e);
/* The first of the instance; RC_NOT_FOUND when there is none. */
MUSTCHECK enum rc merchants_first(struct sql *q, struct arena *a, struct merchant *out,
                                  struct err *e);
/* By row id, at most LIMIT_MERCHANTS; the array lives in the arena. */
MUSTCHECK enum rc merchants_list(struct sql *q, struct arena *a, struct merchant **out, int *count,
                                 struct err *e);
/* m->id and m->created_ms are set by the caller. */
MUSTCHECK enum rc merchants_insert(struct sql *q, const struct merchant *m, struct err *e);
/* The settings of m->id: name, zone, currency, limits, switches; not the stop of sending. */
MUSTCHECK enum rc merchants_update(struct sql *q, const struct merchant *m, struct err *e);
MUSTCHECK enum rc merchants_currency(struct sql *q, int64_t merchant, const char *currency,
                                     struct currency_settings *out, struct err *e);
/* The currencies with settings of their own, by code, at most LIMIT_CURRENCIES. */
MUSTCHECK enum rc merchants_currencies(struct sql *q, struct arena *a, int64_t merchant,
                                       struct merchant_currency **out, int *count, struct err *e);
MUSTCHECK enum rc merchants_set_currency(struct sql *q, int64_t merchant, const char *currency,
                                         const struct currency_settings *s, struct err *e);
/* The one switch that stops all sending to gateways, with who and why; by and why NULL to go on. */
MUSTCHECK enum rc merchants_stop_sending(struct sql *q, int64_t merchant, bool stopped,
                                         const char *by, const char *why, struct err *e);

#endif
