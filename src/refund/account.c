#include "refund/account.h"

#include "core/limits.h"
#include "core/str.h"
#include "refund/country.h"

#include <string.h>

#define DIGITS  "0123456789"
#define CAPITAL "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define SMALL   "abcdefghijklmnopqrstuvwxyz"
#define ALNUM   DIGITS CAPITAL SMALL
#define DOTS    "\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2"

enum { ACCOUNT_LEAST = 5, ACCOUNT_SHORT = 8, IBAN_LEAST = 15, IBAN_MOST = 34, IFSC_LENGTH = 11 };

static bool only(const char *s, const char *of)
{
    return s[strspn(s, of)] == '\0';
}

/* One line of text: no control characters. */
static bool is_line(const char *s)
{
    for (; *s != '\0'; s++) {
        unsigned char c = (unsigned char)*s;
        if (c < 0x20 || c == 0x7f)
            return false;
    }
    return true;
}

static char *capitals(struct arena *a, const char *s)
{
    char *out = arena_strdup(a, s);
    for (char *p = out; *p != '\0'; p++) {
        if (*p >= 'a' && *p <= 'z')
            *p = (char)(*p - 'a' + 'A');
    }
    return out;
}

static char *without_spaces(struct arena *a, const char *s)
{
    char *out = arena_strdup(a, s), *to = out;
    for (const char *p = s; *p != '\0'; p++) {
        if (*p != ' ')
            *to++ = *p;
    }
    *to = '\0';
    return out;
}

/* ISO 13616: the country and check digits moved to the end, letters as 10…35, modulo 97 is 1. */
static bool iban_valid(const char *s)
{
    size_t n = strlen(s);
    unsigned rest = 0;
    if (n < IBAN_LEAST || n > IBAN_MOST || !only(s, DIGITS CAPITAL) || strspn(s, CAPITAL) != 2 ||
        strspn(s + 2, DIGITS) < 2)
        return false;
    if (!country_known((const char[]){s[0], s[1], '\0'}))
        return false;
    for (size_t i = 0; i < n; i++) {
        char c = s[(i + 4) % n];
        rest = c <= '9' ? rest * 10 + (unsigned)(c - '0') : rest * 100 + (unsigned)(c - 'A') + 10;
        rest %= 97;
    }
    return rest == 1;
}

static bool ifsc_valid(const char *s)
{
    return strlen(s) == IFSC_LENGTH && strspn(s, CAPITAL) >= 4 && s[4] == '0' &&
           only(s + 5, DIGITS CAPITAL);
}

/* name@handle: letters, digits, . _ - before it, a handle that begins with a letter after it. */
static bool vpa_valid(const char *s)
{
    size_t n = strspn(s, ALNUM "._-");
    const char *handle = s + n + 1;
    return n >= 2 && s[n] == '@' && strlen(handle) >= 2 && only(handle, ALNUM) &&
           strspn(handle, CAPITAL SMALL) >= 1;
}

static const char *check_account(struct arena *a, bool iban, const char **value)
{
    const char *s = without_spaces(a, *value);
    *value = iban ? capitals(a, s) : s;
    if (iban)
        return iban_valid(*value) ? NULL : "must be an IBAN whose check digits are right";
    if (strlen(s) < ACCOUNT_LEAST || !only(s, ALNUM))
        return arena_printf(a, "must be %d to %d letters and digits", ACCOUNT_LEAST,
                            LIMIT_PAYEE_ACCOUNT);
    return NULL;
}

const char *account_check(struct arena *a, enum payout_shape shape, bool iban, size_t most_bytes,
                          const char **value)
{
    const char *s = *value;
    if (shape == PAYOUT_ACCOUNT && strlen(s) <= 2 * most_bytes)
        s = without_spaces(a, s);
    if (strlen(s) > most_bytes)
        return arena_printf(a, "is longer than %zu bytes", most_bytes);
    switch (shape) {
    case PAYOUT_NAME:
    case PAYOUT_WORDS:
        return is_line(s) ? NULL : "must be one line of text";
    case PAYOUT_ACCOUNT:
        return check_account(a, iban, value);
    case PAYOUT_CODE:
        return strlen(s) >= 2 && only(s, ALNUM "_-") ? NULL : "must be letters, digits, _ and -";
    case PAYOUT_POSTCODE:
        return only(s, ALNUM " -") ? NULL : "must be letters, digits, spaces and -";
    case PAYOUT_COUNTRY:
        *value = capitals(a, s);
        return country_known(*value) ? NULL : "must be an ISO 3166 country code";
    case PAYOUT_IFSC:
        *value = capitals(a, s);
        return ifsc_valid(*value) ? NULL : "must be 4 letters, 0 and 6 letters or digits";
    case PAYOUT_VPA:
        return vpa_valid(s) ? NULL : "must be a name, @ and a handle";
    }
    CHECK(false);
    return NULL;
}

char *account_mask(struct arena *a, const char *account)
{
    size_t n = strlen(account);
    size_t shown = n >= ACCOUNT_SHORT ? 4 : 2;
    return arena_printf(a, DOTS "\xe2\x80\xa2 %s", account + n - shown);
}

char *account_mask_vpa(struct arena *a, const char *vpa)
{
    return arena_printf(a, "%.1s" DOTS "%s", vpa, strchr(vpa, '@'));
}
