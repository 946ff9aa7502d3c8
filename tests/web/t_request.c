#include "core/limits.h"
#include "core/str.h"
#include "web/double.h"
#include "web/fcgi_request.h"
#include "web/percent.h"
#include "web/slow.h"
#include "web/suites.h"
#include <string.h>

static struct arena *a;
static struct app app;

static void setup(void)
{
    a = arena_new(LIMIT_ARENA_REQUEST_BYTES);
    app = (struct app){.clock = {DOUBLE_NOW_MS}, .wake_fd = -1};
}

static void teardown(void)
{
    arena_free(a);
}

/* ---- targets ---- */

struct target {
    const char *target, *path, *query;
};

static const struct target GOOD_TARGETS[] = {
    {"/", "/", ""},
    {"/orders", "/orders", ""},
    {"/orders/", "/orders/", ""},
    {"/orders?a=1", "/orders", "a=1"},
    {"/orders?", "/orders", ""},
    {"/orders?a=1?b", "/orders", "a=1?b"},
    {"/orders#x", "/orders", ""},
    {"/orders?a=1#x", "/orders", "a=1"},
    {"/orders/a%20b", "/orders/a b", ""},
    {"/orders/a+b", "/orders/a+b", ""},
    {"/orders/%E0%A4%B0", "/orders/\xe0\xa4\xb0", ""},
    {"/orders/...", "/orders/...", ""},
    {"/orders/.a", "/orders/.a", ""},
    {"/orders?q=%2F", "/orders", "q=%2F"},
};

START_TEST(reads_targets)
{
    const struct target *t = &GOOD_TARGETS[_i];
    struct req r = {.arena = a};
    struct err e;
    ck_assert_msg(req_set_target(&r, t->target, &e) == RC_OK, "%s", t->target);
    ck_assert_str_eq(r.path, t->path);
    ck_assert_str_eq(r.query_text, t->query);
}
END_TEST

static const char *const BAD_TARGETS[] = {
    "",       "orders", "?a=1",  "*",       "http://x/", "//",      "//orders", "/a//b",
    "/.",     "/..",    "/a/..", "/a/../b", "/a/./b",    "/%2e%2e", "/a/%2E",   "/a%2fb",
    "/a%2Fb", "/%00",   "/a%",   "/a%2",    "/%zz",      "/%ff",    "/%c0%ae",  "/\xff",
};

START_TEST(rejects_hostile_targets)
{
    struct req r = {.arena = a};
    struct err e;
    ck_assert_msg(req_set_target(&r, BAD_TARGETS[_i], &e) == RC_INVALID, "%s", BAD_TARGETS[_i]);
}
END_TEST

START_TEST(measures_targets_to_the_byte)
{
    for (size_t extra = 0; extra < 2; extra++) {
        char path[LIMIT_PATH_BYTES + 2] = "/", query[LIMIT_QUERY_BYTES + 4] = "/?";
        struct req r = {.arena = a};
        struct err e;
        memset(path + 1, 'p', LIMIT_PATH_BYTES - 1 + extra);
        memset(query + 2, 'q', LIMIT_QUERY_BYTES + extra);
        ck_assert_int_eq(req_set_target(&r, path, &e), extra ? RC_INVALID : RC_OK);
        ck_assert_int_eq(req_set_target(&r, query, &e), extra ? RC_INVALID : RC_OK);
    }
}
END_TEST

struct next {
    const char *path;
    bool local;
};

static const struct next NEXTS[] = {
    {"/", true},           {"/orders?x=1", true}, {NULL, false},        {"", false},
    {"//evil", false},     {"/\\evil", false},    {"https://e", false}, {"javascript:1", false},
    {"/a\r\nX: y", false}, {"/a b", false},       {"\\/evil", false},   {"/\xc3\xa9", false},
    {"orders", false},     {"/a\tb", false},      {"/ok/..", true},     {"/\x7f", false},
};

START_TEST(knows_local_paths)
{
    ck_assert_msg(web_path_is_local(NEXTS[_i].path) == NEXTS[_i].local, "%s",
                  str_or(NEXTS[_i].path, "(null)"));
}
END_TEST

START_TEST(encodes_segments)
{
    ck_assert_str_eq(web_path(a, "/orders/", "a b/?#%\xc3\xa9~", "/refund"),
                     "/orders/a%20b%2F%3F%23%25%C3%A9~/refund");
    ck_assert_str_eq(percent_encode_path(a, "/a b/c"), "/a%20b/c");
}
END_TEST

/* ---- headers, cookies, values ---- */

START_TEST(finds_cookies_by_their_whole_name)
{
    const struct web_header headers[] = {
        {"cookie", "xname=1; name=2;name2=3 ; name=4; broken; last=a=b"}};
    struct req r = {.arena = a, .headers = headers, .n_headers = 1};
    ck_assert_str_eq(req_cookie(&r, "name"), "2");
    ck_assert_str_eq(req_cookie(&r, "xname"), "1");
    ck_assert_str_eq(req_cookie(&r, "last"), "a=b");
    ck_assert_ptr_null(req_cookie(&r, "ame"));
    ck_assert_ptr_null(req_cookie(&r, "broken"));
    ck_assert_ptr_null(req_cookie(&(struct req){.arena = a}, "name"));
}
END_TEST

