#include "core/clock.h"
#include "core/config.h"
#include "core/config_table.h"
#include "core/limits.h"
#include "core/str.h"
#include "support/suite.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(x) (sizeof(x) / sizeof *(x))

static char *home;

static void setup(void)
{
    home = suite_tmpdir();
    clearenv(); /* the settings of whoever runs the tests */
}

static void teardown(void)
{
    free(home);
}

static const char *write_file(const void *data, size_t n)
{
    const char *path = arena_printf(suite_arena(), "%s/refunddesk.conf", home);
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(data, 1, n, f), n);
    fclose(f);
    return path;
}

static enum rc load(const char *text, struct config *c, struct err *e)
{
    write_file(text, strlen(text));
    return config_load(suite_arena(), home, NULL, c, e);
}

static struct config load_ok(const char *text)
{
    struct config c = {0};
    struct err e;
    enum rc rc = load(text, &c, &e);
    ck_assert_msg(rc == RC_OK, "%s: %s", text, rc == RC_OK ? "" : e.text);
    return c;
}

/* Refused, the text naming each of the words (separated by |). */
static void expect_refusal(const char *text, const char *words)
{
    struct config c = {.home = "untouched"};
    struct err e;
    ck_assert_msg(load(text, &c, &e) == RC_INVALID, "accepted: %s", text);
    ck_assert_str_eq(c.home, "untouched");
    char *rest = arena_strdup(suite_arena(), words), *word;
    while ((word = strsep(&rest, "|")) != NULL)
        ck_assert_msg(strstr(e.text, word) != NULL, "no \"%s\" in: %s", word, e.text);
}

START_TEST(has_defaults_without_a_file)
{
    struct config c;
    struct err e;
    ck_assert_int_eq(config_load(suite_arena(), home, NULL, &c, &e), RC_OK);
    ck_assert_str_eq(c.home, home);
    ck_assert_str_eq(c.database_url, "sqlite:refunddesk.db");
    ck_assert_int_eq(c.write_wait_ms, 5000);
    ck_assert_int_eq(c.batch_limit, LIMIT_SQL_BATCH);
    ck_assert_int_eq(c.portal_threads, 16);
    ck_assert_int_eq(c.api_threads, 32);
    ck_assert(c.cookie_secure);
    ck_assert_str_eq(c.api_url, "http://127.0.0.1:8081");
    ck_assert_int_eq(c.session_idle_ms, 15 * CLOCK_MINUTE_MS);
    ck_assert_int_eq(c.session_absolute_ms, 8 * CLOCK_HOUR_MS);
    ck_assert_int_eq(c.login_window_ms, 15 * CLOCK_MINUTE_MS);
    ck_assert_int_eq(c.lease_ms, 90000);
    ck_assert_int_eq(c.poll_ms, 1000);
    ck_assert_int_eq(c.connect_timeout_ms, 5000);
    ck_assert_int_eq(c.request_timeout_ms, 30000);
    ck_assert_int_eq(c.retry_first_ms, 5000);
    ck_assert_int_eq(c.retry_max_ms, 15 * CLOCK_MINUTE_MS);
    ck_assert_int_eq(c.inquire_first_ms, 10000);
    ck_assert_int_eq(c.inquire_max_ms, CLOCK_HOUR_MS);
    ck_assert_int_eq(c.absent_after_ms, 60000);
    ck_assert_int_eq(c.review_after_ms, 10 * CLOCK_DAY_MS);
    ck_assert_int_eq(c.warn_after_ms, 7 * CLOCK_DAY_MS);
    ck_assert_int_eq(c.approval_expires_ms, 7 * CLOCK_DAY_MS);
    ck_assert_int_eq(c.sync_cool_ms, 30000);
    ck_assert_int_eq(c.test_charge_wait_ms, 2000);
    ck_assert_str_eq(c.simulator_url, "http://127.0.0.1:8082");
    ck_assert_str_eq(c.log_level, "info");
    ck_assert_int_eq(c.node, 0);
    ck_assert(!str_empty(c.templates_dir) && !str_empty(c.wake_socket));
}
END_TEST

START_TEST(reads_a_file)
{
    struct config c = load_ok("# a comment\n"
                              "; another\n"
                              "\n"
                              "[database]\n"
                              "url = sqlite:/var/lib/x.db ; inline\n"
                              "  batch_limit=1\n"
                              "\t\n"
                              "[web]\n"
                              "cookie_secure = false\r\n"
                              "[log]\n"
                              "level = debug\n"
                              "node = 7");
    ck_assert_str_eq(c.database_url, "sqlite:/var/lib/x.db");
    ck_assert_int_eq(c.batch_limit, 1);
    ck_assert(!c.cookie_secure);
    ck_assert_str_eq(c.log_level, "debug");
    ck_assert_int_eq(c.node, 7);
    ck_assert_int_eq(c.api_threads, 32);
}
END_TEST

