#include "portal/list_parts.h"

#include "core/clock.h"
#include "core/str.h"
#include "web/percent.h"

#include <string.h>

enum { NAME_BYTES = 150 }; /* of a file name, before its time: folders take 255 */

/* Every parameter that stays when one changes; place in the list (after, before) never does. */
static int collect(const struct list_view *v, struct list_choice out[LIST_MAX_PARAMS])
{
    const struct list_choice fixed[] = {
        {"tab", v->kind->tabs[v->tab].value},
        {"period", v->period},
        {"from", v->from},
        {"to", v->to},
        {"currency", v->currency},
        {"least", v->least},
        {"most", v->most},
        {"sort", v->page.sort == SORT_AMOUNT ? "amount" : NULL},
        {"order", v->page.ascending ? "asc" : NULL},
        {"rows", form_get(&v->req->query, "rows")},
    };
    int n = 0;
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        out[n++] = (struct list_choice){fixed[i].value, fixed[i].label};
    for (int i = 0; i < v->kind->n_filters; i++)
        out[n++] = (struct list_choice){v->kind->filters[i].param, v->values[i]};
    CHECK(n <= LIST_MAX_PARAMS);
    return n;
}

static void add(struct buf *b, const char *name, const char *value)
{
    if (str_empty(value))
        return;
    buf_putc(b, strchr(buf_text(b), '?') == NULL ? '?' : '&');
    buf_puts(b, name);
    buf_putc(b, '=');
    buf_puts(b, percent_encode(b->arena, value));
}

char *list_address(const struct list_view *v, const char *prefix, const struct list_choice *changes,
                   int n_changes)
{
    struct list_choice params[LIST_MAX_PARAMS];
    struct buf b;
    int n = collect(v, params);
    buf_init(&b, v->req->arena);
    buf_puts(&b, prefix);
    buf_puts(&b, v->kind->path);
    for (int i = 0; i < n; i++) {
        bool changed = false;
        for (int k = 0; k < n_changes; k++)
            changed = changed || str_eq(changes[k].value, params[i].value);
        if (!changed)
            add(&b, params[i].value, params[i].label);
    }
    for (int k = 0; k < n_changes; k++)
        add(&b, changes[k].value, changes[k].label);
    return arena_strdup(v->req->arena, buf_text(&b));
}

char *list_href(const struct list_view *v, const char *prefix, const char *param, const char *value)
{
    const struct list_choice change = {param, value};
    return list_address(v, prefix, &change, param != NULL);
}

char *list_file_name(const struct list_view *v, const char *noun)
{
    struct arena *a = v->req->arena;
    struct list_choice params[LIST_MAX_PARAMS];
    struct buf b;
    int n = collect(v, params);
    buf_init(&b, a);
    buf_puts(&b, noun);
    for (int i = 0; i < n; i++) {
        const char *said = params[i].label;
        if (str_empty(said) || str_eq(params[i].value, "rows") || b.len > NAME_BYTES)
            continue;
        buf_printf(&b, "_%s-", params[i].value);
        for (const char *p = said; *p != '\0' && b.len <= NAME_BYTES; p++)
            buf_putc(&b, strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-",
                                *p) != NULL
                             ? *p
                             : '_');
    }
    const char *at = clock_iso(a, v->req->now_ms);
    buf_printf(&b, "_%.13s%.2sZ.csv", at, at + 14);
    return arena_strdup(a, buf_text(&b));
}
