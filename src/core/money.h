/*
 * Money is int64 minor units plus an ISO 4217 code; no floating point anywhere (DOMAIN: money).
 *
 * Reading has two steps, because the currency of a refund is known only inside the transaction
 * that looks the order up: decimal_parse() judges the text alone, money_from_decimal() scales it.
 */
#ifndef CORE_MONEY_H
#define CORE_MONEY_H

#include "core/arena.h"
#include <stdbool.h>
#include <stdint.h>

#define MONEY_MAX_MINOR INT64_C(1000000000000000) /* 10^15 */

struct money {
    int64_t minor;
    char currency[4];
};

/* A decimal as written: value = unscaled / 10^scale. "98.20" is {9820, 2}. */
struct decimal {
    int64_t unscaled;
    int scale;
};

enum money_fault {
    MONEY_OK = 0,
    MONEY_NOT_DECIMAL,       /* sign, exponent, grouping, space, "", ".5", "5.", too many digits */
    MONEY_TOO_MANY_DECIMALS, /* more than the currency has ("1.005" INR, "1.0" JPY) */
    MONEY_TOO_LARGE          /* over MONEY_MAX_MINOR */
};

/* Minor digits of an ISO 4217 code from our own table (JPY 0, INR 2, KWD 3, CLF 4); -1 unknown. */
int money_exponent(const char *currency);

/* ASCII digits, optionally a point and digits; n bytes, no terminator needed. Zero is a decimal. */
enum money_fault decimal_parse(const char *text, size_t n, struct decimal *out);

/* Scales to the currency's minor units; *minor untouched unless MONEY_OK. CHECKs the currency. */
enum money_fault money_from_decimal(const struct decimal *d, const char *currency, int64_t *minor);

/* Both steps. */
enum money_fault money_parse(const char *text, const char *currency, int64_t *minor);

/* Padded: 9820 INR is "98.20", 5 JPY is "5". For CSV, forms and (grouped by view) pages. */
char *money_text(struct arena *a, int64_t minor, const char *currency);
/* Shortest: 9820 INR is "98.2", 800 is "8". For JSON numbers. */
char *money_json(struct arena *a, int64_t minor, const char *currency);

/* False on overflow; *sum untouched then. */
bool money_add(int64_t a, int64_t b, int64_t *sum);

/* The codes known, sorted, for choices; *count is set. */
const char *const *money_currencies(size_t *count);

#endif
