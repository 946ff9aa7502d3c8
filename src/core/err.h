/*
 * Errors: a return code plus an out-parameter that is untouched on success.
 *
 * A function that can fail is `MUSTCHECK enum rc f(..., struct err *e)`. The caller owns `e` and
 * reads it only when the code is not RC_OK. `text` is for the person (plain, safe to show),
 * `detail` for the log. A refusal of a refund is not an error: see refund/cause.h.
 */
#ifndef CORE_ERR_H
#define CORE_ERR_H

#define MUSTCHECK              __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

enum rc {
    RC_OK = 0,
    RC_NOT_FOUND,    /* the named thing does not exist */
    RC_INVALID,      /* the input is wrong; mending it helps */
    RC_DENIED,       /* the actor lacks the right */
    RC_UNAUTHORIZED, /* who is it? no or wrong credentials */
    RC_CONFLICT,     /* the state of the thing forbids it; also a UNIQUE or CHECK of the schema */
    RC_TOO_LARGE,    /* over a named limit of core/limits.h */
    RC_UNSUPPORTED,  /* a media type or method that is not served */
    RC_LIMITED,      /* too many requests: throttled */
    RC_BUSY,         /* no capacity now; the same call may work later */
    RC_IO,           /* disk, network or database failed */
    RC_INTERNAL,     /* our own fault */
    RC_COUNT
};

struct err {
    enum rc rc;
    char text[240];
    char detail[480];
    const char *file;
    int line;
};

/* Fills *e and returns rc. `text` is shown to people; `detail` (printf) goes to the log. */
enum rc err_fill(struct err *e, enum rc rc, const char *file, int line, const char *text,
                 const char *detail_fmt, ...) PRINTF_LIKE(6, 7);

/* return ERR(e, RC_IO, "The database is not available.", "open %s: %s", path, why); */
#define ERR(e, rc, text, ...) err_fill((e), (rc), __FILE__, __LINE__, (text), __VA_ARGS__)

/* The code's name ("NOT_FOUND") for logs. */
const char *rc_name(enum rc rc);

/* A bug, never an outside failure. Stays on in release: prints where and aborts. */
#define CHECK(cond)                             \
    do {                                        \
        if (!(cond))                            \
            err_bug(__FILE__, __LINE__, #cond); \
    } while (0)
/* What CHECK calls. */
_Noreturn void err_bug(const char *file, int line, const char *what);

#endif