START_TEST(takes_the_body_before_the_query)
{
    struct form_field body[] = {{"a", "b", FORM_TEXT}, {"n", "", FORM_NULL}};
    struct form_field query[] = {
        {"a", "q", FORM_TEXT}, {"n", "q", FORM_TEXT}, {"c", "q", FORM_TEXT}};
    struct req r = {.form = {body, 2}, .query = {query, 3}};
    ck_assert_str_eq(req_value(&r, "a"), "b");
    ck_assert_ptr_null(req_value(&r, "n"));
    ck_assert_str_eq(req_value(&r, "c"), "q");
    ck_assert_ptr_null(req_value(&r, "d"));
}
END_TEST

/* ---- what the web server hands over ---- */

static struct req read_env(const char *const *env, size_t *body_n)
{
    struct req r = {0};
    char *copy[LIMIT_HEADERS + 20] = {NULL};
    for (int i = 0; env[i]; i++)
        copy[i] = arena_strdup(a, env[i]);
    fcgi_request_read(&r, &app, a, copy, body_n);
    for (int i = 0; copy[i]; i++)
        memset(copy[i], 'X', strlen(copy[i])); /* it dies at the next accept */
    return r;
}

START_TEST(copies_what_the_server_says)
{
    const char *env[] = {"REQUEST_METHOD=POST",
                         "REQUEST_URI=/orders?a=1",
                         "CONTENT_TYPE=text/plain",
                         "CONTENT_LENGTH=12",
                         "HTTP_X_MERCHANTID=acme",
                         "HTTP_AUTHORIZATION=Basic eA==",
                         "REMOTE_ADDR=192.0.2.7",
                         "SERVER_SOFTWARE=x",
                         "nonsense",
                         NULL};
    size_t n;
    struct req r = read_env(env, &n);
    ck_assert_ptr_null(r.edge);
    ck_assert_uint_eq(n, 12);
    ck_assert_str_eq(r.method, "POST");
    ck_assert_str_eq(r.path, "/orders");
    ck_assert_str_eq(r.query_text, "a=1");
    ck_assert_str_eq(r.content_type, "text/plain");
    ck_assert_str_eq(r.address, "192.0.2.7");
    ck_assert_str_eq(req_header(&r, "x-merchantid"), "acme");
    ck_assert_str_eq(req_header(&r, "authorization"), "Basic eA==");
    ck_assert_int_eq(r.n_headers, 2);
    ck_assert_int_eq(r.now_ms, DOUBLE_NOW_MS);
    ck_assert_uint_eq(strlen(r.request_id), 36);
}
END_TEST

struct length {
    const char *variable;
    enum rc edge;
    size_t n;
};

static const struct length LENGTHS[] = {
    {"CONTENT_LENGTH=", RC_OK, 0},
    {"CONTENT_LENGTH=0", RC_OK, 0},
    {"CONTENT_LENGTH=262144", RC_OK, 262144},
    {"CONTENT_LENGTH=262145", RC_TOO_LARGE, 0},
    {"CONTENT_LENGTH=99999999999999999999999", RC_TOO_LARGE, 0},
    {"CONTENT_LENGTH=18446744073709551617", RC_TOO_LARGE, 0},
    {"CONTENT_LENGTH=-1", RC_INVALID, 0},
    {"CONTENT_LENGTH=+1", RC_INVALID, 0},
    {"CONTENT_LENGTH= 1", RC_INVALID, 0},
    {"CONTENT_LENGTH=1 ", RC_INVALID, 0},
    {"CONTENT_LENGTH=0x10", RC_INVALID, 0},
    {"CONTENT_LENGTH=1e3", RC_INVALID, 0},
    {"CONTENT_LENGTH=12,12", RC_INVALID, 0},
};

START_TEST(reads_lengths)
{
    const struct length *l = &LENGTHS[_i];
    const char *env[] = {"REQUEST_METHOD=POST", "REQUEST_URI=/x", l->variable, NULL};
    size_t n;
    struct req r = read_env(env, &n);
    ck_assert_int_eq(r.edge ? r.edge->rc : RC_OK, l->edge);
    ck_assert_uint_eq(n, l->n);
}
END_TEST

START_TEST(refuses_a_second_length)
{
    const char *env[] = {"REQUEST_METHOD=POST", "REQUEST_URI=/x", "CONTENT_LENGTH=1",
                         "CONTENT_LENGTH=2", NULL};
    size_t n;
    struct req r = read_env(env, &n);
    ck_assert_int_eq(r.edge->rc, RC_INVALID);
    ck_assert_uint_eq(n, 0);
}
END_TEST

