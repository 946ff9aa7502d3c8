#include "refund/endpoint_form.h"

#include "core/id.h"
#include "core/json.h"
#include "core/str.h"
#include "refund/announce.h"
#include "refund/endpoint_parts.h"
#include "refund/endpoint_rules.h"
#include "refund/settings_change.h"

#include <string.h>

/* ---- what the log says -------------------------------------------------------------------------
 */

bool endpoint_wants(const char *const *events, int n, const char *name)
{
    for (int i = 0; i < n; i++)
        if (str_eq(events[i], name))
            return true;
    return false;
}

struct json_object *endpoint_shown(struct arena *a, const struct endpoint *p,
                                   const char *const *events, int n_events)
{
    struct json_object *o = json_object_in(a), *names = json_array_in(a);
    int count;
    const struct announce_name *all = announce_names(&count);
    json_put_text(o, "url", p->url);
    json_put_text(o, "state", p->state);
    json_put_text(o, "username", p->username);
    json_put_text(o, "password", p->password.bytes ? "set" : NULL);
    json_put(o, "headers", json_built_in(a, p->headers, strlen(p->headers)));
    json_put_text(o, "delivered", p->any_2xx ? "any 2xx" : "200");
    for (int i = 0; i < count; i++)
        if (endpoint_wants(events, n_events, all[i].name))
            json_add(names, json_object_new_string(all[i].name));
    json_put(o, "events", names);
    return o;
}

enum rc endpoint_audit(struct sql *q, struct app *app, struct arena *a, const struct actor *actor,
                       const char *action, int64_t id, struct json_object *before,
                       struct json_object *after, struct err *e)
{
    const struct settings_change c = {before, after, true};
    return settings_change_audit(q, a, actor, clock_wall_ms(&app->clock), action, id_text(a, id),
                                 &c, e);
}

struct sealed endpoint_sealed(struct app *app, struct arena *a, const char *text)
{
    struct sealed s;
    s.bytes = secret_seal(a, &app->worker_key, text, strlen(text), &s.n);
    return s;
}

/* ---- addresses ---------------------------------------------------------------------------------
 */

/* What stands between "//" and the path, in small letters. */
static const char *authority(struct arena *a, const char *url)
{
    const char *at = strstr(url, "://");
    at = at ? at + 3 : url;
    return str_lower(a, arena_strndup(a, at, strcspn(at, "/?#")));
}

const char *endpoint_host(struct arena *a, const char *url)
{
    const char *host = authority(a, url);
    return host[0] == '[' ? arena_strndup(a, host, strcspn(host, "]") + 1)
                          : arena_strndup(a, host, strcspn(host, ":"));
}

static const char *origin(struct arena *a, const char *url)
{
    bool plain = str_starts(str_lower(a, url), "http:");
    const char *host = authority(a, url), *usual = plain ? ":80" : ":443";
    size_t n = strlen(host) - (str_ends(host, usual) ? strlen(usual) : 0);
    return arena_printf(a, "%s//%.*s", plain ? "http:" : "https:", (int)n, host);
}

bool endpoint_same_origin(struct arena *a, const char *url, const char *other)
{
    return str_eq(origin(a, url), origin(a, other));
}

/* ---- checking ----------------------------------------------------------------------------------
 */

struct work {
    struct app *app;
    struct arena *arena;
    const struct actor *actor;
    const struct endpoint_wish *wish;
    struct endpoint_answer *out;
    struct sealed password, header_values, secret;
    const char *headers;
};

static void fault(struct endpoint_answer *out, const char *field, const char *reason)
{
    if (reason)
        settings_fault(&out->checked, field, reason);
}

static bool has_control(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s < 0x20 || *s == 0x7f)
            return true;
    return false;
}

static const char *value_fault(const char *s)
{
    if (str_empty(s))
        return "is missing";
    if (strlen(s) > LIMIT_ENDPOINT_VALUE)
        return "is longer than 1024 bytes";
    return has_control(s) ? "has a line break or another control character: take it out" : NULL;
}

static void check_sign_in(struct endpoint_answer *out, const struct endpoint_wish *wish)
{
    const char *bad = value_fault(wish->username);
    if (wish->sign_in != ENDPOINT_REPLACE)
        return;
    if (!bad && strchr(wish->username, ':'))
        bad = "has a colon, which Basic authentication cannot send in a user name";
    fault(out, "username", bad);
    fault(out, "password", value_fault(wish->password));
}

