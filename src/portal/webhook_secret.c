#include "portal/webhook_secret.h"

#include "portal/shell.h"
#include "portal/webhook_view.h"

void webhook_secret_show(struct req *r, struct reply *p, const struct merchant *m, int64_t endpoint,
                         const char *url, const char *secret, int64_t old_until_ms)
{
    struct page *page = shell_page(r, "page/webhook_secret", WEBHOOK_TITLE, m);
    struct page_node *root = page_root(page);
    const struct format f = shell_format(m);

    page_set(root, "url", url);
    page_set(root, "secret", secret);
    if (old_until_ms)
        page_set(root, "old_until", format_time_full(r->arena, &f, old_until_ms));
    page_set(root, "back", webhook_view_path(r->arena, endpoint, ""));
    reply_page(p, 200, page);
}
