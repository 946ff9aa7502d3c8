#include "core/limits.h"
#include "core/str.h"
#include "web/double.h"
#include "web/multipart.h"
#include "web/suites.h"
#include "web/upload.h"
#include <string.h>

#define TYPE "multipart/form-data; boundary=xYz"

static struct arena *arena;

static void open_arena(void)
{
    arena = arena_new(64u << 20);
}

static void close_arena(void)
{
    arena_free(arena);
}

/* Bytes that come `step` at a time. */
struct drip {
    const char *text;
    size_t n, at, step;
};

static ssize_t drip_read(void *ctx, char *to, size_t room)
{
    struct drip *d = ctx;
    size_t n = d->n - d->at;
    n = n < d->step ? n : d->step;
    n = n < room ? n : room;
    memcpy(to, d->text + d->at, n);
    d->at += n;
    return (ssize_t)n;
}

/* "name=value;name[file]=value;" of a whole body, or the error's text. */
static const char *parts_of(const char *type, const char *text, size_t n, size_t step)
{
    struct drip d = {text, n, 0, step};
    const struct web_source from = {drip_read, &d};
    struct multipart *m;
    struct multipart_part part;
    struct err e;
    struct buf b;
    bool end = false;
    buf_init(&b, arena);
    if (multipart_open(arena, type, &from, &m, &e) != RC_OK)
        return arena_strdup(arena, e.text);
    while (multipart_next(m, &part, &end, &e) == RC_OK) {
        char bytes[5];
        ssize_t got;
        if (end)
            return buf_text(&b);
        buf_puts(&b, part.name);
        if (part.file_name != NULL)
            buf_printf(&b, "[%s]", part.file_name);
        buf_putc(&b, '=');
        while ((got = multipart_read(m, bytes, sizeof bytes)) > 0)
            buf_add(&b, bytes, (size_t)got);
        buf_puts(&b, got < 0 ? "?" : ";");
    }
    return arena_strdup(arena, e.text);
}

#define PART(head, value) "--xYz\r\nContent-Disposition: form-data; " head "\r\n\r\n" value "\r\n"
#define END               "--xYz--\r\n"

static const struct {
    const char *body, *parts;
} good[] = {
    {PART("name=\"a\"", "1") PART("name=b", "2") END, "a=1;b=2;"},
    {PART("name=\"a\"", "") END, "a=;"},
    {"preamble\r\n" PART("name=\"a\"", "1") END "epilogue", "a=1;"},
    {PART("name=\"a\"", "x\r\n--xY\r\n--xYy\r\r\n-") END, "a=x\r\n--xY\r\n--xYy\r\r\n-;"},
    {PART("name=\"f\"; filename=\"C:\\\\dir\\\\\\\"a\\\".csv\"", "x") END,
     "f[C:\\\\dir\\\\\"a\".csv]=x;"},
    {PART("name=\"f\"; filename=\"a.csv\"; filename*=UTF-8''%e2%82%b9%20b.csv", "x") END,
     "f[₹ b.csv]=x;"},
    {PART("name=\"f\"; filename=\"\"", "") END, "f[]=;"},
    {PART("name=f; filename=a.csv; filename*=utf-8'en'a+b%20c.csv", "x") END, "f[a+b c.csv]=x;"},
    {PART("name=\"f\"; filename*=UTF-8''a%2fb.csv; filename=\"b.csv\"", "x") END, "f[b.csv]=x;"},
    {PART("filename=\"a; name=b; filename*=UTF-8''c\"; name=\"f\"", "x") END,
     "f[a; name=b; filename*=UTF-8''c]=x;"},
    {PART("name=\"f\"; filename=\"M\xe4rz.csv\"", "x") END, "f[M_rz.csv]=x;"},
    {"--xYz \t\r\ncontent-DISPOSITION: form-data; name=a\r\nContent-Type: "
     "text/csv\r\n\r\n1\r\n" END,
     "a=1;"},
    {"--xYz--\r\n", ""},
};

START_TEST(reads_parts_whatever_the_pieces)
{
    const char *body = good[_i].body;
    static const size_t steps[] = {1, 2, 3, 7, 64, 100000};
    for (size_t i = 0; i < COUNT(steps); i++)
        ck_assert_str_eq(parts_of(TYPE, body, strlen(body), steps[i]), good[_i].parts);
}
END_TEST

static const char *const bad[] = {
    "",
    "--xYz",
    "--xYz\r\n",
    "no boundary at all",
    PART("name=\"a\"", "1"),
    "--xYz\nContent-Disposition: form-data; name=\"a\"\n\n1\n--xYz--\n",
    "--xYz\r\nContent-Disposition: form-data\r\n\r\n1\r\n" END,
    "--xYz\r\nContent-Disposition: form-data; name=\"a\r\n\r\n1\r\n" END,
    "--xYz\r\nContent-Disposition: form-data; name=\"\xff\"\r\n\r\n1\r\n" END,
    "--xYz junk\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n" END,
};

START_TEST(refuses_what_is_no_form)
{
    const char *body = bad[_i];
    for (size_t step = 1; step < 200; step += 99) {
        const char *said = parts_of(TYPE, body, strlen(body), step);
        ck_assert_msg(str_starts(said, "The upload was cut off"), "%s gave %s", body, said);
    }
}
END_TEST

START_TEST(refuses_a_zero_byte_in_a_head)
{
    static const char body[] =
        "--xYz\r\nContent-Disposition: form-data; name=\"a\0b\"\r\n\r\n1\r\n" END;
    ck_assert(str_starts(parts_of(TYPE, body, sizeof body - 1, 9), "The upload was cut off"));
}
END_TEST

