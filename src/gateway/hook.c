#include "gateway/hook.h"

#include "core/clock.h"
#include "core/json.h"
#include "core/money.h"
#include "core/str.h"

bool hook_number(struct arena *a, struct json_object *from, const char *key, int64_t *out)
{
    const char *text = json_text(a, from, key);
    return text != NULL && str_parse_i64(text, out) && *out <= MONEY_MAX_MINOR;
}

int64_t hook_time_ms(struct arena *a, struct json_object *from, const char *key)
{
    int64_t seconds;
    bool usable = hook_number(a, from, key, &seconds) && seconds < CLOCK_END_MS / CLOCK_SECOND_MS;
    return usable ? seconds * CLOCK_SECOND_MS : 0;
}

const char *hook_first(struct arena *a, struct json_object *from, const char *const *keys)
{
    for (; *keys != NULL; keys++) {
        const char *text = json_text(a, from, *keys);
        if (!str_empty(text))
            return text;
    }
    return NULL;
}

const char *hook_upper(struct arena *a, const char *text)
{
    char *copy = arena_strdup(a, text);
    for (char *c = copy; c != NULL && *c != '\0'; c++)
        *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
    return copy;
}

bool hook_is_own_key(const char *text)
{
    return text != NULL && str_starts(text, "rd_");
}

hook_parse *hook_parser_find(const char *source)
{
    static const struct {
        const char *source;
        hook_parse *parse;
    } parsers[] = {{"razorpay", hook_razorpay_parse}, {"stripe", hook_stripe_parse}};
    for (size_t i = 0; i < sizeof parsers / sizeof parsers[0]; i++) {
        if (str_eq(parsers[i].source, source))
            return parsers[i].parse;
    }
    return NULL;
}
