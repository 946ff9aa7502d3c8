#include "refund/order_news_read.h"

#include "core/str.h"

void reading_split(struct reading *r, struct json_object *order)
{
    struct order_news *n = r->news;
    struct json_object *told = json_get(json_get(order, "metadata"), "split_settlement_details");
    struct split_ask ask;
    struct err bad;
    if (told == NULL || n->amount_minor <= 0)
        return;
    enum rc rc = split_read(r->arena, json_object_to_json_string(told), &ask, &bad);
    if (rc == RC_OK)
        rc = split_resolve(r->arena, &ask, n->currency, n->amount_minor, &n->parties, &n->n_parties,
                           &bad);
    if (rc != RC_OK)
        reading_fault(r, "", "metadata.split_settlement_details", arena_strdup(r->arena, bad.text));
}

static bool same_parties(const struct party *a, int n_a, const struct party *b, int n_b)
{
    bool same = n_a == n_b;
    for (int i = 0; same && i < n_a; i++)
        same = str_eq(a[i].party, b[i].party) && a[i].amount_minor == b[i].amount_minor;
    return same;
}

enum rc order_news_split_judge(struct telling *x, const struct order_news *n, const struct order *o,
                               const char **why, struct err *e)
{
    struct party *parties;
    int count = 0;
    if (n->n_parties == 0 || !o->is_split_settled)
        return RC_OK;
    enum rc rc = split_of_order(x->q, x->arena, o->id, 0, &parties, &count, e);
    if (rc == RC_OK && !same_parties(n->parties, n->n_parties, parties, count))
        *why = "the order is known with another split settlement";
    return rc;
}

enum rc order_news_split_write(struct telling *x, const struct order_news *n, const struct order *o,
                               struct err *e)
{
    if (n->n_parties == 0 || o->is_split_settled)
        return RC_OK;
    x->changed = true;
    return split_insert_order(x->q, o->id, n->parties, n->n_parties, e);
}