static const char *const bad_types[] = {
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=\"a",
    "multipart/form-data; boundary=a\x01"
    "b",
    "multipart/form-data; boundary=0123456789012345678901234567890123456789012345678901234567890"
    "1234567890",
    "multipart/mixed; boundary=xYz",
    "text/plain",
    "",
};

START_TEST(refuses_a_content_type_without_boundary)
{
    const char *said = parts_of(bad_types[_i], "x", 1, 1);
    ck_assert_msg(strstr(said, "boundary") != NULL || strstr(said, "must be multipart") != NULL,
                  "%s", said);
}
END_TEST

START_TEST(takes_a_quoted_boundary)
{
    const char *body = PART("name=a", "1") END;
    ck_assert_str_eq(
        parts_of("Multipart/Form-Data;charset=utf-8; boundary=\"xYz\"", body, strlen(body), 10),
        "a=1;");
}
END_TEST

START_TEST(has_a_ceiling_for_parts_and_heads)
{
    struct buf b;
    buf_init(&b, arena);
    for (int i = 0; i < LIMIT_PARTS; i++)
        buf_puts(&b, PART("name=a", "1"));
    const char *full = arena_printf(arena, "%s" END, buf_text(&b));
    ck_assert(str_starts(parts_of(TYPE, full, strlen(full), 1000), "a=1;"));
    const char *over = arena_printf(arena, "%s" PART("name=a", "1") END, buf_text(&b));
    ck_assert_str_eq(parts_of(TYPE, over, strlen(over), 1000), "The upload has too many parts.");

    const char *head = arena_printf(arena, "--xYz\r\nX: %0*d\r\n", LIMIT_PART_HEAD_BYTES, 1);
    ck_assert(str_starts(parts_of(TYPE, head, strlen(head), 1000), "The upload was cut off"));
}
END_TEST

/* ---- a file in a request ------------------------------------------------------------------------
 */

static const char *upload_of(const char *type, const char *body, bool is_browser,
                             const char **fault)
{
    struct req *r = arena_alloc(arena, sizeof *r);
    struct err e;
    struct buf b;
    char bytes[3];
    ssize_t n;
    *r = (struct req){.arena = arena, .content_type = type, .body = body, .body_n = strlen(body)};
    *fault = NULL;
    if (upload_begin(r, is_browser, &e) != RC_OK)
        return arena_strdup(arena, e.text);
    buf_init(&b, arena);
    buf_printf(&b, "%s:", str_or(form_get(&r->form, "note"), "-"));
    while ((n = upload_read(r->upload, bytes, sizeof bytes)) > 0)
        buf_add(&b, bytes, (size_t)n);
    *fault = upload_fault(r->upload);
    ck_assert_int_eq(n < 0, *fault != NULL);
    return buf_text(&b);
}

START_TEST(gives_the_fields_before_the_file_and_then_the_file)
{
    const char *fault;
    ck_assert_str_eq(
        upload_of(TYPE, PART("name=note", "hi") PART("name=file", "a,b") END, true, &fault),
        "hi:a,b");
    ck_assert_ptr_null(fault);
    ck_assert_str_eq(upload_of("text/csv; charset=utf-8", "a,b", false, &fault), "-:a,b");
    ck_assert_str_eq(upload_of("text/csv", "a,b", true, &fault),
                     "The body must be multipart/form-data.");
    ck_assert_str_eq(upload_of(TYPE, PART("name=note", "hi") END, true, &fault),
                     "Choose a file first.");
}
END_TEST

START_TEST(a_file_with_something_behind_it_never_ends_well)
{
    const char *fault;
    upload_of(TYPE, PART("name=file", "a") PART("name=note", "hi") END, true, &fault);
    ck_assert_ptr_nonnull(strstr(fault, "Send the file last"));
    upload_of(TYPE, PART("name=file", "a"), true, &fault);
    ck_assert_ptr_nonnull(fault);
    upload_of(TYPE, "--xYz\r\nContent-Disposition: form-data; name=file\r\n\r\na,b", true, &fault);
    ck_assert_str_eq(fault, "The upload was cut off.");
}
END_TEST

START_TEST(a_field_has_a_ceiling_and_comes_once)
{
    const char *fault;
    const char *most = arena_printf(arena, PART("name=x", "%0*d") PART("name=file", "a") END,
                                    LIMIT_FIELD_BYTES, 1);
    ck_assert_str_eq(upload_of(TYPE, most, true, &fault), "-:a");
    const char *over = arena_printf(arena, PART("name=x", "%0*d") PART("name=file", "a") END,
                                    LIMIT_FIELD_BYTES + 1, 1);
    ck_assert_str_eq(upload_of(TYPE, over, true, &fault), "A field of the form is too long.");
    ck_assert(str_starts(upload_of(TYPE, PART("name=x", "1") PART("name=x", "2") END, true, &fault),
                         "A field of the form is there twice"));
}
END_TEST

Suite *t_multipart_suite(void)
{
    Suite *s = suite_create("multipart");
    TCase *t = tcase_create("multipart");
    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_add_loop_test(t, reads_parts_whatever_the_pieces, 0, COUNT(good));
    tcase_add_loop_test(t, refuses_what_is_no_form, 0, COUNT(bad));
    tcase_add_loop_test(t, refuses_a_content_type_without_boundary, 0, COUNT(bad_types));
    tcase_add_test(t, refuses_a_zero_byte_in_a_head);
    tcase_add_test(t, takes_a_quoted_boundary);
    tcase_add_test(t, has_a_ceiling_for_parts_and_heads);
    tcase_add_test(t, gives_the_fields_before_the_file_and_then_the_file);
    tcase_add_test(t, a_file_with_something_behind_it_never_ends_well);
    tcase_add_test(t, a_field_has_a_ceiling_and_comes_once);
    suite_add_tcase(s, t);
    return s;
}
