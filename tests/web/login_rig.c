#include "web/login_rig.h"

#include "support/suite.h"
#include "web/session.h"
#include <string.h>

struct double_app login_app;
struct reply login_reply;
struct err login_err;

void login_rig_open(void)
{
    double_open(&login_app);
    double_user(&login_app, "maker", "maker", false);
    double_user(&login_app, "gone", "maker", true);
    login_app.app.log.fd = -1; /* failed logins are logged */
}

void login_rig_close(void)
{
    double_close(&login_app);
}

enum rc login_rig_from(const char *address, const char *name, const char *password,
                       const char *old_token)
{
    struct req *r = double_request(&login_app, "POST", "/login");
    r->address = address;
    if (old_token)
        double_header(r, "cookie", arena_printf(login_app.arena, SESSION_COOKIE "=%s", old_token));
    memset(&login_reply, 0, sizeof login_reply);
    memset(&login_err, 0, sizeof login_err);
    return session_login(r, &login_reply, name, password, &login_err);
}

const char *login_rig_login(const char *old_token)
{
    ck_assert_int_eq(login_rig_from("192.0.2.1", "maker", DOUBLE_PASSWORD, old_token), RC_OK);
    return double_cookie_set(&login_app, &login_reply, SESSION_COOKIE);
}
