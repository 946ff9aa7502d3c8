/*
 * A mail as a file: <id>.eml, whole or not at all.
 */
#ifndef NOTIFY_MAIL_FILE_H
#define NOTIFY_MAIL_FILE_H

#include "core/str.h"

/* Writes it durably (0600) into the folder, which is made (0700) when it is not there; a file of
 * that name is replaced. *path is where it is. RC_IO says why not. */
MUSTCHECK enum rc mail_file_write(struct arena *a, const char *folder, int64_t id,
                                  const struct buf *message, const char **path, struct err *e);

#endif
