/*
 * A file that comes in the body of a request and is read by the handler as it comes, in constant
 * memory (a route of web_upload): the part `file` of a multipart form, or the body itself.
 *
 * Fields of the form stand before the file; they are read into r->form before the handler is
 * called, the CSRF token among them. One that stands after it makes the file unreadable at its end,
 * so that nothing is done with half of what was sent; upload_fault() says which.
 */
#ifndef WEB_UPLOAD_H
#define WEB_UPLOAD_H

#include "web/request.h"

#define UPLOAD_FIELD "file"

struct upload;

/* Sets r->upload. RC_UNSUPPORTED: neither multipart/form-data nor (unless the program talks to
 * browsers) text/csv. RC_INVALID: no file in it, a field over LIMIT_FIELD_BYTES. */
MUSTCHECK enum rc upload_begin(struct req *r, bool is_browser, struct err *e);

/* As the client named it; "" when it did not. */
const char *upload_file_name(const struct upload *u);
/* At most `room` bytes; 0 at the end of the file, -1 when it cannot be read to its end. ctx is the
 * struct upload. */
ssize_t upload_read(void *ctx, char *to, size_t room);
/* What made upload_read fail, for the person; NULL when nothing did. */
const char *upload_fault(const struct upload *u);

#endif
