#include "refund/sheet.h"

#include "core/json.h"
#include "core/str.h"

#include <string.h>

#define BASE "at"

static int find(const struct sheet_table *t, const char *path)
{
    for (int i = 0; i < t->n; i++) {
        if (str_eq(t->fields[i].path, path))
            return i;
    }
    return -1;
}

int sheet_index(const struct sheet_table *t, const char *path)
{
    int i = find(t, path);
    CHECK(i >= 0);
    return i;
}

/* Of "card.card_brand" 4; 0: it stands at the top. */
static size_t group_length(const struct sheet_field *f)
{
    const char *dot = strchr(f->path, '.');
    return dot != NULL ? (size_t)(dot - f->path) : 0;
}

static bool is_group(const struct sheet_table *t, const char *key)
{
    size_t n = strlen(key);
    for (int i = 0; i < t->n; i++) {
        if (group_length(&t->fields[i]) == n && strncmp(t->fields[i].path, key, n) == 0)
            return true;
    }
    return false;
}

/* ---- reading a row ------------------------------------------------------------------------------
 */

static const char *column_value(struct arena *a, const struct sheet_field *f, const void *row)
{
    const char *at = (const char *)row + f->column;
    if (f->kind == SHEET_TEXT) {
        const char *text;
        memcpy(&text, at, sizeof text);
        return text;
    }
    int64_t number;
    memcpy(&number, at, sizeof number);
    int64_t absent = f->kind == SHEET_MONEY ? -1 : 0;
    return number == absent ? NULL : arena_printf(a, "%lld", (long long)number);
}

