#include "core/money.h"
#include "core/err.h"
#include <stdlib.h>
#include <string.h>

/* ISO 4217, the active codes that have minor units, sorted; ANG and BGN stay for old orders. */
/* clang-format off */
#define CURRENCIES(X) \
    X(AED, 2) X(AFN, 2) X(ALL, 2) X(AMD, 2) X(ANG, 2) X(AOA, 2) X(ARS, 2) X(AUD, 2) X(AWG, 2) \
    X(AZN, 2) X(BAM, 2) X(BBD, 2) X(BDT, 2) X(BGN, 2) X(BHD, 3) X(BIF, 0) X(BMD, 2) X(BND, 2) \
    X(BOB, 2) X(BOV, 2) X(BRL, 2) X(BSD, 2) X(BTN, 2) X(BWP, 2) X(BYN, 2) X(BZD, 2) X(CAD, 2) \
    X(CDF, 2) X(CHE, 2) X(CHF, 2) X(CHW, 2) X(CLF, 4) X(CLP, 0) X(CNY, 2) X(COP, 2) X(COU, 2) \
    X(CRC, 2) X(CUP, 2) X(CVE, 2) X(CZK, 2) X(DJF, 0) X(DKK, 2) X(DOP, 2) X(DZD, 2) X(EGP, 2) \
    X(ERN, 2) X(ETB, 2) X(EUR, 2) X(FJD, 2) X(FKP, 2) X(GBP, 2) X(GEL, 2) X(GHS, 2) X(GIP, 2) \
    X(GMD, 2) X(GNF, 0) X(GTQ, 2) X(GYD, 2) X(HKD, 2) X(HNL, 2) X(HTG, 2) X(HUF, 2) X(IDR, 2) \
    X(ILS, 2) X(INR, 2) X(IQD, 3) X(IRR, 2) X(ISK, 0) X(JMD, 2) X(JOD, 3) X(JPY, 0) X(KES, 2) \
    X(KGS, 2) X(KHR, 2) X(KMF, 0) X(KPW, 2) X(KRW, 0) X(KWD, 3) X(KYD, 2) X(KZT, 2) X(LAK, 2) \
    X(LBP, 2) X(LKR, 2) X(LRD, 2) X(LSL, 2) X(LYD, 3) X(MAD, 2) X(MDL, 2) X(MGA, 2) X(MKD, 2) \
    X(MMK, 2) X(MNT, 2) X(MOP, 2) X(MRU, 2) X(MUR, 2) X(MVR, 2) X(MWK, 2) X(MXN, 2) X(MXV, 2) \
    X(MYR, 2) X(MZN, 2) X(NAD, 2) X(NGN, 2) X(NIO, 2) X(NOK, 2) X(NPR, 2) X(NZD, 2) X(OMR, 3) \
    X(PAB, 2) X(PEN, 2) X(PGK, 2) X(PHP, 2) X(PKR, 2) X(PLN, 2) X(PYG, 0) X(QAR, 2) X(RON, 2) \
    X(RSD, 2) X(RUB, 2) X(RWF, 0) X(SAR, 2) X(SBD, 2) X(SCR, 2) X(SDG, 2) X(SEK, 2) X(SGD, 2) \
    X(SHP, 2) X(SLE, 2) X(SOS, 2) X(SRD, 2) X(SSP, 2) X(STN, 2) X(SVC, 2) X(SYP, 2) X(SZL, 2) \
    X(THB, 2) X(TJS, 2) X(TMT, 2) X(TND, 3) X(TOP, 2) X(TRY, 2) X(TTD, 2) X(TWD, 2) X(TZS, 2) \
    X(UAH, 2) X(UGX, 0) X(USD, 2) X(USN, 2) X(UYI, 0) X(UYU, 2) X(UYW, 4) X(UZS, 2) X(VED, 2) \
    X(VES, 2) X(VND, 0) X(VUV, 0) X(WST, 2) X(XAF, 0) X(XCD, 2) X(XCG, 2) X(XOF, 0) X(XPF, 0) \
    X(YER, 2) X(ZAR, 2) X(ZMW, 2) X(ZWG, 2)