/* The first that is wrong with each, so that a form of nonsense stays readable. */
static void check_headers(struct arena *a, struct endpoint_answer *out,
                          const struct endpoint_wish *wish)
{
    if (wish->headers_how != ENDPOINT_REPLACE)
        return;
    if (wish->n_headers == 0)
        fault(out, "headers", "are missing: write at least one, or choose none");
    for (int i = 0; i < wish->n_headers; i++) {
        const struct endpoint_header *h = &wish->headers[i];
        const char *bad = endpoint_rules_header(h->name, h->value);
        for (int k = 0; !bad && k < i; k++)
            if (str_ieq(wish->headers[k].name, h->name))
                bad = "stands here twice";
        if (bad) {
            fault(out, "headers", arena_printf(a, "cannot be used: number %d %s", i + 1, bad));
            return;
        }
    }
}

static void check_events(struct endpoint_answer *out, const struct endpoint_wish *wish)
{
    if (wish->n_events == 0)
        fault(out, "events", "are missing: choose at least one");
    for (int i = 0; i < wish->n_events; i++) {
        if (!announce_is_public(wish->events[i])) {
            fault(out, "events", "name one that does not exist: open the form again");
            return;
        }
    }
}

static void check(const struct work *w)
{
    const struct endpoint_wish *wish = w->wish;
    fault(w->out, "url", endpoint_rules_url(wish->url, w->app->config.webhook_allow_private));
    check_sign_in(w->out, wish);
    check_headers(w->arena, w->out, wish);
    check_events(w->out, wish);
}

static void seal_all(struct work *w)
{
    const struct endpoint_wish *wish = w->wish;
    struct json_object *names = json_array_in(w->arena), *values = json_object_in(w->arena);
    if (wish->sign_in == ENDPOINT_REPLACE)
        w->password = endpoint_sealed(w->app, w->arena, wish->password);
    if (wish->headers_how == ENDPOINT_REPLACE) {
        for (int i = 0; i < wish->n_headers; i++) {
            json_add(names, json_object_new_string(wish->headers[i].name));
            json_put_text(values, wish->headers[i].name, wish->headers[i].value);
        }
        w->header_values = endpoint_sealed(w->app, w->arena, json_write(w->arena, values));
    }
    w->headers = json_write(w->arena, names);
}

/* Puts what the form says into the row; what it keeps stays. */
static void take(const struct work *w, struct endpoint *p)
{
    const struct endpoint_wish *wish = w->wish;
    p->url = wish->url;
    p->any_2xx = wish->any_2xx;
    p->updated_ms = clock_wall_ms(&w->app->clock);
    if (wish->sign_in != ENDPOINT_KEEP) {
        p->username = wish->sign_in == ENDPOINT_REPLACE ? wish->username : NULL;
        p->password = w->password;
    }
    if (wish->headers_how != ENDPOINT_KEEP) {
        p->headers = w->headers;
        p->header_values = w->header_values;
    }
}

/* ---- a new one ---------------------------------------------------------------------------------
 */

/* The row that this form made before. */
static enum rc find_again(struct sql *q, struct work *w, struct err *e)
{
    struct endpoint before;
    struct err none;
    enum rc rc = endpoints_any(q, w->arena, w->wish->id, &before, &none);
    w->out->again = rc == RC_OK;
    if (rc == RC_OK && before.merchant != w->actor->merchant)
        return ERR(e, RC_CONFLICT, "This form cannot be used: open it again.", "id of another");
    if (rc == RC_OK || rc == RC_NOT_FOUND)
        return RC_OK;
    *e = none;
    return rc;
}

static enum rc check_room(struct sql *q, const struct work *w, struct err *e)
{
    struct endpoint *rows;
    int count;
    enum rc rc = endpoints_list(q, w->arena, w->actor->merchant, &rows, &count, e);
    if (rc == RC_OK && count >= LIMIT_ENDPOINTS)
        return ERR(
            e, RC_CONFLICT,
            arena_printf(w->arena, "There are %d endpoints already: delete one first.", count),
            "%d endpoints", count);
    return rc;
}

static enum rc create_fn(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    const struct endpoint_wish *wish = w->wish;
    struct endpoint p = {.id = wish->id,
                         .merchant = w->actor->merchant,
                         .secret = w->secret,
                         .state = "ACTIVE",
                         .headers = "[]",
                         .created_by = w->actor->name};
    take(w, &p);
    p.created_ms = p.updated_ms;
    enum rc rc = find_again(q, w, e);
    if (rc != RC_OK || w->out->again)
        return rc;
    rc = check_room(q, w, e);
    if (rc == RC_OK)
        rc = endpoints_insert(q, &p, e);
    if (rc == RC_OK)
        rc = endpoints_set_events(q, p.merchant, p.id, wish->events, wish->n_events, e);
    if (rc == RC_OK)
        rc = endpoint_audit(q, w->app, w->arena, w->actor, "endpoint.added", p.id, NULL,
                            endpoint_shown(w->arena, &p, wish->events, wish->n_events), e);
    return rc;
}

