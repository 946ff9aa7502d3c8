#include "portal/paging.h"

#include "core/id.h"
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

enum rc paging_read(const struct req *r, struct paging *out, struct err *e)
{
    const char *older = form_get(&r->query, "older"), *newer = form_get(&r->query, "newer");
    const char *text = older ? older : newer;

    *out = (struct paging){.direction = older ? PAGE_OLDER : newer ? PAGE_NEWER : PAGE_FIRST};
    if (text && !key_parse(r->arena, text, &out->key))
        return ERR(e, RC_INVALID, "This place in the list does not exist.", "page key %s", text);
    return RC_OK;
}

struct paging_edges paging_edges(const struct paging *p, struct page_key first,
                                 struct page_key last, bool more)
{
    return (struct paging_edges){
        .first = first,
        .last = last,
        .has_newer = p->direction == PAGE_OLDER || (p->direction == PAGE_NEWER && more),
        .has_older = p->direction == PAGE_NEWER || more,
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
