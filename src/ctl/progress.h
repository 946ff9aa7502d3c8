/*
 * How far a long command has come: a bar that is drawn over again on a terminal, a line now and
 * then elsewhere. On stderr, so that stdout has the result alone.
 */
#ifndef CTL_PROGRESS_H
#define CTL_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    const char *what;    /* "reading" */
    int64_t total_bytes; /* 100 % */
    bool terminal;       /* stderr is one */
    int64_t began_us;    /* since then the rate counts, … */
    int64_t began_lines; /* … from this line … */
    int64_t began_bytes; /* … and byte on */
    int64_t shown_us;    /* when it was shown last */
    bool drawn;          /* a bar stands on the terminal's line */
};

/* Bytes and lines that are done already (an import that goes on). */
void progress_begin(struct progress *p, const char *what, int64_t total_bytes, int64_t bytes,
                    int64_t lines);
/* Shows it when it is time: five times a second on a terminal, else every five seconds. */
void progress_step(struct progress *p, int64_t bytes, int64_t lines);
/* Takes the bar off the terminal. */
void progress_end(struct progress *p);

#endif
