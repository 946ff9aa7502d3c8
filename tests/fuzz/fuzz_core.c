#include "targets.h"

#include "core/clock.h"
#include "core/json.h"
#include "core/money.h"
#include "core/str.h"

#include <string.h>

/* What was read is written as something that reads the same. */
void fuzz_json(struct arena *a, const char *text, size_t n)
{
    struct json_object *tree, *again;
    struct err e = {0};
    if (json_read(a, text, n, &tree, &e) != RC_OK) {
        CHECK(e.text[0] != '\0' && str_utf8_valid(e.text, strlen(e.text)));
        return;
    }
    const char *written = json_write(a, tree);
    CHECK(json_read(a, written, strlen(written), &again, &e) == RC_OK);
    CHECK(str_eq(json_write(a, again), written));
}

/* Three bytes of currency, then an amount. */
void fuzz_money(struct arena *a, const char *text, size_t n)
{
    int64_t minor = -1, again = -1;
    if (n < 3)
        return;
    const char *currency = arena_strndup(a, text, 3);
    if (money_exponent(currency) < 0)
        currency = "INR";
    struct decimal d;
    bool decimal = decimal_parse(text + 3, n - 3, &d) == MONEY_OK;
    if (strlen(text + 3) != n - 3) {
        CHECK(!decimal);
        return;
    }
    if (money_parse(text + 3, currency, &minor) != MONEY_OK) {
        CHECK(minor == -1);
        return;
    }
    CHECK(decimal && minor >= 0 && minor <= MONEY_MAX_MINOR);
    CHECK(money_parse(money_text(a, minor, currency), currency, &again) == MONEY_OK);
    CHECK(again == minor);
    CHECK(money_parse(money_json(a, minor, currency), currency, &again) == MONEY_OK);
    CHECK(again == minor);
}

void fuzz_time(struct arena *a, const char *text, size_t n)
{
    int64_t ms = -1, again;
    (void)n;
    if (!clock_parse_iso(text, &ms)) {
        CHECK(ms == -1);
        return;
    }
    CHECK(clock_parse_iso(clock_iso(a, ms), &again));
    CHECK(again == ms - (ms % 1000 + 1000) % 1000);
}
