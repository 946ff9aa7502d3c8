#include "targets.h"

#include "core/limits.h"
#include "core/str.h"
#include "refund/batch_rows.h"
#include "web/multipart.h"

#include <string.h>

enum { ROWS_MOST = 50, PIECE_BYTES = 5 };

struct bytes {
    const char *text;
    size_t n, at;
};

static ssize_t hand_out(void *ctx, char *to, size_t room)
{
    struct bytes *b = ctx;
    size_t n = b->n - b->at < room ? b->n - b->at : room;
    memcpy(to, b->text + b->at, n);
    b->at += n;
    return (ssize_t)n;
}

/* Rows of an upload as requests: what is told to be right can be asked for. */
void fuzz_batch(struct arena *a, const char *text, size_t n)
{
    static const struct app app;
    const struct actor actor = {.kind = ACTOR_WORKER, .merchant = 1, .name = "maker"};
    const struct batch batch = {.id = 1, .merchant = 1, .reason = "CANCELLATION"};
    struct bytes b = {text, n, 0};
    struct batch_csv *csv;
    struct batch_csv_row cells;
    struct err e = {0};
    int count;
    bool end = false;
    const struct batch_csv_column *columns = batch_columns(&count);
    enum rc rc = batch_csv_open(a, columns, count, hand_out, &b, &csv, &e);
    for (int i = 1; rc == RC_OK && !end && i <= ROWS_MOST; i++) {
        rc = batch_csv_next(csv, a, &cells, &end, &e);
        if (rc != RC_OK || end)
            break;
        struct batch_row r = batch_row_of_cells(a, batch.id, i, &cells);
        const struct batch_row_ask *ask = batch_row_request(a, &app, &actor, &batch, &r);
        CHECK((ask->code == NULL) == (ask->problems == NULL));
        CHECK(ask->problems == NULL || str_utf8_valid(ask->problems, strlen(ask->problems)));
        CHECK(ask->code != NULL || (!str_empty(r.order_id) && !str_empty(r.amount)));
        CHECK(ask->split.n <= 3);
    }
    CHECK(rc == RC_OK || rc == RC_INVALID);
}

/* The parts of a form whose boundary is "b", read in pieces. */
void fuzz_multipart(struct arena *a, const char *text, size_t n)
{
    struct bytes b = {text, n, 0};
    const struct web_source from = {hand_out, &b};
    struct multipart *m;
    struct multipart_part part;
    struct err e = {0};
    char piece[PIECE_BYTES];
    bool end = false;
    enum rc rc = multipart_open(a, "multipart/form-data; boundary=b", &from, &m, &e);
    CHECK(rc == RC_OK);
    for (int parts = 1; rc == RC_OK && !end; parts++) {
        rc = multipart_next(m, &part, &end, &e);
        if (rc != RC_OK || end)
            break;
        CHECK(parts <= LIMIT_PARTS && part.name != NULL);
        size_t in_part = 0;
        for (ssize_t got = 1; got > 0 && parts % 2 == 1;) {
            got = multipart_read(m, piece, sizeof piece);
            CHECK(got <= (ssize_t)sizeof piece);
            in_part += got > 0 ? (size_t)got : 0;
        }
        CHECK(in_part <= n);
    }
    CHECK(rc == RC_OK || rc == RC_INVALID || rc == RC_IO);
}
