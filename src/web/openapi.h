/*
 * The description of the HTTP API (OpenAPI 3.1), as the build put it into the program from
 * src/api/openapi.json: UTF-8 JSON, a zero byte after it. The API serves these bytes; the portal
 * reads them with json_built_in() for its API page.
 */
#ifndef WEB_OPENAPI_H
#define WEB_OPENAPI_H

#include <stddef.h>

extern const char openapi_text[];
extern const size_t openapi_bytes;

#endif
