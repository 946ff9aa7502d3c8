#include "api/fields.h"

const char *fields_text(const struct req *r, const char *name, struct api_faults *faults)
{
    const struct form_field *f = form_field(&r->form, name);
    if (!f)
        f = form_field(&r->query, name);
    if (!f || f->kind == FORM_NULL)
        return NULL;
    if (f->kind == FORM_TEXT || f->kind == FORM_NUMBER)
        return f->value;
    errors_fault(faults, name, "must be text");
    return NULL;
}
