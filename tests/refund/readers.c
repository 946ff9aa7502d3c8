#include "refund/readers.h"

#include "core/id.h"
#include "core/limits.h"
#include "core/str.h"
#include "refund/shop.h"
#include "store/users.h"
#include <check.h>

struct mail readers_mail;

struct adding {
    const char *name, *role;
    const char *const *kinds;
};

static enum rc add_fn(struct sql *q, void *arg, struct err *e)
{
    const struct adding *x = arg;
    const char *kinds[OCCASION_COUNT];
    struct user u = {.id = id_new(),
                     .merchant = desk.merchant,
                     .name = x->name,
                     .password_hash = "-",
                     .role = x->role,
                     .created_ms = SHOP_NOW_MS};
    struct mail_choice choice = {arena_printf(desk.arena, "%s@example.com", x->name), kinds, 0};
    while (x->kinds[choice.n_kinds] != NULL) {
        kinds[choice.n_kinds] = x->kinds[choice.n_kinds];
        choice.n_kinds++;
    }
    ck_assert(users_role_rights(u.role, u.rights));
    enum rc rc = users_insert(q, &u, e);
    return rc == RC_OK ? mails_choose(q, u.id, &choice, e) : rc;
}

void readers_add(const char *name, const char *role, const char *const kinds[])
{
    struct adding x = {name, role, kinds};
    desk_write(add_fn, &x);
}

static enum rc disable_fn(struct sql *q, void *arg, struct err *e)
{
    struct user u;
    enum rc rc = users_by_name(q, desk.arena, arg, &u, e);
    return rc == RC_OK ? users_disable(q, u.id, e) : rc;
}

void readers_disable(const char *name)
{
    char *copy = arena_strdup(desk.arena, name);
    desk_write(disable_fn, copy);
}

struct reading {
    struct mail *rows;
    int n;
};

static enum rc read_fn(struct sql *q, void *arg, struct err *e)
{
    struct reading *x = arg;
    return mails_list(q, desk.arena, desk.merchant, LIMIT_MAILS_SHOWN, &x->rows, &x->n, e);
}

int readers_told(const char *kind, const char *address)
{
    struct reading x;
    int n = 0;
    desk_look(read_fn, &x);
    for (int i = 0; i < x.n; i++) {
        const struct mail *m = &x.rows[i];
        if ((kind != NULL && !str_eq(kind, m->kind)) ||
            (address != NULL && !str_eq(address, m->address)))
            continue;
        readers_mail = *m;
        n++;
    }
    return n;
}
