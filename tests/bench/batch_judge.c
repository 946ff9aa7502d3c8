/*
 * A file of refunds read and judged by the desk's own reader and validation core, as an upload does
 * it, without keeping a row.
 *
 *     batch_judge HOME FILE ROUNDS        prints the median round in microseconds
 *
 * Every row must be good.
 */
#include "core/app.h"
#include "core/digest.h"
#include "core/id.h"
#include "core/limits.h"
#include "core/str.h"
#include "refund/batch_map.h"
#include "refund/batch_rows.h"
#include "sql/sql.h"
#include "store/merchants.h"
#include "tests/bench/rounds.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct judge {
    struct app app;
    struct arena *own, *file, *chunk;
    struct actor actor;
    struct batch batch;
    struct batch_map *before;
    const char *bytes;
    size_t left;
    struct batch_row rows[LIMIT_BATCH_CHUNK];
    struct batch_row_ask *asks[LIMIT_BATCH_CHUNK];
    int n;
};

static void must(enum rc rc, const struct err *e)
{
    if (rc == RC_OK)
        return;
    fprintf(stderr, "batch_judge: %s (%s)\n", e->text, e->detail);
    exit(EXIT_FAILURE);
}

static ssize_t next_bytes(void *ctx, char *to, size_t room)
{
    struct judge *j = ctx;
    size_t n = j->left < room ? j->left : room;
    memcpy(to, j->bytes, n);
    j->bytes += n;
    j->left -= n;
    return (ssize_t)n;
}

static enum rc judge_chunk(struct sql *q, void *arg, struct err *e)
{
    struct judge *j = arg;
    enum rc rc = RC_OK;
    for (int i = 0; rc == RC_OK && i < j->n; i++)
        rc = batch_row_judge(q, j->chunk, j->before, j->asks[i], j->batch.created_ms, &j->rows[i],
                             e);
    return rc;
}

static void check_chunk(const struct judge *j)
{
    for (int i = 0; i < j->n; i++) {
        if (!str_eq(j->rows[i].verdict, BATCH_VERDICT_OK)) {
            fprintf(stderr, "batch_judge: row %lld: %s\n", (long long)j->rows[i].row,
                    j->rows[i].verdict_said);
            exit(EXIT_FAILURE);
        }
    }
}

static void read_file(void *ctx, const char *bytes, size_t n)
{
    struct judge *j = ctx;
    struct batch_csv *csv = NULL;
    struct batch_csv_row row;
    struct err e;
    int n_columns;
    const struct batch_csv_column *columns = batch_columns(&n_columns);
    int64_t number = 0;
    bool end = false;
    j->bytes = bytes;
    j->left = n;
    arena_clear(j->file);
    j->before = batch_map_new();
    must(batch_csv_open(j->file, columns, n_columns, next_bytes, j, &csv, &e), &e);
    while (!end) {
        arena_clear(j->chunk);
        for (j->n = 0; j->n < LIMIT_BATCH_CHUNK; j->n++) {
            must(batch_csv_next(csv, j->chunk, &row, &end, &e), &e);
            if (end)
                break;
            j->rows[j->n] = batch_row_of_cells(j->chunk, j->batch.id, ++number, &row);
            j->asks[j->n] =
                batch_row_request(j->chunk, &j->app, &j->actor, &j->batch, &j->rows[j->n]);
        }
        must(sql_read(j->app.db, judge_chunk, j, &e), &e);
        check_chunk(j);
    }
    batch_map_free(j->before);
}

static enum rc find_merchant(struct sql *q, void *arg, struct err *e)
{
    struct judge *j = arg;
    struct merchant m;
    enum rc rc = merchants_first(q, j->own, &m, e);
    j->actor = (struct actor){.kind = ACTOR_API, .merchant = m.id, .name = "API"};
    return rc;
}

int main(int argc, char **argv)
{
    static struct judge j;
    const struct sql_options options = {.catalog = &sql_catalog_desk};
    struct rounds r;
    struct err e;
    if (!rounds_read(&r, argc, argv))
        return 2;
    digest_init();
    id_init(ID_TEST, 0);
    j.own = arena_new(LIMIT_ARENA_REQUEST_BYTES);
    j.file = arena_new(LIMIT_ARENA_REQUEST_BYTES);
    j.chunk = arena_new(LIMIT_ARENA_REQUEST_BYTES);
    j.batch =
        (struct batch){.id = id_new(), .reason = "CANCELLATION", .created_ms = clock_wall_ms(NULL)};
    must(sql_open(&j.app.db, arena_printf(j.own, "sqlite:%s/refunddesk.db", argv[1]), &options, &e),
         &e);
    must(sql_read(j.app.db, find_merchant, &j, &e), &e);
    printf("%lld\n", rounds_median_us(&r, read_file, &j));
    sql_close(j.app.db);
    arena_free(j.chunk);
    arena_free(j.file);
    arena_free(j.own);
    return EXIT_SUCCESS;
}
