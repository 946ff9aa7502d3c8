/*
 * One line of JSON for each event, to stderr: {"at":"…Z","level":"info","program":"api",
 * "event":"…", …}. Never secrets, never whole bodies, never card or account numbers.
 */
#ifndef CORE_LOG_H
#define CORE_LOG_H

#include "core/err.h"
#include <stdbool.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

struct log {
    const char *program; /* "portal", "api", "worker", … */
    enum log_level least;
    int fd; /* 0 means 2: stderr */
};

/* "debug", "info", "warn" or "error". */
bool log_level_parse(const char *name, enum log_level *level);

/* Pairs of text: log_event(l, LOG_INFO, "started", "port", "8080", NULL). Values may be NULL.
 * One write(2) of at most LIMIT_LOG_LINE_BYTES a line, so lines of several threads never mix. What
 * does not fit is cut ("…"); bytes that are not UTF-8 become U+FFFD. */
void log_event(const struct log *l, enum log_level level, const char *event, ...)
    __attribute__((sentinel));

/* The error with its code, detail, file and line. `during` names what was being done. */
void log_err(const struct log *l, const char *during, const struct err *e);

#endif