START_TEST(refuses_too_many_headers)
{
    for (int extra = 0; extra < 2; extra++) {
        const char *env[LIMIT_HEADERS + 4] = {"REQUEST_METHOD=GET", "REQUEST_URI=/x"};
        for (int i = 0; i < LIMIT_HEADERS + extra; i++)
            env[2 + i] = arena_printf(a, "HTTP_X_%d=1", i);
        size_t n;
        struct req r = read_env(env, &n);
        ck_assert_int_eq(r.edge ? r.edge->rc : RC_OK, extra ? RC_INVALID : RC_OK);
    }
}
END_TEST

START_TEST(survives_an_empty_environment)
{
    const char *env[] = {NULL};
    size_t n;
    struct req r = read_env(env, &n);
    ck_assert_int_eq(r.edge->rc, RC_INVALID);
    ck_assert_str_eq(r.method, "");
    ck_assert_str_eq(r.path, "");
}
END_TEST

/* ---- answers ---- */

static const char *head_of(const struct reply *p)
{
    struct buf out;
    buf_init(&out, a);
    reply_head(&out, &(struct req){.request_id = "the-id"}, p);
    return buf_text(&out);
}

START_TEST(every_answer_has_the_security_headers)
{
    static const char *const WANTED[] = {
        "Status: 200 OK\r\n",
        "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'\r\n",
        "X-Content-Type-Options: nosniff\r\n",
        "X-Frame-Options: DENY\r\n",
        "Referrer-Policy: same-origin\r\n",
        "Cross-Origin-Opener-Policy: same-origin\r\n",
        "Cross-Origin-Resource-Policy: same-origin\r\n",
        "Cache-Control: no-store\r\n",
        "X-Request-Id: the-id\r\n",
        "Content-Length: 2\r\n",
        "Content-Type: application/json\r\n",
    };
    struct reply p = {0};
    reply_json(&p, 200, "{}");
    const char *head = head_of(&p);
    for (int i = 0; i < COUNT(WANTED); i++)
        ck_assert_msg(strstr(head, WANTED[i]) != NULL, "%s", WANTED[i]);
    ck_assert(str_ends(head, "\r\n\r\n"));
    ck_assert_ptr_null(strstr(head, "X-Powered-By"));
}
END_TEST

START_TEST(a_value_cannot_begin_a_header)
{
    struct reply p = {0};
    reply_redirect(&p, "/a\r\nSet-Cookie: x=1\n\r\n<script>");
    const char *head = head_of(&p);
    ck_assert_ptr_null(strstr(head, "\nSet-Cookie"));
    ck_assert_ptr_null(strstr(head, "\n<script>"));
    ck_assert_ptr_nonnull(strstr(head, "Status: 303 See Other\r\n"));
    ck_assert_ptr_nonnull(strstr(head, "Location: /aSet-Cookie: x=1<script>\r\n"));
}
END_TEST

/* ---- places for slow work ---- */

START_TEST(a_full_gate_is_busy_at_once)
{
    struct err e;
    slow_init(16);
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(slow_enter(SLOW_WAIT, &e), RC_OK);
    ck_assert_int_eq(slow_enter(SLOW_WAIT, &e), RC_BUSY);
    ck_assert_int_eq(slow_enter(SLOW_HASH, &e), RC_OK);
    ck_assert_int_eq(slow_enter(SLOW_HASH, &e), RC_OK);
    ck_assert_int_eq(slow_enter(SLOW_HASH, &e), RC_BUSY);
    slow_leave(SLOW_WAIT);
    ck_assert_int_eq(slow_enter(SLOW_WAIT, &e), RC_OK);
    ck_assert_int_eq(slow_enter(SLOW_WAIT, &e), RC_BUSY);
}
END_TEST

Suite *t_request_suite(void)
{
    TCase *t;
    Suite *s = suite_of("request", &t);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, reads_targets, 0, COUNT(GOOD_TARGETS));
    tcase_add_loop_test(t, rejects_hostile_targets, 0, COUNT(BAD_TARGETS));
    tcase_add_test(t, measures_targets_to_the_byte);
    tcase_add_loop_test(t, knows_local_paths, 0, COUNT(NEXTS));
    tcase_add_test(t, encodes_segments);
    tcase_add_test(t, finds_cookies_by_their_whole_name);
    tcase_add_test(t, takes_the_body_before_the_query);
    tcase_add_test(t, copies_what_the_server_says);
    tcase_add_loop_test(t, reads_lengths, 0, COUNT(LENGTHS));
    tcase_add_test(t, refuses_a_second_length);
    tcase_add_test(t, refuses_too_many_headers);
    tcase_add_test(t, survives_an_empty_environment);
    tcase_add_test(t, every_answer_has_the_security_headers);
    tcase_add_test(t, a_value_cannot_begin_a_header);
    tcase_add_test(t, a_full_gate_is_busy_at_once);
    return s;
}
