/*
 * CSV for spreadsheets: RFC 4180 quoting, CRLF, numbers as numbers, and no text that a spreadsheet
 * would take for a formula (a leading = + - @ TAB or CR gets an apostrophe).
 */
#ifndef VIEW_CSV_H
#define VIEW_CSV_H

#include "core/str.h"

/* One cell of text; NULL is empty. The comma before it is written where one belongs. */
void csv_text(struct buf *b, const char *text);
/* One cell of decimal text as it is. */
void csv_number(struct buf *b, const char *digits);
/* CRLF. */
void csv_end_row(struct buf *b);

#endif
