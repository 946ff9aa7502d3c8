/*
 * Finding the route of a request in a program's table.
 */
#ifndef WEB_MATCH_H
#define WEB_MATCH_H

#include "web/route.h"

/* Sets r->route and r->params: the first row whose path and method fit. HEAD is served by GET.
 * False: none; *allow is then the methods that rows of this path take ("GET, HEAD, POST"), NULL
 * when no path fits. */
bool match_route(const struct web_program *program, struct req *r, const char **allow);

#endif
