#include "core/id.h"
#include "core/secret.h"
#include "core/str.h"
#include "ctl/commands.h"
#include "ctl/secrets.h"
#include "refund/profile.h"
#include "store/users.h"
#include <stdio.h>
#include <string.h>

enum { NAME_MAX_BYTES = 100 };

const struct ctl_option user_add_options[] = {
    {"--role", "ROLE", "admin, maker, checker or viewer"},
    {"--merchant", "MERCHANT_ID", "which merchant; needed when there are several"},
    {"--generate", NULL, "make a password and show it"},
    {"--email", "ADDRESS", "where the user gets mails of what needs a person; default: nowhere"},
    {0},
};

const struct ctl_option password_options[] = {
    {"--generate", NULL, "make a password and show it"},
    {0},
};

struct change {
    struct ctl *c;
    const char *name;
    char hash[SECRET_HASH_MAX];
    struct user user;
    const char *email;
    struct user *rows;
    int count;
};

/* ---- mails
 * ------------------------------------------------------------------------------------------- */

/* Those that need a person, where the user never chose. */
static enum rc set_email(struct sql *q, struct change *x, struct err *e)
{
    struct profile_mails mails;
    enum rc rc = profile_mails_get(q, x->c->arena, x->user.id, x->user.rights, &mails, e);
    if (rc != RC_OK)
        return rc;
    mails.email = x->email;
    const struct mail_choice choice = profile_choice(x->c->arena, &mails, x->user.rights);
    return mails_choose(q, x->user.id, &choice, e);
}

static enum rc check_email(struct change *x, struct err *e)
{
    const char *fault = x->email == NULL ? NULL : occasion_address_fault(x->email);
    if (fault != NULL)
        return ERR(e, RC_INVALID, arena_printf(x->c->arena, "The e-mail address %s.", fault),
                   "email");
    return RC_OK;
}

static enum rc change_email(struct sql *q, void *arg, struct err *e)
{
    struct change *x = arg;
    enum rc rc = users_by_name(q, x->c->arena, x->name, &x->user, e);
    if (rc == RC_OK)
        rc = set_email(q, x, e);
    if (rc != RC_OK)
        return rc;
    return ctl_audit(q, x->c, x->user.merchant, "user.mails", x->name,
                     (const char *const[]){"email", str_or(x->email, "none"), NULL}, e);
}

enum rc cmd_user_email(struct ctl *c, struct err *e)
{
    struct change x = {.c = c, .name = c->arguments[0]};
    x.email = str_eq(c->arguments[1], "none") ? NULL : c->arguments[1];
    enum rc rc = check_email(&x, e);
    if (rc == RC_OK)
        rc = sql_tx(c->app.db, change_email, &x, e);
    if (rc == RC_OK)
        printf("user %s gets mails at: %s\n", x.name, str_or(x.email, "nowhere"));
    return rc;
}

/* ---- add
 * --------------------------------------------------------------------------------------------- */

static enum rc insert(struct sql *q, void *arg, struct err *e)
{
    struct change *x = arg;
    enum rc rc = users_insert(q, &x->user, e);
    if (rc == RC_OK && x->email != NULL)
        rc = set_email(q, x, e);
    if (rc != RC_OK)
        return rc;
    return ctl_audit(
        q, x->c, x->user.merchant, "user.added", x->user.name,
        (const char *const[]){"role", x->user.role, "email", str_or(x->email, "none"), NULL}, e);
}

/* Names under which the desk itself acts: a person of that name could not be told from it where the
 * maker must not be the checker. */
static bool is_taken_by_the_desk(const char *name)
{
    static const char *const names[] = {"API", "worker", "refundctl", "AUTO_REFUNDED", "GATEWAY"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (str_ieq(names[i], name))
            return true;
    }
    return false;
}

static enum rc check_new(struct change *x, struct err *e)
{
    if (!*x->name || strlen(x->name) > NAME_MAX_BYTES || !str_printable_ascii(x->name))
        return ERR(e, RC_INVALID, "A user's name has 1 to 100 printable characters.", "name");
    if (is_taken_by_the_desk(x->name))
        return ERR(e, RC_INVALID, "Under this name the desk itself acts; choose another.", "name");
    if (!x->user.role || !users_role_rights(x->user.role, x->user.rights))
        return ERR(e, RC_INVALID, "--role must be admin, maker, checker or viewer.", "role");
    return RC_OK;
}