/* clang-format on */

#define CODE(code, exponent)     #code,
#define EXPONENT(code, exponent) exponent,
static const char *const CODES[] = {CURRENCIES(CODE)};
static const signed char EXPONENTS[] = {CURRENCIES(EXPONENT)};
enum { CODE_COUNT = sizeof CODES / sizeof *CODES, DIGITS_MAX = 18 };

static int compare_code(const void *key, const void *element)
{
    return strcmp(key, *(const char *const *)element);
}

int money_exponent(const char *currency)
{
    if (!currency)
        return -1;
    const char *const *found = bsearch(currency, CODES, CODE_COUNT, sizeof *CODES, compare_code);
    return found ? EXPONENTS[found - CODES] : -1;
}

const char *const *money_currencies(size_t *count)
{
    *count = CODE_COUNT;
    return CODES;
}

enum money_fault decimal_parse(const char *text, size_t n, struct decimal *out)
{
    struct decimal d = {0};
    size_t digits = 0, whole = 0, i = 0;
    for (; i < n && text[i] >= '0' && text[i] <= '9'; i++) {
        whole++;
        if (digits == 0 && text[i] == '0')
            continue;
        if (++digits > DIGITS_MAX)
            return MONEY_NOT_DECIMAL;
        d.unscaled = d.unscaled * 10 + (text[i] - '0');
    }
    if (whole == 0)
        return MONEY_NOT_DECIMAL;
    if (i < n && text[i] == '.') {
        for (i++; i < n && text[i] >= '0' && text[i] <= '9'; i++) {
            if (++digits > DIGITS_MAX)
                return MONEY_NOT_DECIMAL;
            d.unscaled = d.unscaled * 10 + (text[i] - '0');
            d.scale++;
        }
        if (d.scale == 0)
            return MONEY_NOT_DECIMAL;
    }
    if (i != n)
        return MONEY_NOT_DECIMAL;
    *out = d;
    return MONEY_OK;
}

enum money_fault money_from_decimal(const struct decimal *d, const char *currency, int64_t *minor)
{
    int exponent = money_exponent(currency);
    CHECK(exponent >= 0);
    CHECK(d->unscaled >= 0 && d->scale >= 0);
    if (d->scale > exponent)
        return MONEY_TOO_MANY_DECIMALS;
    int64_t value = d->unscaled;
    for (int i = d->scale; i < exponent; i++) {
        if (__builtin_mul_overflow(value, INT64_C(10), &value))
            return MONEY_TOO_LARGE;
    }
    if (value > MONEY_MAX_MINOR)
        return MONEY_TOO_LARGE;
    *minor = value;
    return MONEY_OK;
}

enum money_fault money_parse(const char *text, const char *currency, int64_t *minor)
{
    struct decimal d;
    enum money_fault fault = decimal_parse(text, strlen(text), &d);
    return fault == MONEY_OK ? money_from_decimal(&d, currency, minor) : fault;
}

char *money_text(struct arena *a, int64_t minor, const char *currency)
{
    int exponent = money_exponent(currency);
    CHECK(exponent >= 0);
    uint64_t size = minor < 0 ? -(uint64_t)minor : (uint64_t)minor;
    char text[32], *at = text + sizeof text;
    *--at = '\0';
    for (int i = 0; size > 0 || i <= exponent; i++) {
        if (i == exponent && exponent > 0)
            *--at = '.';
        *--at = (char)('0' + size % 10);
        size /= 10;
    }
    if (minor < 0)
        *--at = '-';
    return arena_strdup(a, at);
}

char *money_json(struct arena *a, int64_t minor, const char *currency)
{
    char *text = money_text(a, minor, currency);
    char *point = strchr(text, '.');
    if (!point)
        return text;
    char *end = point + strlen(point);
    while (end[-1] == '0')
        *--end = '\0';
    if (end[-1] == '.')
        *--end = '\0';
    return text;
}

bool money_add(int64_t a, int64_t b, int64_t *sum)
{
    int64_t result;
    if (__builtin_add_overflow(a, b, &result))
        return false;
    *sum = result;
    return true;
}
