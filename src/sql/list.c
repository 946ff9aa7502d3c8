/*
 * Statements put together from a base block and fragments.
 */
#include "sql/private.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t hash_step(uint32_t h, int value)
{
    return (h ^ (uint32_t)value) * UINT32_C(16777619); /* FNV-1a on whole numbers */
}

static uint32_t list_hash(const struct sql_list *l)
{
    uint32_t h = hash_step(UINT32_C(2166136261), l->base);
    for (int i = 0; i < l->n_fragments; i++)
        h = hash_step(h, l->fragments[i]);
    return h ^ (h >> 16);
}

static bool list_equal(const struct sql_list *a, const struct sql_list *b)
{
    return a->base == b->base && a->n_fragments == b->n_fragments &&
           memcmp(a->fragments, b->fragments, (size_t)a->n_fragments * sizeof a->fragments[0]) == 0;
}

struct sql_slot *sql_list_find(struct sql *q, const struct sql_list *list)
{
    struct sql_list_slot *set = &q->lists[list_hash(list) % LIST_SETS * LIST_WAYS];
    struct sql_list_slot *oldest = NULL;
    for (int i = 0; i < LIST_WAYS; i++) {
        struct sql_list_slot *s = &set[i];
        if (s->used != 0 && list_equal(&s->list, list)) {
            s->used = ++q->list_tick;
            return &s->slot;
        }
        if (!s->slot.busy && (oldest == NULL || s->used < oldest->used))
            oldest = s;
    }
    if (oldest == NULL) {
        struct sql_slot *once = calloc(1, sizeof *once);
        CHECK(once != NULL);
        once->once = true;
        return once;
    }
    if (oldest->slot.stmt != NULL)
        q->ops->finalize(oldest->slot.stmt);
    oldest->slot.stmt = NULL;
    oldest->list = *list;
    oldest->used = ++q->list_tick;
    return &oldest->slot;
}

static int check_block_args(const struct sql_block *b, struct sql_args args, int at)
{
    for (const char *letter = b->in; *letter != '\0'; letter++, at++)
        CHECK(at < args.n && args.v[at].type == *letter);
    return at;
}

void sql_list_check_args(const struct sql_catalog *catalog, const struct sql_list *list,
                         struct sql_args args)
{
    CHECK(list->base >= 0 && list->base < catalog->n_blocks);
    CHECK(list->n_fragments >= 0 && list->n_fragments <= LIMIT_SQL_FRAGMENTS);
    CHECK(args.n <= LIMIT_SQL_ARGS);
    CHECK(!catalog->blocks[list->base].fragment);
    int at = check_block_args(&catalog->blocks[list->base], args, 0);
    for (int i = 0; i < list->n_fragments; i++) {
        int f = list->fragments[i];
        CHECK(f >= 0 && f < catalog->n_blocks && catalog->blocks[f].fragment);
        at = check_block_args(&catalog->blocks[f], args, at);
    }
    CHECK(at == args.n);
}

/* Copies the text with its $k written as $(k + offset), quoted parts as they are. */
static void put_renumbered(FILE *to, const char *text, int offset)
{
    bool quoted = false;
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '\'')
            quoted = !quoted;
        (void)fputc(*p, to);
        if (*p != '$' || quoted)
            continue;
        int number = 0;
        while (p[1] >= '0' && p[1] <= '9')
            number = number * 10 + (*++p - '0');
        (void)fprintf(to, "%d", number + offset);
    }
}

char *sql_list_compose(const struct sql_catalog *catalog, const struct sql_list *list)
{
    char *text = NULL;
    size_t n = 0;
    FILE *to = open_memstream(&text, &n);
    CHECK(to != NULL);
    const struct sql_block *b = &catalog->blocks[list->base];
    (void)fputs(b->text, to);
    size_t offset = strlen(b->in);
    for (int i = 0; i < list->n_fragments; i++) {
        b = &catalog->blocks[list->fragments[i]];
        (void)fputc(' ', to);
        put_renumbered(to, b->text, (int)offset);
        offset += strlen(b->in);
    }
    CHECK(fclose(to) == 0 && text != NULL);
    return text;
}
