/* What a form of an endpoint showed, so that nobody overwrites what he has not seen. */
#include "core/digest.h"
#include "core/json.h"
#include "core/str.h"
#include "refund/announce.h"
#include "refund/endpoint_parts.h"
#include "refund/settings_change.h"

#include <string.h>

enum { MARK_BYTES = 8 };

/* Of what cannot be opened here: another one each time it is sealed. */
static const char *mark(struct arena *a, struct sealed s)
{
    uint8_t digest[DIGEST_BYTES];
    if (s.bytes == NULL)
        return "none";
    digest_sha256(s.bytes, s.n, digest);
    return digest_hex(a, digest, MARK_BYTES);
}

static const char *names_of(struct arena *a, const char *const *events, int n_events)
{
    struct buf b;
    int count;
    const struct announce_name *all = announce_names(&count);
    buf_init(&b, a);
    for (int i = 0; i < count; i++)
        if (endpoint_wants(events, n_events, all[i].name))
            buf_printf(&b, "%s%s", b.len > 0 ? ", " : "", all[i].name);
    return buf_text(&b);
}

const char *endpoint_header_names(struct arena *a, const struct endpoint *p)
{
    struct buf b;
    if (p->header_values.bytes == NULL)
        return NULL;
    struct json_object *names = json_built_in(a, p->headers, strlen(p->headers));
    buf_init(&b, a);
    for (size_t i = 0; i < json_object_array_length(names); i++)
        buf_printf(&b, "%s%s", i > 0 ? ", " : "",
                   json_object_get_string(json_object_array_get_idx(names, i)));
    return buf_text(&b);
}

#define IS_NOW  "was changed meanwhile and is now "
#define ARE_NOW "were changed meanwhile and are now "

const char *const endpoint_seen_fields[ENDPOINT_SEEN] = {"url",    "sign_in", "headers",
                                                         "events", "any_2xx", "state"};

void endpoint_see(struct arena *a, const struct endpoint *p, const char *const *events,
                  int n_events, struct endpoint_seen out[ENDPOINT_SEEN])
{
    const char *user = p->username, *headers = endpoint_header_names(a, p);
    const char *wanted = names_of(a, events, n_events), *why = str_or(p->said, "nobody said why");
    bool disabled = str_eq(p->state, "DISABLED");
    const struct endpoint_seen rows[ENDPOINT_SEEN] = {
        {p->url, arena_printf(a, IS_NOW "%s", p->url)},
        {mark(a, p->password),
         user ? arena_printf(a, IS_NOW "“%s” with a password of its own", user) : IS_NOW "none"},
        {mark(a, p->header_values),
         headers ? arena_printf(a, ARE_NOW "%s, with values of their own", headers)
                 : ARE_NOW "none"},
        {wanted, arena_printf(a, ARE_NOW "%s", wanted)},
        {p->any_2xx ? "on" : "", p->any_2xx ? IS_NOW "on" : IS_NOW "off"},
        {disabled ? "disabled" : "",
         disabled ? arena_printf(a, IS_NOW "disabled (%s)", why) : IS_NOW "enabled"},
    };
    memcpy(out, rows, sizeof rows);
}

void endpoint_note_stale(const struct endpoint_seen now[ENDPOINT_SEEN],
                         const char *const shown[ENDPOINT_SEEN], struct settings_answer *out)
{
    for (int i = 0; i < ENDPOINT_SEEN; i++) {
        if (shown[i] == NULL || str_eq(shown[i], now[i].text))
            continue;
        settings_fault(out, endpoint_seen_fields[i], now[i].fault);
        out->stale = true;
    }
}
