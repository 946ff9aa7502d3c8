#include "ctl/progress.h"

#include "core/clock.h"
#include <stdio.h>
#include <unistd.h>

enum { BAR_CELLS = 24, TERMINAL_EVERY_US = 200 * 1000, LINE_EVERY_US = 5 * 1000 * 1000 };

#define SECOND_US INT64_C(1000000)

void progress_begin(struct progress *p, const char *what, int64_t total_bytes, int64_t bytes,
                    int64_t lines)
{
    *p = (struct progress){.what = what,
                           .total_bytes = total_bytes,
                           .terminal = isatty(STDERR_FILENO) == 1,
                           .began_us = clock_mono_us(),
                           .began_lines = lines,
                           .began_bytes = bytes};
    p->shown_us = p->began_us;
}

/* Counts of a second; 0 while nothing can be said. */
static int64_t rate(int64_t count, int64_t took_us)
{
    return took_us < SECOND_US / 10 ? 0 : count * 1000 / (took_us / 1000);
}

static int64_t percent_of(const struct progress *p, int64_t bytes)
{
    return p->total_bytes > 0 ? bytes / (p->total_bytes / 100 + 1) : 100;
}

static void show_bar(int64_t percent)
{
    int full = (int)(percent * BAR_CELLS / 100);
    char bar[BAR_CELLS + 1];
    for (int i = 0; i < BAR_CELLS; i++)
        bar[i] = i < full ? '#' : '.';
    bar[BAR_CELLS] = '\0';
    fprintf(stderr, "\r[%s] ", bar);
}

static void show(struct progress *p, int64_t bytes, int64_t lines, int64_t took_us)
{
    int64_t percent = percent_of(p, bytes);
    int64_t bytes_a_second = rate(bytes - p->began_bytes, took_us);
    int64_t left_s = bytes_a_second > 0 ? (p->total_bytes - bytes) / bytes_a_second : 0;
    if (p->terminal)
        show_bar(percent);
    fprintf(stderr, "%s: %3lld %%", p->what, (long long)percent);
    if (lines > 0)
        fprintf(stderr, ", %lld lines, %lld/s", (long long)lines,
                (long long)rate(lines - p->began_lines, took_us));
    if (bytes_a_second > 0)
        fprintf(stderr, ", %lld:%02lld left", (long long)(left_s / 60), (long long)(left_s % 60));
    fputs(p->terminal ? "\033[K" : "\n", stderr);
    fflush(stderr);
    p->drawn = p->terminal;
}

void progress_step(struct progress *p, int64_t bytes, int64_t lines)
{
    int64_t now_us = clock_mono_us();
    if (now_us - p->shown_us < (p->terminal ? TERMINAL_EVERY_US : LINE_EVERY_US))
        return;
    p->shown_us = now_us;
    show(p, bytes, lines, now_us - p->began_us);
}

void progress_end(struct progress *p)
{
    if (p->drawn)
        fputs("\r\033[K", stderr);
    p->drawn = false;
}
