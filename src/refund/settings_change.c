#include "refund/settings_change.h"

#include "core/str.h"
#include "store/audit.h"

struct settings_change settings_change_new(struct arena *a)
{
    return (struct settings_change){json_object_in(a), json_object_in(a), false};
}

void settings_change_note(struct settings_change *c, const char *field, const char *before,
                          const char *after)
{
    if (str_eq(before, after))
        return;
    json_put_text(c->before, field, before);
    json_put_text(c->after, field, after);
    c->any = true;
}

enum rc settings_change_audit(struct sql *q, struct arena *a, const struct actor *actor,
                              int64_t now_ms, const char *action, const char *subject,
                              const struct settings_change *c, struct err *e)
{
    struct json_object *detail = json_object_in(a);
    json_put(detail, "before", c->before);
    json_put(detail, "after", c->after);
    const struct audit_entry entry = {.merchant = actor->merchant,
                                      .at_ms = now_ms,
                                      .actor = actor->name,
                                      .action = action,
                                      .subject = subject,
                                      .detail = json_write(a, detail)};
    return audit_add(q, &entry, e);
}

void settings_fault(struct settings_answer *out, const char *field, const char *reason)
{
    if (out->n_faults < SETTINGS_MAX_FAULTS)
        out->faults[out->n_faults++] = (struct setting_fault){field, reason};
}
