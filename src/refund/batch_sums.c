/*
 * What a file asks for, by currency and gateway.
 */
#include "core/limits.h"
#include "core/money.h"
#include "core/str.h"
#include "refund/batch_rows.h"

static struct batch_total *total_of(struct batch_sums *s, struct arena *a, const char *currency,
                                    const char *gateway)
{
    for (int i = 0; i < s->n; i++) {
        if (str_eq(s->totals[i].currency, currency) && str_eq(s->totals[i].gateway, gateway))
            return &s->totals[i];
    }
    if (s->n == LIMIT_BATCH_TOTALS)
        return NULL;
    struct batch_total *t = &s->totals[s->n++];
    *t = (struct batch_total){.currency = arena_strdup(a, currency),
                              .gateway = arena_strdup(a, gateway)};
    return t;
}

bool batch_sums_add(struct batch_sums *s, struct arena *a, struct batch *b,
                    const struct batch_row *r)
{
    bool good = str_eq(r->verdict, BATCH_VERDICT_OK);
    b->rows_total++;
    b->rows_bad += !good;
    if (r->currency == NULL || r->amount_minor < 0)
        return true;
    struct batch_total *t = total_of(s, a, r->currency, str_or(r->gateway, ""));
    int64_t *sum = t == NULL ? NULL : good ? &t->good_minor : &t->bad_minor;
    if (t == NULL || !money_add(*sum, r->amount_minor, sum) || *sum > MONEY_MAX_MINOR)
        return false;
    t->rows_good += good;
    t->rows_bad += !good;
    return true;
}

void batch_sums_main(const struct batch_sums *s, struct batch *b)
{
    int64_t most = 0;
    for (int i = 0; i < s->n; i++) {
        int64_t rows = 0, sum = 0;
        for (int k = 0; k < s->n; k++) {
            const struct batch_total *t = &s->totals[k];
            if (!str_eq(t->currency, s->totals[i].currency))
                continue;
            rows += t->rows_good + t->rows_bad;
            (void)(money_add(sum, t->good_minor, &sum) && money_add(sum, t->bad_minor, &sum));
        }
        if (rows <= most)
            continue;
        most = rows;
        b->currency = s->totals[i].currency;
        b->amount_minor = sum;
    }
}
