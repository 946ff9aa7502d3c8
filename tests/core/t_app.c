#include "core/app.h"
#include "support/suite.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static char *home;

static struct app make_app(void)
{
    home = suite_tmpdir();
    struct app app = {.config = {.home = home, .wake_socket = "w.sock"}, .wake_fd = -1};
    return app;
}

/* The worker's end. */
static int listen_at(const char *name)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    ck_assert_int_lt(snprintf(at.sun_path, sizeof at.sun_path, "%s/%s", home, name),
                     sizeof at.sun_path);
    unlink(at.sun_path);
    ck_assert_int_eq(bind(fd, (const struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

static int received(int fd)
{
    char byte[8];
    int n = 0;
    while (recv(fd, byte, sizeof byte, 0) > 0)
        n++;
    return n;
}

START_TEST(wakes_the_worker)
{
    struct app app = make_app();
    app_wake_open(&app);
    ck_assert_int_ge(app.wake_fd, 0);
    int fd = listen_at("w.sock");
    app_wake_worker(&app);
    app_wake_worker(&app);
    ck_assert_int_eq(received(fd), 2);
    close(fd);
    app_wake_close(&app);
    ck_assert_int_eq(app.wake_fd, -1);
    free(home);
}
END_TEST

START_TEST(finds_a_worker_that_was_started_again)
{
    struct app app = make_app();
    app_wake_open(&app);
    app_wake_worker(&app); /* nobody there yet */
    int fd = listen_at("w.sock");
    app_wake_worker(&app);
    ck_assert_int_eq(received(fd), 1);
    close(fd);
    app_wake_worker(&app); /* its socket is a stale file */
    fd = listen_at("w.sock");
    app_wake_worker(&app);
    ck_assert_int_eq(received(fd), 1);
    close(fd);
    app_wake_close(&app);
    free(home);
}
END_TEST

START_TEST(never_blocks_when_the_worker_does_not_read)
{
    struct app app = make_app();
    app_wake_open(&app);
    int fd = listen_at("w.sock");
    for (int i = 0; i < 10000; i++)
        app_wake_worker(&app);
    ck_assert_int_gt(received(fd), 0);
    close(fd);
    app_wake_close(&app);
    free(home);
}
END_TEST

START_TEST(does_without_a_socket)
{
    struct app app = {.wake_fd = -1};
    app_wake_worker(&app);
    app_wake_close(&app);
    char path[200];
    memset(path, 'x', sizeof path);
    path[0] = '/';
    path[199] = '\0';
    app.config.wake_socket = path;
    app_wake_open(&app);
    app_wake_worker(&app); /* longer than a socket's path */
    app_wake_close(&app);
}
END_TEST

suite_fn t_app_suite;

Suite *t_app_suite(void)
{
    TCase *t;
    Suite *s = suite_of("app", &t);
    tcase_add_test(t, wakes_the_worker);
    tcase_add_test(t, finds_a_worker_that_was_started_again);
    tcase_add_test(t, never_blocks_when_the_worker_does_not_read);
    tcase_add_test(t, does_without_a_socket);
    return s;
}
