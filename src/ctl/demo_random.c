#include "ctl/demo.h"
#include <string.h>

static uint64_t next(struct demo_random *r)
{
    uint64_t z = r->state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

int64_t demo_below(struct demo_random *r, int64_t below)
{
    CHECK(below > 0);
    return (int64_t)(next(r) % (uint64_t)below);
}

int64_t demo_between(struct demo_random *r, int64_t lo, int64_t hi)
{
    return lo + demo_below(r, hi - lo + 1);
}

char *demo_pattern(struct arena *a, struct demo_random *r, const char *pattern)
{
    static const char alphabet[] = "0123456789abcdefABCDEFGHIJKLMNOPQRSTUVWXYZghijklmnopqrstuvwxyz";
    enum { DIGITS = 10, HEX = 16, ALL = sizeof alphabet - 1 };
    char *text = arena_strdup(a, pattern);
    for (char *c = text; *c; c++) {
        int choices = *c == '#' ? DIGITS : *c == '~' ? HEX : *c == '@' ? ALL : 0;
        if (choices)
            *c = alphabet[demo_below(r, choices)];
    }
    return text;
}
