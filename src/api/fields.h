/*
 * Fields of an API request as texts: strings and numbers are, booleans, objects and arrays are not.
 */
#ifndef API_FIELDS_H
#define API_FIELDS_H

#include "api/errors.h"

/* The text of a field of the body, else of the query; NULL when it is absent, null, or has a type
 * that is no text (a fault then). */
const char *fields_text(const struct req *r, const char *name, struct api_faults *faults);
/* The same of one of the two. */
const char *fields_text_in(const struct form *form, const char *name, struct api_faults *faults);

#endif
