/* The API page: what the HTTP API takes and answers, with examples for the reader's own merchant.
 * /api-docs has the groups, /api-docs/{group} its routes, /api-docs/fields-{name} an answer. */
#include "portal/api_doc.h"
#include "portal/portal.h"
#include "portal/shell.h"

#include "store/order_list.h"
#include <string.h>

#define PATH          "/api-docs"
#define FIELDS_PREFIX "fields-"
#define NO_ORDER      "ORD_1001" /* for who has none yet, or may not see any */

struct work {
    struct req *req;
    struct merchant merchant;
    struct order_row *orders;
    int n_orders;
};

/* The reader's newest paid order. */
static enum rc read_page(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    struct req *r = w->req;
    const struct order_filter filter = {.merchant = r->actor.merchant, .tab = TAB_CHARGED};
    const struct list_page page = {.rows = 1};
    bool more;
    enum rc rc = merchants_get(q, r->arena, r->actor.merchant, &w->merchant, e);
    if (rc != RC_OK || !shell_may(r, MODULE_ORDERS, RIGHT_READ))
        return rc;
    return order_list_page(q, r->arena, &filter, &page, &w->orders, &w->n_orders, &more, e);
}

static enum rc open_doc(struct work *w, struct api_doc *out, struct err *e)
{
    struct req *r = w->req;
    enum rc rc = sql_read(r->app->db, read_page, w, e);
    if (rc != RC_OK)
        return rc;
    const struct api_reader reader = {
        .base_url = r->app->config.api_url,
        .merchant_id = w->merchant.merchant_id,
        .order_id = w->n_orders > 0 ? w->orders[0].order.order_id : NO_ORDER,
        .txn_id = w->n_orders > 0 && w->orders[0].has_txn
                      ? w->orders[0].txn.txn_id
                      : arena_printf(r->arena, "%s-%s-1", w->merchant.merchant_id, NO_ORDER)};
    *out = api_doc_open(r->arena, &reader);
    return RC_OK;
}

enum rc page_api_docs(struct req *r, struct reply *p, struct err *e)
{
    struct work w = {.req = r};
    struct api_doc doc;
    enum rc rc = open_doc(&w, &doc, e);
    if (rc != RC_OK)
        return rc;
    struct page *page = shell_page(r, "page/api_docs", "API", &w.merchant);
    struct page_node *root = page_root(page);
    page_set(root, "base_url", doc.reader.base_url);
    page_set(root, "merchant_id", doc.reader.merchant_id);
    page_flag(root, "may_keys", shell_may(r, MODULE_SETTINGS, RIGHT_READ));
    page_set(
        root, "curl",
        arena_printf(r->arena, "export API_KEY=…\ncurl -u \"$API_KEY:\" '%s'",
                     web_path(r->arena, arena_printf(r->arena, "%s/orders/", doc.reader.base_url),
                              doc.reader.order_id, "")));
    api_doc_fill_groups(&doc, root);
    reply_page(p, 200, page);
    return RC_OK;
}

enum rc page_api_docs_section(struct req *r, struct reply *p, struct err *e)
{
    struct work w = {.req = r};
    struct api_doc doc;
    const char *section = r->params[0];
    bool is_fields = str_starts(section, FIELDS_PREFIX);
    enum rc rc = open_doc(&w, &doc, e);
    if (rc != RC_OK)
        return rc;
    const char *name = is_fields ? section + strlen(FIELDS_PREFIX) : NULL;
    struct json_object *group = is_fields ? NULL : api_doc_group(&doc, section);
    if (group)
        name = json_text(r->arena, group, "name");
    struct page *page =
        shell_page(r, is_fields ? "page/api_fields" : "page/api_routes",
                   arena_printf(r->arena, "API · %s", str_or(name, "")), &w.merchant);
    struct page_node *root = page_root(page);
    page_set(root, "back", PATH);
    if (group)
        api_doc_fill_routes(&doc, group, root);
    else if (!is_fields || !api_doc_fill_schema(&doc, name, root))
        return ERR(e, RC_NOT_FOUND, "The API's description has no such part.", "%s", section);
    reply_page(p, 200, page);
    return RC_OK;
}
