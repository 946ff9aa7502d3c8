/*
 * multipart/form-data (RFC 7578) read as a stream in constant memory: the parts one after the
 * other, their bytes piece by piece. Strict where clients agree (CRLF, boundary, final boundary),
 * and every head is bounded.
 */
#ifndef WEB_MULTIPART_H
#define WEB_MULTIPART_H

#include "web/request.h"

struct multipart;

struct multipart_part {
    const char *name;
    const char *file_name; /* as the client named it, path and all; NULL: an ordinary field */
};

/* Both live in the arena. RC_UNSUPPORTED: content_type is no multipart/form-data. RC_INVALID: it
 * has no usable boundary. */
MUSTCHECK enum rc multipart_open(struct arena *a, const char *content_type,
                                 const struct web_source *from, struct multipart **out,
                                 struct err *e);

/* The next part; what is left of the one before is passed over. *end: there is none, and the final
 * boundary was there. RC_INVALID says what is wrong; over LIMIT_PARTS is RC_INVALID too. */
MUSTCHECK enum rc multipart_next(struct multipart *m, struct multipart_part *part, bool *end,
                                 struct err *e);

/* At most `room` bytes of the part; 0 at its end; -1 when the body ends before it does. */
ssize_t multipart_read(struct multipart *m, char *to, size_t room);

#endif
