#include "targets.h"

#include "api/errors.h"
#include "core/limits.h"
#include "core/str.h"
#include "web/auth_key.h"
#include "web/form.h"
#include "web/percent.h"

#include <string.h>

static void check_form(struct arena *a, const struct form *form)
{
    CHECK(form->n <= LIMIT_FIELDS);
    for (int i = 0; i < form->n; i++) {
        const struct form_field *f = &form->fields[i];
        CHECK(str_utf8_valid(f->name, strlen(f->name)));
        CHECK(str_utf8_valid(f->value, strlen(f->value)));
        CHECK(form_field(form, f->name) == f); /* no name is there twice */
        (void)form_object(a, form, f->name);
    }
}

void fuzz_form(struct arena *a, const char *text, size_t n)
{
    struct form form = {0}, json = {0};
    struct err e = {0};
    if (form_read_urlencoded(a, text, n, &form, &e) == RC_OK)
        check_form(a, &form);
    if (form_read_json(a, text, n, &json, &e) == RC_OK)
        check_form(a, &json);
}

void fuzz_basic(struct arena *a, const char *text, size_t n)
{
    (void)n; /* FastCGI hands a header over as text */
    const char *key = auth_key_read(a, text);
    CHECK(key == NULL || (*key && strlen(key) <= LIMIT_API_KEY_BYTES && !strchr(key, ':')));
}

void fuzz_version(struct arena *a, const char *text, size_t n)
{
    (void)n;
    const struct web_header header = {"version", text};
    const struct req r = {.arena = a, .headers = &header, .n_headers = 1};
    enum api_family family = errors_family(&r);
    const char *date = str_trim(a, text);
    CHECK(family == FAMILY_UPPER || (strlen(date) == 10 && strcmp(date, "2023-12-31") <= 0));
}

void fuzz_percent(struct arena *a, const char *text, size_t n)
{
    const enum percent_kind kinds[] = {PERCENT_FORM, PERCENT_PATH};
    for (int i = 0; i < 2; i++) {
        const char *decoded = percent_decode(a, text, n, kinds[i]);
        if (decoded == NULL)
            continue;
        CHECK(str_utf8_valid(decoded, strlen(decoded)));
        const char *encoded = percent_encode(a, decoded);
        const char *again = percent_decode(a, encoded, strlen(encoded), PERCENT_FORM);
        CHECK(str_eq(again, decoded));
    }
}

void fuzz_target_of_request(struct arena *a, const char *text, size_t n)
{
    struct req r = {.arena = a};
    struct err e = {0};
    (void)n;
    if (req_set_target(&r, text, &e) != RC_OK)
        return;
    CHECK(r.path[0] == '/' && str_utf8_valid(r.path, strlen(r.path)));
    CHECK(strstr(r.path, "/../") == NULL && strstr(r.path, "//") == NULL);
}
