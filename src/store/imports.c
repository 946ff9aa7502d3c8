#include "store/imports.h"

#include "sql/queries.h"
#include <string.h>

enum rc imports_get(struct sql *q, struct arena *a, int64_t merchant,
                    const uint8_t file_sha256[DIGEST_BYTES], struct import_row *out, struct err *e)
{
    struct sql_cur c;
    bool found = false;
    sql_begin(q, &c, SQL_IMPORT_GET, SQL_ARGS(SQL_I(merchant), SQL_B(file_sha256, DIGEST_BYTES)));
    while (sql_next(&c)) {
        *out = (struct import_row){.merchant = merchant};
        memcpy(out->file_sha256, file_sha256, DIGEST_BYTES);
        out->file_name = sql_text(&c, a);
        out->position = sql_i64(&c);
        out->lines = sql_i64(&c);
        out->applied = sql_i64(&c);
        out->known = sql_i64(&c);
        out->refused = sql_i64(&c);
        out->report_bytes = sql_i64(&c);
        out->started_ms = sql_i64(&c);
        out->finished_ms = sql_i64(&c);
        found = true;
    }
    enum rc rc = sql_end(&c, e);
    if (rc == RC_OK && !found)
        return ERR(e, RC_NOT_FOUND, "This file was never imported.", "no such import");
    return rc;
}

enum rc imports_put(struct sql *q, const struct import_row *i, struct err *e)
{
    return sql_exec(q, SQL_IMPORT_PUT,
                    SQL_ARGS(SQL_I(i->merchant), SQL_B(i->file_sha256, DIGEST_BYTES),
                             SQL_T(i->file_name), SQL_I(i->position), SQL_I(i->lines),
                             SQL_I(i->applied), SQL_I(i->known), SQL_I(i->refused),
                             SQL_I(i->report_bytes), SQL_I(i->started_ms),
                             SQL_OPT_I(i->finished_ms != 0, i->finished_ms)),
                    NULL, e);
}
