/*
 * Logging in over a store with the users maker and gone (disabled).
 */
#ifndef TESTS_WEB_LOGIN_RIG_H
#define TESTS_WEB_LOGIN_RIG_H

#include "web/double.h"

extern struct double_app login_app;
extern struct reply login_reply; /* of the last attempt, with what it said */
extern struct err login_err;

/* A checked fixture. */
void login_rig_open(void);
void login_rig_close(void);
/* One attempt; old_token: of a session that the browser still has, or NULL. */
enum rc login_rig_from(const char *address, const char *name, const char *password,
                       const char *old_token);
/* maker's, which must succeed: the token of the new session. */
const char *login_rig_login(const char *old_token);

#endif
