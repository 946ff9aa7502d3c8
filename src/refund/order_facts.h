/*
 * What of an order is only kept and told again (orders.facts, a JSON object): udf1 … udf10,
 * metadata, and the fields of one table: addresses, order_type, offers, payment_links.
 */
#ifndef REFUND_ORDER_FACTS_H
#define REFUND_ORDER_FACTS_H

#include "refund/intake.h"

enum order_fact_kind { FACT_TEXT, FACT_OBJECT, FACT_ARRAY };

struct order_fact {
    const char *name; /* in requests, in the facts and in the order's body */
    size_t most_bytes;
    enum order_fact_kind kind;
    bool is_address; /* may be changed by POST /orders/{order_id} */
};

/* INTAKE_FACTS of them, in the order of intake_order.facts. */
const struct order_fact *order_facts(void);

/* udf1 … udf10 by number from 0. */
const char *order_facts_udf_name(int i);

/* `stored` (JSON text, NULL: nothing yet) with everything that `in` tells put over it, as JSON text
 * in the arena. What is too long or not of its kind becomes a fault of *out and is left out. */
const char *order_facts_merge(struct arena *a, const char *stored, const struct intake_order *in,
                              struct intake_answer *out);

/* The ten udf values of stored facts, NULL where there is none. */
const char *const *order_facts_udf(struct arena *a, const char *stored);

#endif
