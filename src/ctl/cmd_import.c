#include "core/str.h"
#include "ctl/commands.h"
#include "ctl/import.h"
#include "store/audit.h"
#include <stdio.h>

const struct ctl_option import_options[] = {
    {"--merchant", "MERCHANT_ID", "which merchant; needed when there are several"},
    {"--report", "FILE", "where refused lines go (default: FILE.refused.jsonl or .csv)"},
    {"--offline", NULL, "faster, while nothing else runs: refused while a program does"},
    {0},
};

/* ---- where it stands
 * -----------------------------------------------------------------------------
 */

static enum rc look_up(struct sql *q, void *arg, struct err *e)
{
    struct import *im = arg;
    return imports_get(q, im->c->arena, im->actor.merchant, im->file.sha256, &im->row, e);
}

/* The row of this file: as it was left, or a new one. */
static enum rc find_row(struct import *im, struct err *e)
{
    struct err miss;
    enum rc rc = sql_read(im->c->app.db, look_up, im, &miss);
    if (rc == RC_NOT_FOUND) {
        im->row = (struct import_row){.merchant = im->actor.merchant,
                                      .started_ms = clock_wall_ms(&im->c->app.clock)};
        for (int i = 0; i < DIGEST_BYTES; i++)
            im->row.file_sha256[i] = im->file.sha256[i];
        rc = RC_OK;
    } else if (rc != RC_OK) {
        *e = miss;
    }
    im->row.file_name = im->file.path;
    return rc;
}

static void say_counts(const struct import_row *r)
{
    printf("%lld orders taken in, %lld known already, %lld refused\n", (long long)r->applied,
           (long long)r->known, (long long)r->refused);
}

/* ---- the end
 * -------------------------------------------------------------------------------------
 */

struct ending {
    struct import *im;
    int64_t now_ms;
};

static enum rc finish_fn(struct sql *q, void *arg, struct err *e)
{
    const struct ending *end = arg;
    struct import *im = end->im;
    struct arena *a = im->c->arena;
    struct import_row row = im->row;
    row.finished_ms = end->now_ms;
    const char *const pairs[] = {
        "file",    im->file.path,
        "sha256",  digest_hex(a, row.file_sha256, DIGEST_BYTES),
        "applied", arena_printf(a, "%lld", (long long)row.applied),
        "known",   arena_printf(a, "%lld", (long long)row.known),
        "refused", arena_printf(a, "%lld", (long long)row.refused),
        NULL,
    };
    enum rc rc = imports_put(q, &row, e);
    return rc == RC_OK
               ? ctl_audit(q, im->c, row.merchant, "import.finished", im->file.path, pairs, e)
               : rc;
}

static enum rc finish(struct import *im, struct err *e)
{
    struct ending end = {im, clock_wall_ms(&im->c->app.clock)};
    enum rc rc = import_report_close(&im->report, im->row.refused > 0, e);
    if (rc == RC_OK)
        rc = sql_tx(im->c->app.db, finish_fn, &end, e);
    if (rc != RC_OK)
        return rc;
    say_counts(&im->row);
    if (im->row.refused > 0)
        printf("the refused lines are in %s\n", im->report.path);
    im->c->wrong = im->row.refused > 0;
    return RC_OK;
}

static enum rc say_stopped(struct import *im, struct err *e)
{
    say_counts(&im->row);
    return ERR(e, RC_BUSY,
               arena_printf(im->c->arena,
                            "Stopped after line %lld. The same command goes on from there.",
                            (long long)im->row.lines),
               "signal");
}

/* ---- the middle
 * ----------------------------------------------------------------------------------
 */

static const char *report_path(const struct import *im)
{
    const char *given = ctl_option(im->c, "--report");
    return given != NULL ? given
                         : arena_printf(im->c->arena, "%s.refused.%s", im->file.path,
                                        im->file.is_csv ? "csv" : "jsonl");
}

static enum rc run(struct import *im, const struct merchant *m, struct err *e)
{
    struct arena *a = im->c->arena;
    struct import_lines *lines;
    bool stopped = false;
    enum rc rc = import_lines_open(a, &im->file, im->row.position, im->row.lines + 1,
                                   m->default_currency, &lines, e);
    if (rc == RC_OK)
        rc = import_report_open(im->c, report_path(im), import_lines_header(lines), &im->report,
                                &im->row.report_bytes, e);
    if (rc != RC_OK)
        return rc;
    if (im->row.position > 0)
        printf("going on after line %lld\n", (long long)im->row.lines);
    fflush(stdout);
    progress_begin(&im->progress, "importing", im->file.size_bytes, im->row.position,
                   im->row.lines);
    rc = import_apply(im, lines, &stopped, e);
    progress_end(&im->progress);
    if (rc == RC_OK)
        rc = stopped ? say_stopped(im, e) : finish(im, e);
    struct err second = {0};
    if (rc != RC_OK && import_report_close(&im->report, true, &second) != RC_OK)
        log_err(&im->c->app.log, "closing the report", &second);
    return rc;
}

enum rc cmd_import(struct ctl *c, struct err *e)
{
    struct merchant m;
    struct import im = {
        .c = c, .file.fd = -1, .report.fd = -1, .offline = ctl_option(c, "--offline") != NULL};
    enum rc rc = import_file_open(c, c->arguments[0], &im.file, e);
    if (rc == RC_OK)
        rc = ctl_open_alone(c, im.offline, e);
    if (rc == RC_OK)
        rc = ctl_merchant(c, &m, e);
    if (rc == RC_OK)
        rc = import_file_sum(c->arena, &im.file, e);
    if (rc != RC_OK)
        goto out;
    im.actor = (struct actor){.kind = ACTOR_OPERATOR,
                              .merchant = m.id,
                              .merchant_id = m.merchant_id,
                              .name = "refundctl"};
    rc = find_row(&im, e);
    if (rc == RC_OK && im.row.finished_ms != 0) {
        printf("this file was imported already, until %s; nothing was changed\n",
               ctl_time(c, im.row.finished_ms));
        say_counts(&im.row);
    } else if (rc == RC_OK) {
        rc = run(&im, &m, e);
    }
out:
    import_file_close(&im.file);
    return rc;
}
