/*
 * What ICU knows of one pair of locale and zone, asked once and kept for each thread. Private to
 * the format files.
 */
#ifndef VIEW_FORMAT_SLOT_H
#define VIEW_FORMAT_SLOT_H

#include "view/format.h"
#include <stdbool.h>

enum { SLOT_NAME_BYTES = 64, SLOT_MONTHS = 12, SLOT_MONTH_BYTES = 32, SLOT_SIGN_BYTES = 16 };

struct slot {
    char locale[SLOT_NAME_BYTES]; /* as asked for */
    char zone[SLOT_NAME_BYTES];
    const char *use_locale; /* as ICU gets them: unknown ones fall back to "en" and "UTC" */
    const char *use_zone;

    /* numbers */
    char group[SLOT_SIGN_BYTES], point[SLOT_SIGN_BYTES];
    int first_group, other_groups; /* digits in the last group, and in those before it */

    /* times */
    char months[SLOT_MONTHS][SLOT_MONTH_BYTES];
    void *calendar; /* UCalendar */
    int64_t valid_from_ms, valid_to_ms;
    int32_t offset_ms; /* of the zone, from … until … */
    char zone_name[SLOT_NAME_BYTES];
    int32_t zone_name_offset_ms; /* the offset that name was given for */
};

/* Belongs to the calling thread; gone when the thread ends. */
struct slot *slot_for(const struct format *f);

/* The zone's distance from UTC at that time. */
int32_t slot_offset(struct slot *s, int64_t wall_ms);

/* "CEST" as locale has it at that time, "GMT+5:45" where it has no name; at most
 * SLOT_NAME_BYTES - 1 bytes. */
void slot_zone_name(const struct slot *s, const char *locale, int64_t wall_ms,
                    char out[SLOT_NAME_BYTES]);

/* A text of bounded length on its way to the arena; CHECKs that it fits. */
struct line {
    size_t n;
    char text[256];
};
void line_char(struct line *l, char c);
void line_add(struct line *l, const char *text);
char *line_end(struct arena *a, const struct line *l);

#endif