static const char *plain(struct arena *a, struct json_object *value)
{
    return arena_strdup(a, json_object_to_json_string_ext(
                               value, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
}

static void read_group(struct arena *a, const struct sheet_table *t, const char *group,
                       struct json_object *members, struct sheet *out)
{
    json_object_object_foreach(members, key, value)
    {
        int i = find(t, arena_printf(a, "%s.%s", group, key));
        if (i >= 0 && t->fields[i].column == SHEET_NO_COLUMN)
            out->value[i] = plain(a, value);
    }
}

static void read_facts(struct arena *a, const struct sheet_table *t, struct json_object *facts,
                       struct sheet *out)
{
    struct buf extra;
    buf_init(&extra, a);
    json_object_object_foreach(facts, key, value)
    {
        int i = find(t, key);
        if (str_eq(key, SHEET_TIMES)) {
            continue;
        } else if (i >= 0 && t->fields[i].column == SHEET_NO_COLUMN) {
            out->value[i] = plain(a, value);
        } else if (is_group(t, key) && json_object_is_type(value, json_type_object)) {
            read_group(a, t, key, value, out);
        } else {
            struct json_object *name = json_object_new_string(key);
            buf_printf(&extra, "%s%s:", extra.len > 0 ? "," : "", plain(a, name));
            buf_puts(&extra, plain(a, value));
            json_object_put(name);
        }
    }
    out->extra = extra.len > 0 ? buf_text(&extra) : NULL;
}

static int64_t time_of(struct arena *a, struct json_object *told, const char *key,
                       int64_t otherwise)
{
    int64_t ms;
    return str_parse_i64(str_or(json_text(a, told, key), ""), &ms) ? ms : otherwise;
}

void sheet_read_row(struct arena *a, const struct sheet_table *t, const void *row,
                    const char *facts, struct sheet *out)
{
    struct json_object *tree = NULL;
    struct err ignored;
    CHECK(t->n <= SHEET_FIELDS_MAX);
    memset(out, 0, sizeof *out);
    for (int i = 0; i < t->n; i++) {
        if (t->fields[i].column != SHEET_NO_COLUMN)
            out->value[i] = column_value(a, &t->fields[i], row);
    }
    if (str_empty(facts) || str_eq(facts, "{}") ||
        json_read(a, facts, strlen(facts), &tree, &ignored) != RC_OK ||
        !json_object_is_type(tree, json_type_object))
        return;
    read_facts(a, t, tree, out);
    struct json_object *told = json_get(tree, SHEET_TIMES);
    if (told == NULL)
        return;
    int64_t base_ms = time_of(a, told, BASE, 0);
    for (int i = 0; i < t->n; i++) {
        if (out->value[i] != NULL)
            out->at_ms[i] = time_of(a, told, t->fields[i].path, base_ms);
    }
}

/* ---- writing a row ------------------------------------------------------------------------------
 */

static void set_column(const struct sheet_field *f, const char *value, void *row)
{
    char *at = (char *)row + f->column;
    int64_t number = f->kind == SHEET_MONEY ? -1 : 0;
    if (f->kind == SHEET_TEXT) {
        memcpy(at, &value, sizeof value);
        return;
    }
    CHECK(value == NULL || str_parse_i64(value, &number));
    memcpy(at, &number, sizeof number);
}

struct facts {
    struct buf text;
    const char *group; /* the one that is open; NULL: none */
    size_t group_n;
};

static void separate(struct facts *w)
{
    char last = w->text.data[w->text.len - 1];
    if (last != '{')
        buf_putc(&w->text, ',');
}

static void open_group(struct facts *w, const struct sheet_field *f)
{
    size_t n = group_length(f);
    if (n == w->group_n && (n == 0 || strncmp(w->group, f->path, n) == 0))
        return;
    if (w->group_n > 0)
        buf_putc(&w->text, '}');
    if (n > 0) {
        separate(w);
        buf_printf(&w->text, "\"%.*s\":{", (int)n, f->path);
    }
    w->group = f->path;
    w->group_n = n;
}

static void put_fact(struct facts *w, const struct sheet_field *f, const char *value)
{
    open_group(w, f);
    separate(w);
    buf_printf(&w->text, "\"%s\":", f->path + (w->group_n > 0 ? w->group_n + 1 : 0));
    buf_puts(&w->text, value);
}

static void put_times(struct facts *w, const struct sheet_table *t, const struct sheet *s)
{
    int64_t base_ms = 0;
    for (int i = 0; i < t->n; i++) {
        if (s->value[i] != NULL && s->at_ms[i] > base_ms)
            base_ms = s->at_ms[i];
    }
    if (base_ms == 0)
        return;
    separate(w);
    buf_printf(&w->text, "\"" SHEET_TIMES "\":{\"" BASE "\":%lld", (long long)base_ms);
    for (int i = 0; i < t->n; i++) {
        if (s->value[i] != NULL && s->at_ms[i] != base_ms)
            buf_printf(&w->text, ",\"%s\":%lld", t->fields[i].path, (long long)s->at_ms[i]);
    }
    buf_putc(&w->text, '}');
}

const char *sheet_write_row(struct arena *a, const struct sheet_table *t, const struct sheet *s,
                            void *row)
{
    struct facts w = {0};
    buf_init(&w.text, a);
    buf_putc(&w.text, '{');
    for (int i = 0; i < t->n; i++) {
        const struct sheet_field *f = &t->fields[i];
        if (f->column != SHEET_NO_COLUMN)
            set_column(f, s->value[i], row);
        else if (s->value[i] != NULL)
            put_fact(&w, f, s->value[i]);
    }
    if (w.group_n > 0)
        buf_putc(&w.text, '}');
    if (s->extra != NULL) {
        separate(&w);
        buf_puts(&w.text, s->extra);
    }
    put_times(&w, t, s);
    buf_putc(&w.text, '}');
    return buf_text(&w.text);
}

/* ---- merging ------------------------------------------------------------------------------------
 */

bool sheet_merge(const struct sheet_table *t, struct sheet *s, const struct sheet *told,
                 int64_t at_ms)
{
    bool changed = false;
    for (int i = 0; i < t->n; i++) {
        if (told->value[i] == NULL || (s->value[i] != NULL && at_ms < s->at_ms[i]))
            continue;
        if (s->value[i] != NULL && at_ms == s->at_ms[i] && strcmp(s->value[i], told->value[i]) >= 0)
            continue;
        s->at_ms[i] = at_ms;
        s->value[i] = told->value[i];
        changed = true;
    }
    return changed;
}
