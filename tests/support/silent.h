/*
 * A name whose name server does not answer: whoever resolves it in a program of tests waits for
 * silent_ms.
 */
#ifndef SUPPORT_SILENT_H
#define SUPPORT_SILENT_H

#include <stdint.h>

#define SILENT_HOST "silent.test"

extern const int64_t silent_ms;

#endif
