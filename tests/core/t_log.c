#include "core/clock.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/log.h"
#include "core/str.h"
#include "support/suite.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A datagram socket keeps the borders of the writes: one packet is one write(2). */
struct tap {
    struct log log;
    int out;
};

static struct tap tap_open(enum log_level least)
{
    int ends[2];
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, ends), 0);
    return (struct tap){.log = {.program = "test", .least = least, .fd = ends[0]}, .out = ends[1]};
}

static void tap_close(struct tap *t)
{
    close(t->log.fd);
    close(t->out);
}

/* The next line without its line feed; NULL when nothing was written. */
static char *tap_line(struct tap *t)
{
    char line[LIMIT_LOG_LINE_BYTES + 100];
    ssize_t n = recv(t->out, line, sizeof line, 0);
    if (n <= 0)
        return NULL;
    ck_assert_int_le(n, LIMIT_LOG_LINE_BYTES);
    ck_assert_int_eq(line[n - 1], '\n');
    ck_assert_ptr_null(memchr(line, '\n', (size_t)n - 1));
    return arena_strndup(suite_arena(), line, (size_t)n - 1);
}

static struct json_object *tap_json(struct tap *t)
{
    struct json_object *o;
    struct err e;
    char *line = tap_line(t);
    ck_assert_ptr_nonnull(line);
    enum rc rc = json_read(suite_arena(), line, strlen(line), &o, &e);
    ck_assert_msg(rc == RC_OK, "%s in %s", rc == RC_OK ? "" : e.text, line);
    return o;
}

static const char *member(struct json_object *o, const char *key)
{
    return str_or(json_text(suite_arena(), o, key), "(none)");
}

START_TEST(writes_one_line_of_json)
{
    struct tap t = tap_open(LOG_INFO);
    log_event(&t.log, LOG_INFO, "started", "port", "8080", "nothing", NULL, NULL);
    struct json_object *o = tap_json(&t);
    ck_assert_str_eq(member(o, "level"), "info");
    ck_assert_str_eq(member(o, "program"), "test");
    ck_assert_str_eq(member(o, "event"), "started");
    ck_assert_str_eq(member(o, "port"), "8080");
    ck_assert(json_has(o, "nothing") && !json_get(o, "nothing"));
    int64_t ms;
    ck_assert(clock_parse_iso(member(o, "at"), &ms));
    ck_assert_ptr_null(tap_line(&t));
    tap_close(&t);
}
END_TEST

START_TEST(keeps_to_the_least_level)
{
    struct tap t = tap_open(LOG_WARN);
    log_event(&t.log, LOG_DEBUG, "no", NULL);
    log_event(&t.log, LOG_INFO, "no", NULL);
    log_event(&t.log, LOG_WARN, "yes", NULL);
    log_event(&t.log, LOG_ERROR, "yes too", NULL);
    ck_assert_str_eq(member(tap_json(&t), "event"), "yes");
    ck_assert_str_eq(member(tap_json(&t), "event"), "yes too");
    ck_assert_ptr_null(tap_line(&t));
    tap_close(&t);
}
END_TEST

START_TEST(escapes_every_control_byte)
{
    struct tap t = tap_open(LOG_INFO);
    char all[128];
    for (int i = 1; i < 128; i++)
        all[i - 1] = (char)i;
    all[127] = '\0';
    log_event(&t.log, LOG_INFO, "a\nb", "all", all, "k\"ey", "\x1b[31m", NULL);
    char *line = tap_line(&t);
    for (const char *p = line; *p; p++)
        ck_assert(*p >= 0x20 && *p != 0x7f);
    struct json_object *o;
    struct err e;
    ck_assert_int_eq(json_read(suite_arena(), line, strlen(line), &o, &e), RC_OK);
    ck_assert_str_eq(member(o, "all"), all);
    ck_assert_str_eq(member(o, "event"), "a\nb");
    ck_assert_str_eq(member(o, "k\"ey"), "\x1b[31m");
    tap_close(&t);
}
END_TEST

START_TEST(replaces_bytes_that_are_not_utf8)
{
    struct tap t = tap_open(LOG_INFO);
    log_event(&t.log, LOG_INFO, "x", "v", "a\xff₹\xe2\x82", NULL);
    ck_assert_str_eq(member(tap_json(&t), "v"), "a\xef\xbf\xbd₹\xef\xbf\xbd\xef\xbf\xbd");
    tap_close(&t);
}
END_TEST