START_TEST(reads_a_byte_order_mark)
{
    ck_assert_int_eq(load_ok("\xef\xbb\xbf[log]\nnode = 3\n").node, 3);
}
END_TEST

START_TEST(reads_times_with_units)
{
    static const struct {
        const char *text;
        int64_t ms;
    } GOOD[] = {{"1", 1},       {"0", 0},          {"1500", 1500},   {"1500ms", 1500},
                {"90s", 90000}, {"15min", 900000}, {"8h", 28800000}, {"10d", 864000000}};
    static const char *const NOT_TIMES[] = {"",
                                            "s",
                                            "-1",
                                            "1.5s",
                                            "1 s",
                                            "1m",
                                            "1S",
                                            "1sec",
                                            "1e3",
                                            "+1",
                                            "10d1h",
                                            "9223372036854775808",
                                            "0x1s",
                                            "9223372036854775807d",
                                            "99999999999999999999999s"};
    for (size_t i = 0; i < COUNT(GOOD); i++) {
        int64_t ms = -1;
        ck_assert_msg(config_parse_ms(GOOD[i].text, &ms) && ms == GOOD[i].ms, "%s", GOOD[i].text);
    }
    for (size_t i = 0; i < COUNT(NOT_TIMES); i++) {
        int64_t ms;
        ck_assert_msg(!config_parse_ms(NOT_TIMES[i], &ms), "%s", NOT_TIMES[i]);
    }
    ck_assert_int_eq(load_ok("[worker]\nreview_after_ms = 10s\n").review_after_ms, 10000);
}
END_TEST

START_TEST(shows_times_in_their_largest_unit)
{
    static const struct {
        int64_t ms;
        const char *text;
    } SAMPLES[] = {{0, "0ms"},        {1, "1ms"},      {1500, "1500ms"},  {90000, "90s"},
                   {900000, "15min"}, {3600000, "1h"}, {864000000, "10d"}};
    for (size_t i = 0; i < COUNT(SAMPLES); i++)
        ck_assert_str_eq(config_show_ms(suite_arena(), SAMPLES[i].ms), SAMPLES[i].text);
}
END_TEST

START_TEST(refuses_and_names_line_key_value_and_mend)
{
    static const struct {
        const char *text, *words;
    } BAD[] = {
        {"[worker]\n\nlease_ms = soon\n",
         "refunddesk.conf, line 3|worker.lease_ms = soon|from 100ms to 1h|min"},
        {"[web]\napi_threads = 1000\n", "line 2|web.api_threads = 1000|from 1 to 64"},
        {"[web]\napi_threads = -1\n", "from 1 to 64"},
        {"[web]\napi_threads =\n", "from 1 to 64"},
        {"[web]\ncookie_secure = yes\n", "true or false"},
        {"[log]\nlevel = loud\n", "log.level = loud|debug, info, warn or error"},
        {"[simulator]\nurl = ftp://x\n", "http://"},
        {"[simulator]\nurl = http://\n", "http://"},
        {"[database]\nurl =\n", "not empty"},
        {"[database]\nurl = \xff\n", "UTF-8"},
        {"[worker]\npoll_s = 1\n", "line 2|no setting worker.poll_s|--help"},
        {"[wroker]\npoll_ms = 1s\n", "line 1|no section [wroker]|worker"},
        {"[wroker]\n", "no section [wroker]"},
        {"[Web]\n", "no section [Web]"},
        {"node = 1\n", "line 1|(no section).node"},
        {"[log]\nnode = 1\nnode = 1\n", "line 3|log.node|second time"},
        {"[log]\nnode = 1\n[log]\nnode = 2\n", "line 4|second time"},
        {"[log]\nnode = 1\n  2\n", "line 3|neither"},
        {"[log]\nnonsense\n", "line 2|neither"},
        {"[log\nnode = 1\n", "line 1|neither"},
        {"[log]\nwhat is this\nnode = 99\n", "line 2|neither"},
    };
    for (size_t i = 0; i < COUNT(BAD); i++)
        expect_refusal(BAD[i].text, BAD[i].words);
}
END_TEST

START_TEST(refuses_just_outside_every_range)
{
    size_t count;
    const struct config_key *keys = config_keys(&count);
    for (size_t i = 0; i < count; i++) {
        const struct config_key *k = &keys[i];
        struct config c = {0};
        if (k->kind != KIND_INT && k->kind != KIND_MS)
            continue;
        const char *at_min = arena_printf(suite_arena(), "%lld", (long long)k->min);
        const char *at_max = arena_printf(suite_arena(), "%lld", (long long)k->max);
        const char *under = arena_printf(suite_arena(), "%lld", (long long)k->min - 1);
        const char *over = arena_printf(suite_arena(), "%lld", (long long)k->max + 1);
        ck_assert_ptr_null(config_set(suite_arena(), &c, k, at_min));
        ck_assert_int_eq(config_ms_at(&c, k->offset), k->min);
        ck_assert_ptr_null(config_set(suite_arena(), &c, k, at_max));
        ck_assert_int_eq(config_ms_at(&c, k->offset), k->max);
        ck_assert_ptr_nonnull(config_set(suite_arena(), &c, k, under));
        ck_assert_ptr_nonnull(config_set(suite_arena(), &c, k, over));
        ck_assert_int_eq(config_ms_at(&c, k->offset), k->max);
    }
}
END_TEST

