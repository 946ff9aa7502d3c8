/*
 * Text as mails carry it: RFC 2045 bodies, RFC 2047 header words. Input is UTF-8; what is not well
 * formed becomes "?".
 */
#ifndef NOTIFY_MAIL_ENCODE_H
#define NOTIFY_MAIL_ENCODE_H

#include "core/str.h"

/* One line of plain text: control characters, line and paragraph separators and what turns the
 * direction of writing become blanks. */
const char *mail_clean(struct arena *a, const char *text);

/* "Name: text" and CRLF. Text that is short printable ASCII stands as it is, anything else in
 * encoded words, one a line of at most 76 bytes, none of which cuts a character. Cleans the text
 * first. */
void mail_put_header(struct buf *out, const char *name, const char *text);

/* Quoted-printable: CRLF line ends, lines of at most 76 bytes, ends with CRLF. No line begins with
 * "." or "From ", and "=_" never occurs. */
void mail_put_body(struct buf *out, const char *text);

/* "Sat, 21 Nov 2026 08:35:57 +0000" */
const char *mail_date(struct arena *a, int64_t wall_ms);

#endif
