/*
 * Countries, as addresses of bank accounts name them.
 */
#ifndef REFUND_COUNTRY_H
#define REFUND_COUNTRY_H

#include <stdbool.h>

/* An ISO 3166-1 code in capitals, alpha-2 ("SG") or alpha-3 ("SGP"). */
bool country_known(const char *code);

#endif