static enum rc read_hash(struct change *x, struct err *e)
{
    const char *password;
    enum rc rc = secrets_read_password(x->c, &password, e);
    if (rc != RC_OK)
        return rc;
    return secret_password_hash(password, SECRET_INTERACTIVE, x->hash, e);
}

enum rc cmd_user_add(struct ctl *c, struct err *e)
{
    struct merchant m = {0};
    struct change x = {.c = c, .name = c->arguments[0], .email = ctl_option(c, "--email")};
    x.user = (struct user){.id = id_new(),
                           .name = x.name,
                           .role = ctl_option(c, "--role"),
                           .created_ms = clock_wall_ms(&c->app.clock)};
    enum rc rc = check_new(&x, e);
    if (rc == RC_OK)
        rc = check_email(&x, e);
    if (rc == RC_OK)
        rc = ctl_merchant(c, &m, e);
    if (rc == RC_OK)
        rc = read_hash(&x, e);
    if (rc != RC_OK)
        return rc;
    x.user.merchant = m.id;
    x.user.password_hash = x.hash;
    rc = sql_tx(c->app.db, insert, &x, e);
    if (rc == RC_CONFLICT)
        return ERR(e, RC_CONFLICT, "There is a user with this name.", "%s", x.name);
    if (rc == RC_OK)
        printf("added user %s (%s) of %s\n", x.name, x.user.role, m.merchant_id);
    return rc;
}

/* ---- list
 * -------------------------------------------------------------------------------------------- */

static enum rc read_all(struct sql *q, void *arg, struct err *e)
{
    struct change *x = arg;
    return users_list(q, x->c->arena, x->user.merchant, &x->rows, &x->count, e);
}

enum rc cmd_user_list(struct ctl *c, struct err *e)
{
    struct merchant m = {0};
    struct change x = {.c = c};
    enum rc rc = ctl_merchant(c, &m, e);
    if (rc != RC_OK)
        return rc;
    x.user.merchant = m.id;
    rc = sql_read(c->app.db, read_all, &x, e);
    for (int k = 0; rc == RC_OK && k < x.count; k++)
        printf("%-24s %-8s %-8s since %s\n", x.rows[k].name, x.rows[k].role,
               x.rows[k].disabled ? "disabled" : "active", ctl_time(c, x.rows[k].created_ms));
    return rc;
}

/* ---- disable, password
 * ------------------------------------------------------------------------------- */

static enum rc disable(struct sql *q, void *arg, struct err *e)
{
    struct change *x = arg;
    enum rc rc = users_by_name(q, x->c->arena, x->name, &x->user, e);
    if (rc == RC_OK)
        rc = users_disable(q, x->user.id, e);
    if (rc != RC_OK)
        return rc;
    return ctl_audit(q, x->c, x->user.merchant, "user.disabled", x->name, NULL, e);
}

enum rc cmd_user_disable(struct ctl *c, struct err *e)
{
    struct change x = {.c = c, .name = c->arguments[0]};
    enum rc rc = sql_tx(c->app.db, disable, &x, e);
    if (rc == RC_OK)
        printf("disabled user %s\n", x.name);
    return rc;
}

static enum rc find(struct sql *q, void *arg, struct err *e)
{
    struct change *x = arg;
    return users_by_name(q, x->c->arena, x->name, &x->user, e);
}

static enum rc set_password(struct sql *q, void *arg, struct err *e)
{
    struct change *x = arg;
    enum rc rc = users_set_password(q, x->user.id, x->hash, e);
    if (rc != RC_OK)
        return rc;
    return ctl_audit(q, x->c, x->user.merchant, "user.password_set", x->name, NULL, e);
}

enum rc cmd_user_password(struct ctl *c, struct err *e)
{
    struct change x = {.c = c, .name = c->arguments[0]};
    enum rc rc = sql_read(c->app.db, find, &x, e);
    if (rc == RC_OK)
        rc = read_hash(&x, e);
    if (rc == RC_OK)
        rc = sql_tx(c->app.db, set_password, &x, e);
    if (rc == RC_OK)
        printf("new password for user %s\n", x.name);
    return rc;
}
