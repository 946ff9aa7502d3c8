#include "endpoints.h"

#include "core/id.h"
#include "core/limits.h"
#include "support/suite.h"
#include <string.h>

static struct seal_secret worker;

void endpoints_open(void)
{
    struct err e;
    rig_open();
    const char *secret = arena_printf(desk.arena, "%s/worker.key", desk.folder);
    const char *pub = arena_printf(desk.arena, "%s/worker.pub", desk.folder);
    ck_assert_int_eq(secret_keys_create(secret, pub, &e), RC_OK);
    ck_assert_int_eq(secret_load_secret(secret, &worker, &e), RC_OK);
    rig_app.worker_key = worker.pub;
}

static enum rc look_fn(struct sql *q, void *arg, struct err *e)
{
    struct look *l = arg;
    enum rc rc = endpoints_get(q, desk.arena, desk.merchant, l->id, &l->endpoint, e);
    if (rc == RC_OK)
        rc = endpoints_events(q, desk.arena, desk.merchant, l->id, &l->events, &l->n_events, e);
    return rc == RC_OK ? deliveries_list(q, desk.arena, l->id, NULL, 0, 0, LIMIT_PAGE_ROWS,
                                         &l->rows, &l->n_rows, e)
                       : rc;
}

struct look look_at(int64_t id)
{
    struct look l = {.id = id};
    desk_look(look_fn, &l);
    return l;
}

const char *open_sealed(struct sealed s)
{
    size_t n;
    return s.bytes ? secret_open(desk.arena, &worker, s.bytes, s.n, &n) : NULL;
}

char *between(const char *html, const char *before, const char *end)
{
    const char *at = strstr(html, before);
    ck_assert_msg(at != NULL, "no %s in: %s", before, html);
    at += strlen(before);
    return arena_strndup(desk.arena, at, strcspn(at, end));
}

char *with_id(const char *rest)
{
    const char *page = rig_expect(rig_ask(RIG_ADMIN, PAGE "/new", NULL), 200, "New endpoint");
    return arena_printf(desk.arena, "id=%s&%s", rig_input(page, "id"), rest);
}

struct made make_with(const char *rest)
{
    struct made m;
    const char *html =
        rig_expect(rig_ask(RIG_ADMIN, PAGE "/new", with_id(rest)), 200, "Copy it now");
    m.secret = between(html, "data-once>", "<");
    m.path =
        arena_printf(desk.arena, PAGE "/%s", between(html, "btn-primary\" href=\"" PAGE "/", "\""));
    ck_assert(id_parse(m.path + strlen(PAGE "/"), &m.id));
    return m;
}

struct made make(void)
{
    return make_with(URL_FORM "&event_ORDER_REFUNDED=1&event_ORDER_FAILED=1");
}

struct reply act(struct made m, const char *path, const char *body)
{
    return rig_ask(RIG_ADMIN, arena_printf(desk.arena, "%s/%s", m.path, path), body);
}

struct made make_with_secrets(void)
{
    return make_with(URL_FORM
                     "&event_ORDER_FAILED=1&sign_in=replace&username=desk&password=" PASSWORD
                     "&headers=replace&header_name_1=X-Shop&header_value_1=" VALUE);
}