START_TEST(refuses_times_that_contradict_each_other)
{
    expect_refusal("[worker]\nabsent_after_ms = 30s\n",
                   "absent_after_ms (30s)|longer than|request_timeout_ms (30s)|raise");
    expect_refusal("[worker]\nrequest_timeout_ms = 60s\n", "absent_after_ms (1min)|longer");
    expect_refusal("[worker]\nlease_ms = 30s\n", "lease_ms (30s)|request_timeout_ms");
    expect_refusal("[worker]\nretry_first_ms = 20min\n", "retry_max_ms (15min)");
    expect_refusal("[worker]\ninquire_max_ms = 9s\n", "inquire_max_ms (9s)");
    expect_refusal("[worker]\nconnect_timeout_ms = 31s\n", "request_timeout_ms");
    expect_refusal("[web]\nsession_idle_ms = 9h\n", "session_absolute_ms (8h)");
    expect_refusal("[webhook]\ntimeout_ms = 30s\n", "webhook.lease_ms (30s)|webhook.timeout_ms");
    (void)load_ok("[worker]\nabsent_after_ms = 30001\nlease_ms = 30001\nretry_first_ms = 15min\n");
    (void)load_ok("[web]\nsession_idle_ms = 8h\n");
}
END_TEST

START_TEST(limits_the_length_of_a_line)
{
    struct buf b;
    buf_init(&b, suite_arena());
    buf_puts(&b, "[database]\nurl = sqlite:");
    while (b.len - 11 < LIMIT_CONFIG_LINE_BYTES)
        buf_putc(&b, 'x');
    struct config c = load_ok(buf_text(&b));
    ck_assert_uint_eq(strlen(c.database_url), LIMIT_CONFIG_LINE_BYTES - strlen("url = "));
    buf_putc(&b, 'x');
    expect_refusal(buf_text(&b), "line 2|longer than 190 bytes");
}
END_TEST

START_TEST(limits_the_path_of_the_socket)
{
    size_t room = LIMIT_SOCKET_PATH_BYTES - strlen(home) - 1;
    const char *fits = arena_printf(suite_arena(), "[worker]\nwake_socket = %0*d\n", (int)room, 0);
    const char *over =
        arena_printf(suite_arena(), "[worker]\nwake_socket = %0*d\n", (int)room + 1, 0);
    (void)load_ok(fits);
    expect_refusal(over, "wake_socket|108 bytes|107");
}
END_TEST

START_TEST(refuses_nul_bytes)
{
    struct config c;
    struct err e;
    static const char TEXT[] = "[log]\nnode = 1\0 2\n";
    const char *path = write_file(TEXT, sizeof TEXT - 1);
    ck_assert_int_eq(config_load(suite_arena(), home, path, &c, &e), RC_INVALID);
    ck_assert_ptr_nonnull(strstr(e.text, "line 2: it contains a NUL"));
}
END_TEST

START_TEST(refuses_a_named_file_that_is_not_there)
{
    struct config c;
    struct err e;
    ck_assert_int_eq(config_load(suite_arena(), home, "/nonexistent/x.conf", &c, &e), RC_NOT_FOUND);
    ck_assert_ptr_nonnull(strstr(e.text, "/nonexistent/x.conf"));
    ck_assert_int_eq(config_load(suite_arena(), home, home, &c, &e), RC_IO);
}
END_TEST

START_TEST(keeps_the_mend_in_sight_behind_a_long_path)
{
    char *deep = arena_strdup(suite_arena(), home);
    for (int i = 0; i < 4; i++) {
        deep = arena_printf(suite_arena(), "%s/%050d", deep, i);
        ck_assert_int_eq(mkdir(deep, 0700), 0);
    }
    const char *path = arena_printf(suite_arena(), "%s/a.conf", deep);
    FILE *f = fopen(path, "w");
    fprintf(f, "[web]\nportal_threads = %0100d\n", 0);
    fclose(f);
    struct config c;
    struct err e;
    ck_assert_int_eq(config_load(suite_arena(), home, path, &c, &e), RC_INVALID);
    ck_assert_ptr_nonnull(strstr(e.text, "a.conf, line 2: web.portal_threads"));
    ck_assert_ptr_nonnull(strstr(e.text, "from 1 to 64."));
    ck_assert_ptr_nonnull(strstr(e.detail, path));
}
END_TEST

