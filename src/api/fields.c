#include "api/fields.h"

static const char *text_of(const struct form_field *f, struct api_faults *faults)
{
    if (!f || f->kind == FORM_NULL)
        return NULL;
    if (f->kind == FORM_TEXT || f->kind == FORM_NUMBER)
        return f->value;
    errors_fault(faults, f->name, "must be text");
    return NULL;
}

const char *fields_text_in(const struct form *form, const char *name, struct api_faults *faults)
{
    return text_of(form_field(form, name), faults);
}

const char *fields_text(const struct req *r, const char *name, struct api_faults *faults)
{
    const struct form_field *f = form_field(&r->form, name);
    return text_of(f ? f : form_field(&r->query, name), faults);
}
