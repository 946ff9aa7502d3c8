#include "refund/profile.h"

#include "core/str.h"
#include "refund/settings_change.h"
#include "sql/sql.h"

#include <stdlib.h>
#include <string.h>

static bool is_among(const struct mail_choice *c, const char *kind)
{
    for (int i = 0; i < c->n_kinds; i++) {
        if (str_eq(c->kinds[i], kind))
            return true;
    }
    return false;
}

enum rc profile_mails_get(struct sql *q, struct arena *a, int64_t user,
                          const unsigned char rights[MODULE_COUNT], struct profile_mails *out,
                          struct err *e)
{
    struct mail_choice choice;
    *out = (struct profile_mails){0};
    enum rc rc = mails_choice(q, a, user, &choice, e);
    if (rc != RC_OK)
        return rc;
    bool never_chose = choice.email == NULL && choice.n_kinds == 0;
    out->email = choice.email;
    for (int i = 0; i < OCCASION_COUNT; i++)
        out->wants[i] =
            occasion_allowed(i, rights) && (never_chose ? occasion_row(i)->needs_person
                                                        : is_among(&choice, occasion_row(i)->name));
    return RC_OK;
}

/* "manual_review, rejected" */
static const char *kinds_text(struct arena *a, const struct mail_choice *c)
{
    struct buf b;
    buf_init(&b, a);
    for (int i = 0; i < c->n_kinds; i++)
        buf_printf(&b, "%s%s", i > 0 ? ", " : "", c->kinds[i]);
    return buf_text(&b);
}

/* In the order of their names, as the store reads them. */
static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

struct mail_choice profile_choice(struct arena *a, const struct profile_mails *m,
                                  const unsigned char rights[MODULE_COUNT])
{
    struct mail_choice c = {m->email, arena_array(a, OCCASION_COUNT, sizeof *c.kinds), 0};
    for (int i = 0; i < OCCASION_COUNT; i++) {
        if (m->wants[i] && occasion_allowed(i, rights))
            c.kinds[c.n_kinds++] = occasion_row(i)->name;
    }
    qsort(c.kinds, (size_t)c.n_kinds, sizeof *c.kinds, by_name);
    return c;
}

struct saving {
    struct app *app;
    struct arena *arena;
    const struct actor *actor;
    const struct profile_mails *mails;
    struct settings_answer *out;
};

static enum rc save_fn(struct sql *q, void *arg, struct err *e)
{
    const struct saving *s = arg;
    const struct actor *actor = s->actor;
    struct settings_change change = settings_change_new(s->arena);
    const struct mail_choice now = profile_choice(s->arena, s->mails, actor->rights);
    struct mail_choice was;
    enum rc rc = mails_choice(q, s->arena, actor->user, &was, e);
    if (rc != RC_OK)
        return rc;
    settings_change_note(&change, "email", was.email, now.email);
    settings_change_note(&change, "mails", kinds_text(s->arena, &was), kinds_text(s->arena, &now));
    s->out->changed = change.any;
    if (!change.any)
        return RC_OK;
    rc = mails_choose(q, actor->user, &now, e);
    if (rc == RC_OK)
        rc = settings_change_audit(q, s->arena, actor, clock_wall_ms(&s->app->clock), "user.mails",
                                   actor->name, &change, e);
    return rc;
}

enum rc profile_save(struct app *app, struct arena *a, const struct actor *actor,
                     const struct profile_mails *m, struct settings_answer *out, struct err *e)
{
    struct saving s = {app, a, actor, m, out};
    const char *fault = m->email == NULL ? NULL : occasion_address_fault(m->email);
    *out = (struct settings_answer){0};
    if (fault != NULL) {
        settings_fault(out, "email", fault);
        return RC_OK;
    }
    return sql_tx(app->db, save_fn, &s, e);
}
