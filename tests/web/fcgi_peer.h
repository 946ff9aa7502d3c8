/*
 * The web server's part of FastCGI, by hand: records as a web server sends them, and as none
 * should.
 */
#ifndef TESTS_WEB_FCGI_PEER_H
#define TESTS_WEB_FCGI_PEER_H

#include <stddef.h>

enum peer_record { PEER_BEGIN = 1, PEER_END = 3, PEER_PARAMS = 4, PEER_STDIN = 5, PEER_STDOUT = 6 };
#define PEER_RECORD_MAX 65535

/* A connection to the socket at `path`. */
int peer_dial(const char *path);
void peer_send_record(int fd, enum peer_record type, const void *data, size_t n);
/* A new connection with all of a request but its body; length NULL: none is announced. */
int peer_send_head(const char *path, const char *method, const char *target, const char *length);
/* The same with the body. */
int peer_send_request(const char *path, const char *method, const char *target, const char *length,
                      const char *body, size_t body_n);
/* The whole answer, zero-terminated; the caller frees it. Closes fd. */
char *peer_receive(int fd);
/* Behind its head. */
const char *peer_body(const char *answer);
/* Reads the answer: how it begins and, unless NULL, its body. */
void peer_expect(int fd, const char *status, const char *body);

#endif
