#include "api/order_fields.h"
#include "api/fields.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"
#include "refund/order_facts.h"
#include <string.h>

static void read_facts(const struct req *r, struct intake_order *in, struct api_faults *faults)
{
    for (int i = 0; i < LIMIT_UDF_COUNT; i++)
        in->udf[i] = fields_text(r, order_facts_udf_name(i), faults);
    for (int i = 0; i < INTAKE_FACTS; i++) {
        const struct order_fact *f = &order_facts()[i];
        in->facts[i] = f->kind == FACT_TEXT ? fields_text(r, f->name, faults)
                                            : form_object(r->arena, &r->form, f->name);
    }
}

/* As a member of metadata or as a field of its own, an object or JSON text; where metadata itself
 * is JSON text, it is looked up in there. */
static const char *split_told(const struct req *r)
{
    static const char NAME[] = "split_settlement_details";
    const char *text = form_object(r->arena, &r->form, arena_printf(r->arena, "metadata.%s", NAME));
    const struct form_field *whole = form_field(&r->form, "metadata");
    struct json_object *metadata;
    struct err bad;
    if (text || !whole || whole->kind != FORM_TEXT ||
        json_read(r->arena, whole->value, strlen(whole->value), &metadata, &bad) != RC_OK ||
        !json_object_is_type(metadata, json_type_object))
        return text;
    struct json_object *split = json_get(metadata, NAME);
    return json_object_is_type(split, json_type_string) ? json_text(r->arena, metadata, NAME)
           : split                                      ? json_write(r->arena, split)
                                                        : NULL;
}

struct intake_order *order_fields_read(const struct req *r)
{
    struct intake_order *in = arena_alloc(r->arena, sizeof *in);
    struct api_faults *faults = arena_alloc(r->arena, sizeof *faults);
    *in = (struct intake_order){
        .actor = &r->actor,
        .order_id = fields_text(r, "order_id", faults),
        .amount = fields_text(r, "amount", faults),
        .currency = fields_text(r, "currency", faults),
        .customer_id = fields_text(r, "customer_id", faults),
        .customer_email = fields_text(r, "customer_email", faults),
        .customer_phone = fields_text(r, "customer_phone", faults),
        .product_id = fields_text(r, "product_id", faults),
        .description = fields_text(r, "description", faults),
        .return_url = fields_text(r, "return_url", faults),
        .metadata = form_object(r->arena, &r->form, "metadata"),
        .split = split_told(r),
    };
    read_facts(r, in, faults);
    struct intake_fault *found = arena_array(r->arena, API_FAULTS_MAX, sizeof *found);
    for (int i = 0; i < faults->n; i++)
        found[i] = (struct intake_fault){faults->of[i].field, faults->of[i].reason};
    in->found = found;
    in->n_found = faults->n;
    return in;
}

const char *order_fields_id(const struct req *r)
{
    struct api_faults ignored = {0};
    if (r->params[0])
        return r->params[0];
    const char *id = fields_text(r, "order_id", &ignored);
    return id ? id : fields_text(r, "orderId", &ignored);
}

void order_fields_refuse(struct req *r, struct reply *p, const struct intake_fault *faults, int n)
{
    struct api_fault *told = arena_array(r->arena, (size_t)n, sizeof *told);
    for (int i = 0; i < n; i++)
        told[i] = (struct api_fault){faults[i].field, faults[i].reason};
    errors_bad_request(r, p, arena_printf(r->arena, "%s: %s", faults[0].field, faults[0].reason),
                       told, n);
}