START_TEST(cuts_a_line_at_its_limit)
{
    struct tap t = tap_open(LOG_INFO);
    char big[3 * LIMIT_LOG_LINE_BYTES];
    static const char *const FILL[] = {"x", "\n", "₹", "\xff", "\""};
    for (size_t i = 0; i < sizeof FILL / sizeof *FILL; i++) {
        size_t n = strlen(FILL[i]);
        for (size_t shift = 0; shift < 8; shift++) {
            size_t len = shift;
            memset(big, 'y', shift);
            while (len + n < sizeof big) {
                memcpy(big + len, FILL[i], n);
                len += n;
            }
            big[len] = '\0';
            log_event(&t.log, LOG_INFO, "big", "v", big, "after", "z", "null", NULL, NULL);
            struct json_object *o = tap_json(&t);
            ck_assert(str_ends(member(o, "v"), "…"));
            ck_assert(!json_has(o, "after"));
        }
    }
    tap_close(&t);
}
END_TEST

START_TEST(fits_any_number_of_pairs)
{
    struct tap t = tap_open(LOG_INFO);
    for (int n = LIMIT_LOG_LINE_BYTES - 200; n < LIMIT_LOG_LINE_BYTES; n++) {
        const char *v = arena_printf(suite_arena(), "%0*d", n, 0);
        log_event(&t.log, LOG_INFO, "x", "v", v, "a", "1", "b", NULL, "c", "", "d", "2", NULL);
        (void)tap_json(&t);
    }
    tap_close(&t);
}
END_TEST

START_TEST(writes_an_error_with_its_place)
{
    struct tap t = tap_open(LOG_INFO);
    struct err e;
    ck_assert_int_eq(ERR(&e, RC_IO, "No disk.", "fsync %d", 5), RC_IO);
    log_err(&t.log, "saving", &e);
    struct json_object *o = tap_json(&t);
    ck_assert_str_eq(member(o, "level"), "error");
    ck_assert_str_eq(member(o, "during"), "saving");
    ck_assert_str_eq(member(o, "rc"), "IO");
    ck_assert_str_eq(member(o, "text"), "No disk.");
    ck_assert_str_eq(member(o, "detail"), "fsync 5");
    ck_assert(str_ends(member(o, "file"), "t_log.c"));
    tap_close(&t);
}
END_TEST

static void *chatter(void *arg)
{
    for (int i = 0; i < 300; i++)
        log_event(arg, LOG_INFO, "chatter", "text", "some words that take a little room", NULL);
    return NULL;
}

START_TEST(lines_of_threads_never_mix)
{
    char path[600], *dir = suite_tmpdir();
    snprintf(path, sizeof path, "%s/log", dir);
    FILE *file = fopen(path, "a+");
    ck_assert_ptr_nonnull(file);
    struct log log = {.program = "t", .fd = fileno(file)};
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, chatter, &log), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    rewind(file);
    char line[LIMIT_LOG_LINE_BYTES];
    int lines = 0;
    for (; fgets(line, sizeof line, file); lines++) {
        ck_assert(str_starts(line, "{\"at\":") && str_ends(line, "room\"}\n"));
        ck_assert_ptr_null(strstr(line + 1, "{"));
    }
    ck_assert_int_eq(lines, 1200);
    fclose(file);
    free(dir);
}
END_TEST

START_TEST(gives_up_silently_on_a_dead_descriptor)
{
    struct log log = {.program = "t", .fd = 987654};
    log_event(&log, LOG_ERROR, "nobody hears", NULL);
}
END_TEST

START_TEST(knows_the_levels_by_name)
{
    enum log_level level = LOG_ERROR;
    ck_assert(log_level_parse("debug", &level));
    ck_assert_int_eq(level, LOG_DEBUG);
    ck_assert(log_level_parse("warn", &level));
    ck_assert_int_eq(level, LOG_WARN);
    ck_assert(!log_level_parse("WARN", &level));
    ck_assert(!log_level_parse("", &level));
}
END_TEST

suite_fn t_log_suite;

Suite *t_log_suite(void)
{
    TCase *t;
    Suite *s = suite_of("log", &t);
    tcase_add_test(t, writes_one_line_of_json);
    tcase_add_test(t, keeps_to_the_least_level);
    tcase_add_test(t, escapes_every_control_byte);
    tcase_add_test(t, replaces_bytes_that_are_not_utf8);
    tcase_add_test(t, cuts_a_line_at_its_limit);
    tcase_add_test(t, fits_any_number_of_pairs);
    tcase_add_test(t, writes_an_error_with_its_place);
    tcase_add_test(t, lines_of_threads_never_mix);
    tcase_add_test(t, gives_up_silently_on_a_dead_descriptor);
    tcase_add_test(t, knows_the_levels_by_name);
    return s;
}
