/* Create Batch Refunds: what it is for (when another person approves), then the file. A file that
 * is refused keeps its page, with kind, line and mend; one that can be read leads to its check. */
#include "portal/batch_form.h"
#include "portal/portal.h"
#include "portal/shell.h"

#include "core/id.h"
#include "core/limits.h"
#include "refund/batch.h"
#include "refund/create.h"
#include "web/upload.h"
#include <inttypes.h>
#include <string.h>

#define KIB 1024

struct work {
    struct req *req;
    struct merchant merchant;
    const char *description; /* "": not told yet */
    const char *description_error;
    const char *reason, *reason_error;
    const char *refused, *said; /* the file: kind, and what to mend */
    int64_t duplicate_of;
};

static enum rc read_page(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    return merchants_get(q, w->req->arena, w->req->actor.merchant, &w->merchant, e);
}

static enum rc load(struct work *w, const struct form *from, struct err *e)
{
    struct arena *a = w->req->arena;
    w->description = str_trim(a, str_or(form_get(from, "description"), ""));
    w->reason = str_or(form_get(from, "refund_reason"), "CANCELLATION");
    if (strlen(w->description) > LIMIT_BATCH_TEXT)
        w->description_error =
            arena_printf(a, "Too long: at most %d characters.", LIMIT_BATCH_TEXT);
    if (!refund_reason_label(w->reason))
        w->reason_error = "Choose a reason.";
    return sql_read(w->req->app->db, read_page, w, e);
}

/* Nothing can be uploaded before it is said what for. */
static bool asks_for_description(const struct work *w)
{
    return w->description_error || (w->merchant.maker_checker && !*w->description);
}

static const char *allowed(const struct work *w, const struct format *f)
{
    struct arena *a = w->req->arena;
    int64_t thousands = (w->merchant.batch_rows + 999) / 1000;
    return arena_printf(a,
                        "One CSV file, UTF-8, with a header row: at most %s rows and %" PRId64
                        " MiB, %d KiB in one cell.",
                        format_count(a, f, w->merchant.batch_rows),
                        thousands * (LIMIT_BATCH_BYTES_PER_1000 >> 20),
                        LIMIT_CSV_FIELD_BYTES / KIB);
}

static void fill_reasons(const struct work *w, struct page_node *root)
{
    int count;
    const char *const *reasons = refund_reasons(&count);
    for (int i = 0; i < count; i++) {
        struct page_node *n = page_add(root, "reasons");
        page_set(n, "value", reasons[i]);
        page_set(n, "label", refund_reason_label(reasons[i]));
        page_flag(n, "chosen", str_eq(reasons[i], w->reason));
    }
}

static void fill_columns(struct page_node *root)
{
    int count;
    const struct batch_csv_column *columns = batch_columns(&count);
    for (int i = 0; i < count; i++) {
        if (columns[i].ignored)
            continue;
        struct page_node *n = page_add(root, "columns");
        page_set(n, "name", columns[i].name);
        page_flag(n, "required", batch_column_is_mandatory(i));
    }
}

static void show(const struct work *w, struct reply *p)
{
    struct req *r = w->req;
    struct page *page = shell_page(r, "page/batch_new", "Create Batch Refunds", &w->merchant);
    struct page_node *root = page_root(page), *duplicate = page_child(root, "duplicate");
    const struct format f = shell_format(&w->merchant);
    bool first = asks_for_description(w);

    batch_form_steps(root, w->merchant.maker_checker, first ? STEP_DESCRIPTION : STEP_FILE);
    page_flag(root, "first", first);
    page_flag(root, "maker_checker", w->merchant.maker_checker);
    page_set(root, "description", w->description);
    page_set(root, "description_error", w->description_error);
    page_set(root, "reason_error", w->reason_error);
    page_set(root, "refused", w->refused);
    page_set(root, "said", w->said);
    if (w->duplicate_of) {
        page_set(duplicate, "href", batch_view_path(r->arena, w->duplicate_of, ""));
        page_set(duplicate, "id", id_text(r->arena, w->duplicate_of));
    }
    page_set(root, "allowed", allowed(w, &f));
    page_set(root, "sample", BATCH_PATH "/new/sample");
    page_set(root, "action", BATCH_PATH "/new");
    page_set(root, "back", BATCH_PATH);
    fill_reasons(w, root);
    fill_columns(root);
    reply_page(p, 200, page);
}

enum rc page_batch_new(struct req *r, struct reply *p, struct err *e)
{
    struct work w = {.req = r};
    enum rc rc = load(&w, &r->query, e);
    if (rc != RC_OK)
        return rc;
    if (form_get(&r->query, "description") && w.merchant.maker_checker && !*w.description)
        w.description_error = "Say what these refunds are for: another person approves them.";
    show(&w, p);
    return RC_OK;
}

/* The bytes, handed on by name. */
static enum rc take_file(struct work *w, struct batch_upload_answer *answer, struct err *e)
{
    struct req *r = w->req;
    const struct batch_upload in = {
        .actor = &r->actor,
        .source = "PORTAL",
        .file_name = upload_file_name(r->upload),
        .description = *w->description ? w->description : NULL,
        .reason = w->reason,
        .bytes = upload_read,
        .ctx = r->upload,
    };
    if (*in.file_name == '\0') {
        *answer =
            (struct batch_upload_answer){.refused = "No file", .said = "Choose a CSV file first."};
        return RC_OK;
    }
    enum rc rc = batch_upload(r->app, r->arena, &in, answer, e);
    if (rc != RC_IO || !upload_fault(r->upload))
        return rc;
    *answer = (struct batch_upload_answer){.refused = "The upload broke off",
                                           .said = upload_fault(r->upload)};
    return RC_OK;
}

enum rc page_batch_new_post(struct req *r, struct reply *p, struct err *e)
{
    struct work w = {.req = r};
    struct batch_upload_answer answer;
    enum rc rc = load(&w, &r->form, e);
    if (rc != RC_OK)
        return rc;
    if (asks_for_description(&w) || w.reason_error) {
        show(&w, p);
        return RC_OK;
    }
    rc = take_file(&w, &answer, e);
    if (rc != RC_OK)
        return rc;
    if (!answer.refused) {
        reply_redirect(p, batch_view_path(r->arena, answer.batch.id, ""));
        return RC_OK;
    }
    w.refused = answer.refused;
    w.said = answer.said;
    w.duplicate_of = answer.duplicate_of;
    show(&w, p);
    return RC_OK;
}