enum rc endpoint_create(struct app *app, struct arena *a, const struct actor *actor,
                        const struct endpoint_wish *wish, struct endpoint_answer *out,
                        struct err *e)
{
    struct work w = {.app = app, .arena = a, .actor = actor, .wish = wish, .out = out};
    *out = (struct endpoint_answer){0};
    check(&w);
    /* ids rise with time: one that is yet to come could be another row's */
    if (wish->id <= 0 || wish->id >= id_new())
        fault(out, "id", "was too old to be used: look at it once more and send it again");
    if (out->checked.n_faults > 0)
        return RC_OK;
    seal_all(&w);
    out->secret = webhook_secret_new(a);
    w.secret = endpoint_sealed(app, a, out->secret);
    return sql_tx(app->db, create_fn, &w, e);
}

/* ---- changing one ------------------------------------------------------------------------------
 */

/* Whoever may change settings must not read a password by sending it elsewhere. */
static void check_kept(struct work *w, const struct endpoint *p)
{
    if (endpoint_same_origin(w->arena, p->url, w->wish->url))
        return;
    if (w->wish->sign_in == ENDPOINT_KEEP && p->username)
        fault(w->out, "sign_in", "is for another host: enter it again, or choose none");
    if (w->wish->headers_how == ENDPOINT_KEEP && p->header_values.bytes)
        fault(w->out, "headers", "are for another host: enter them again, or choose none");
}

static void check_stale(struct work *w, const struct endpoint *p, const char *const *events,
                        int n_events)
{
    struct endpoint_seen now[ENDPOINT_SEEN];
    endpoint_see(w->arena, p, events, n_events, now);
    endpoint_note_stale(now, w->wish->shown, &w->out->checked);
}

static void note_replaced(const struct work *w, struct json_object *after)
{
    if (w->wish->sign_in == ENDPOINT_REPLACE)
        json_put_text(after, "password", "replaced");
    if (w->wish->headers_how == ENDPOINT_REPLACE)
        json_put_text(after, "header_values", "replaced");
}

static enum rc change_fn(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    const struct endpoint_wish *wish = w->wish;
    struct arena *a = w->arena;
    struct settings_answer *out = &w->out->checked;
    struct endpoint was, p;
    const char **events;
    int n_events;
    *out = (struct settings_answer){0};
    enum rc rc = endpoints_get(q, a, w->actor->merchant, wish->id, &was, e);
    if (rc == RC_OK)
        rc = endpoints_events(q, a, was.merchant, was.id, &events, &n_events, e);
    if (rc != RC_OK)
        return rc;
    p = was;
    take(w, &p);
    if (str_eq(p.state, "DISABLED")) {
        p.state = "ACTIVE";
        p.said = NULL;
    }
    struct json_object *before = endpoint_shown(a, &was, events, n_events);
    struct json_object *after = endpoint_shown(a, &p, wish->events, wish->n_events);
    note_replaced(w, after);
    if (str_eq(json_write(a, before), json_write(a, after)))
        return RC_OK;
    check_stale(w, &was, events, n_events);
    if (!out->stale)
        check_kept(w, &was);
    if (out->n_faults > 0)
        return RC_OK;
    out->changed = true;
    rc = endpoints_update(q, &p, e);
    if (rc == RC_OK)
        rc = endpoints_set_events(q, p.merchant, p.id, wish->events, wish->n_events, e);
    return rc == RC_OK
               ? endpoint_audit(q, w->app, a, w->actor, "endpoint.changed", p.id, before, after, e)
               : rc;
}

enum rc endpoint_change(struct app *app, struct arena *a, const struct actor *actor,
                        const struct endpoint_wish *wish, struct endpoint_answer *out,
                        struct err *e)
{
    struct work w = {.app = app, .arena = a, .actor = actor, .wish = wish, .out = out};
    *out = (struct endpoint_answer){0};
    check(&w);
    if (out->checked.n_faults > 0)
        return RC_OK;
    seal_all(&w);
    return sql_tx(app->db, change_fn, &w, e);
}
