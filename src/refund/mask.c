#include "refund/mask.h"

#include "core/json.h"
#include "core/str.h"

#include <string.h>

enum { CARD_MIN = 13, CARD_MAX = 19, GROUP_MIN = 3, KEEP_FIRST = 6, KEEP_LAST = 4 };

/* Under these keys stand ids and amounts, which a mask would falsify. */
static const char *const kept_keys[] = {
    "order_id",     "txn_id",         "txn_uuid",   "unique_request_id",
    "epg_txn_id",   "payment_id",     "ref",        "arn",
    "rrn",          "card_reference", "receipt",    "gateway_reference_id",
    "amount",       "txn_amount",     "net_amount", "effective_amount",
    "refund_amount"};
static const char *const number_keys[] = {"card_number", "number", "pan", "card_no"};
static const char *const secret_keys[] = {"cvv", "cvv2",  "cvc",           "card_security_code",
                                          "pin", "track", "security_code", "track2"};

static bool is_one_of(const char *key, const char *const *keys, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (str_ieq(key, keys[i]))
            return true;
    }
    return false;
}
#define IS_ONE_OF(key, keys) is_one_of((key), (keys), sizeof(keys) / sizeof(keys)[0])

/* ---- texts -------------------------------------------------------------------------------------
 */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool passes_luhn(const char *digits, int n)
{
    int sum = 0;
    for (int i = 0; i < n; i++) {
        int d = digits[n - 1 - i] - '0';
        d = i % 2 == 1 ? 2 * d : d;
        sum += d > 9 ? d - 9 : d;
    }
    return sum % 10 == 0;
}

/* Bytes of the longest card number that begins at s, a digit after none; 0: none does. */
static size_t card_length(const char *s)
{
    char digits[CARD_MAX];
    int n = 0, group = 0;
    size_t found = 0;
    for (size_t i = 0; is_digit(s[i]); i++) {
        if (n == CARD_MAX)
            return group == n ? 0 : found; /* a longer run is no card number */
        digits[n++] = s[i];
        group++;
        if (is_digit(s[i + 1]))
            continue;
        if (n >= CARD_MIN && passes_luhn(digits, n))
            found = i + 1;
        if (group >= GROUP_MIN && (s[i + 1] == ' ' || s[i + 1] == '-')) {
            i++;
            group = 0;
        }
    }
    return found;
}

static void mask_digits(char *s, size_t n)
{
    int digits = 0, seen = 0;
    for (size_t i = 0; i < n; i++)
        digits += is_digit(s[i]);
    for (size_t i = 0; i < n; i++) {
        if (!is_digit(s[i]))
            continue;
        if (digits < CARD_MIN || (seen >= KEEP_FIRST && seen < digits - KEEP_LAST))
            s[i] = '*';
        seen++;
    }
}

const char *mask_text(struct arena *a, const char *text)
{
    char *masked = NULL;
    for (size_t i = 0; text != NULL && text[i] != '\0';) {
        if (!is_digit(text[i])) {
            i++;
            continue;
        }
        size_t n = card_length(text + i);
        if (n > 0) {
            masked = masked != NULL ? masked : arena_strdup(a, text);
            mask_digits(masked + i, n);
            i += n;
        } else {
            while (is_digit(text[i]))
                i++;
        }
    }
    return masked != NULL ? masked : text;
}

/* ---- trees -------------------------------------------------------------------------------------
 */

static struct json_object *mask_value(struct arena *a, struct json_object *value, bool in_card,
                                      const char *key);

static struct json_object *mask_object(struct arena *a, struct json_object *tree, bool in_card)
{
    struct json_object *out = json_object_in(a);
    json_object_object_foreach(tree, key, value)
    {
        if (in_card && IS_ONE_OF(key, secret_keys))
            continue;
        bool card = in_card || str_eq(key, "card");
        json_put(out, mask_text(a, key), mask_value(a, value, card, key));
    }
    return out;
}

static struct json_object *mask_array(struct arena *a, struct json_object *tree, bool in_card)
{
    struct json_object *out = json_array_in(a);
    size_t n = json_object_array_length(tree);
    for (size_t i = 0; i < n; i++)
        json_add(out, mask_value(a, json_object_array_get_idx(tree, i), in_card, ""));
    return out;
}

static struct json_object *mask_scalar(struct arena *a, struct json_object *value, bool in_card,
                                       const char *key)
{
    const char *text = json_object_get_string(value);
    if (IS_ONE_OF(key, kept_keys) || json_object_is_type(value, json_type_boolean))
        return json_object_get(value);
    if (in_card && IS_ONE_OF(key, number_keys)) {
        char *number = arena_strdup(a, text);
        mask_digits(number, strlen(number));
        return json_object_new_string(number);
    }
    const char *masked = mask_text(a, text);
    return masked == text ? json_object_get(value) : json_object_new_string(masked);
}

/* A tree of the arena's, or a reference of the caller's: what json_put takes. */
static struct json_object *mask_value(struct arena *a, struct json_object *value, bool in_card,
                                      const char *key)
{
    switch (json_object_get_type(value)) {
    case json_type_null:
        return NULL;
    case json_type_object:
        return mask_object(a, value, in_card);
    case json_type_array:
        return mask_array(a, value, in_card);
    default:
        return mask_scalar(a, value, in_card, key);
    }
}

struct json_object *mask_tree(struct arena *a, struct json_object *tree)
{
    struct json_object *out = mask_value(a, tree, false, "");
    bool is_container =
        json_object_is_type(out, json_type_object) || json_object_is_type(out, json_type_array);
    return is_container ? out : json_keep(a, out);
}