START_TEST(makes_the_home_absolute)
{
    ck_assert_int_eq(chdir(home), 0);
    setenv("REFUNDDESK_HOME", "", 1);
    ck_assert_str_eq(config_home(suite_arena()), arena_printf(suite_arena(), "%s/var", home));
    ck_assert_int_eq(mkdir("var", 0700), 0);
    ck_assert_str_eq(config_home(suite_arena()), arena_printf(suite_arena(), "%s/var", home));
    setenv("REFUNDDESK_HOME", "/nonexistent/desk", 1);
    ck_assert_str_eq(config_home(suite_arena()), "/nonexistent/desk");
    struct config c;
    struct err e;
    ck_assert_int_eq(config_load(suite_arena(), NULL, NULL, &c, &e), RC_OK);
    ck_assert_str_eq(c.home, "/nonexistent/desk");
    ck_assert_str_eq(config_path(suite_arena(), &c, "a/b"), "/nonexistent/desk/a/b");
    ck_assert_str_eq(config_path(suite_arena(), &c, "/a/b"), "/a/b");
}
END_TEST

START_TEST(lets_the_environment_win_over_the_file)
{
    struct config c;
    struct err e = {0};
    setenv("REFUNDDESK_WEB_PORTAL_THREADS", "3", 1);
    ck_assert_int_eq(load("[web]\nportal_threads = 5\napi_threads = 6\n", &c, &e), RC_OK);
    ck_assert_int_eq(c.portal_threads, 3);
    ck_assert_int_eq(c.api_threads, 6);
    setenv("REFUNDDESK_WEB_PORTAL_THREADS", "0", 1);
    ck_assert_int_eq(load("", &c, &e), RC_INVALID);
    ck_assert_ptr_nonnull(strstr(e.text, "REFUNDDESK_WEB_PORTAL_THREADS = 0: it must be a whole"));
    unsetenv("REFUNDDESK_WEB_PORTAL_THREADS");
}
END_TEST

START_TEST(makes_the_path_of_the_database_absolute)
{
    struct config c = load_ok("[database]\nurl = sqlite:data/x.db\n");
    ck_assert_str_eq(config_database(suite_arena(), &c),
                     arena_printf(suite_arena(), "sqlite:%s/data/x.db", home));
    c = load_ok("[database]\nurl = sqlite:/srv/x.db\n");
    ck_assert_str_eq(config_database(suite_arena(), &c), "sqlite:/srv/x.db");
    c = load_ok("[database]\nurl = postgresql://db/desk\n");
    ck_assert_str_eq(config_database(suite_arena(), &c), "postgresql://db/desk");
}
END_TEST

START_TEST(prints_a_line_for_each_setting)
{
    char *text = NULL;
    size_t n = 0, count, lines = 0;
    FILE *f = open_memstream(&text, &n);
    config_print_help(f);
    fclose(f);
    const struct config_key *keys = config_keys(&count);
    for (const char *p = text; (p = strchr(p, '\n')) != NULL; p++)
        lines++;
    ck_assert_uint_eq(lines, count);
    for (size_t i = 0; i < count; i++) {
        const char *line =
            arena_printf(suite_arena(), "%s.%s = %s   %s\n", keys[i].section, keys[i].name,
                         *keys[i].preset ? keys[i].preset : "(none)", keys[i].sentence);
        ck_assert_ptr_nonnull(strstr(text, line));
    }
    free(text);
}
END_TEST

suite_fn t_config_suite;

Suite *t_config_suite(void)
{
    TCase *t;
    Suite *s = suite_of("config", &t);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, has_defaults_without_a_file);
    tcase_add_test(t, reads_a_file);
    tcase_add_test(t, reads_a_byte_order_mark);
    tcase_add_test(t, reads_times_with_units);
    tcase_add_test(t, shows_times_in_their_largest_unit);
    tcase_add_test(t, refuses_and_names_line_key_value_and_mend);
    tcase_add_test(t, refuses_just_outside_every_range);
    tcase_add_test(t, refuses_times_that_contradict_each_other);
    tcase_add_test(t, limits_the_length_of_a_line);
    tcase_add_test(t, limits_the_path_of_the_socket);
    tcase_add_test(t, refuses_nul_bytes);
    tcase_add_test(t, refuses_a_named_file_that_is_not_there);
    tcase_add_test(t, keeps_the_mend_in_sight_behind_a_long_path);
    tcase_add_test(t, makes_the_home_absolute);
    tcase_add_test(t, lets_the_environment_win_over_the_file);
    tcase_add_test(t, makes_the_path_of_the_database_absolute);
    tcase_add_test(t, prints_a_line_for_each_setting);
    return s;
}
