#include "portal/paging.h"

#include "core/id.h"
#include "core/limits.h"
#include <inttypes.h>
#include <string.h>

/* "1795251667000-01h4v2k9q8c0m" */
static char *key_text(struct arena *a, const struct page_key *key)
{
    return arena_printf(a, "%" PRId64 "-%s", key->at_ms, id_text(a, key->id));
}

static bool key_parse(struct arena *a, const char *text, struct page_key *key)
{
    const char *dash = strchr(text, '-');
    return dash && str_parse_i64(arena_strndup(a, text, (size_t)(dash - text)), &key->at_ms) &&
           id_parse(dash + 1, &key->id);
}

enum rc paging_read(const struct req *r, struct list_page *out, struct err *e)
{
    const char *older = form_get(&r->query, "older"), *newer = form_get(&r->query, "newer");
    const char *text = older ? older : newer;

    struct page_key key = {0};

    *out = (struct list_page){.move = older   ? LIST_NEXT
                                      : newer ? LIST_PREVIOUS
                                              : LIST_FIRST,
                              .rows = LIMIT_PAGE_ROWS_DEFAULT};
    if (text && !key_parse(r->arena, text, &key))
        return ERR(e, RC_INVALID, "This place in the list does not exist.", "page key %s", text);
    out->key_value = key.at_ms;
    out->key_id = key.id;
    return RC_OK;
}

struct paging_edges paging_edges(const struct list_page *p, struct page_key first,
                                 struct page_key last, bool more)
{
    return (struct paging_edges){
        .first = first,
        .last = last,
        .has_newer = p->move == LIST_NEXT || (p->move == LIST_PREVIOUS && more),
        .has_older = p->move == LIST_PREVIOUS || more,
    };
}

void paging_fill(struct arena *a, struct page_node *root, const char *path, const char *rest,
                 const struct paging_edges *edges)
{
    struct page_node *pager = page_child(root, "pager");
    if (edges->has_newer)
        page_set(pager, "newer",
                 arena_printf(a, "%s?newer=%s%s", path, key_text(a, &edges->first), rest));
    if (edges->has_older)
        page_set(pager, "older",
                 arena_printf(a, "%s?older=%s%s", path, key_text(a, &edges->last), rest));
}
