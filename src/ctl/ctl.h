/*
 * refundctl: one table of commands; parsing, `--help` and the exit codes come from it.
 *
 * Exit codes: 0 done, 1 it could not be done or something is wrong, 2 the command line is wrong.
 */
#ifndef CTL_CTL_H
#define CTL_CTL_H

#include "core/app.h"
#include "sql/sql.h"
#include "store/merchants.h"

enum { CTL_MAX_ARGUMENTS = 2, CTL_MAX_OPTIONS = 12 };

struct ctl_option {
    const char *name;     /* "--role"; NULL ends the list */
    const char *argument; /* "ROLE"; NULL: a switch */
    const char *sentence;
};

/* What must be there before a command runs. */
enum ctl_need {
    CTL_NOTHING,  /* not even the instance folder */
    CTL_CONFIG,   /* refunddesk.conf, read */
    CTL_DATABASE, /* and the database, open, of this release's schema */
};

struct ctl;
typedef enum rc ctl_run(struct ctl *c, struct err *e);

struct ctl_command {
    const char *name;                         /* "user add" */
    const char *arguments[CTL_MAX_ARGUMENTS]; /* "NAME"; NULL: no more */
    const char *sentence;
    const struct ctl_option *options; /* NULL: none */
    enum ctl_need need;
    ctl_run *run;
};

struct ctl {
    struct arena *arena;
    const char *home;    /* absolute */
    const char *os_user; /* who runs us, for the audit log */
    struct app app;      /* as far as the command's need goes */
    const struct ctl_command *command;
    const char *arguments[CTL_MAX_ARGUMENTS];
    const char *options[CTL_MAX_OPTIONS]; /* as in command->options; NULL: not given */
    bool wrong; /* a check found something: exit code 1 without an error */
};

/* Parses and runs; returns the exit code. */
int ctl_main(int argc, char **argv);

/* The commands, ended by a row without name. */
const struct ctl_command *ctl_commands(void);

/* ---- for the commands -------------------------------------------------------------------------
 */

/* The option's text, "" for a switch that is set, NULL when it was not given. CHECKs the name. */
const char *ctl_option(const struct ctl *c, const char *name);

/* Opens the database of the configuration into c->app.db. */
MUSTCHECK enum rc ctl_open(struct ctl *c, bool create, bool migrate, struct err *e);

/* The same for a command that needs CTL_CONFIG alone: of this release's schema, with nobody else
 * (`alone`, RC_BUSY while a program runs) or beside the others. */
MUSTCHECK enum rc ctl_open_alone(struct ctl *c, bool alone, struct err *e);

/* The merchant of --merchant, else the only one. RC_NOT_FOUND says how to make one. */
MUSTCHECK enum rc ctl_merchant(struct ctl *c, struct merchant *out, struct err *e);

/* An audit entry of refundctl with {"os_user": …, key: value …}; pairs end with NULL. Last write of
 * a transaction. */
MUSTCHECK enum rc ctl_audit(struct sql *q, struct ctl *c, int64_t merchant, const char *action,
                            const char *subject, const char *const *pairs, struct err *e);

/* A new file of exactly that text and mode, whole or not at all (temporary file, fsync, rename). */
MUSTCHECK enum rc ctl_write_file(struct ctl *c, const char *path, unsigned mode, const char *text,
                                 struct err *e);
/* At most max bytes; path "-" is stdin. */
MUSTCHECK enum rc ctl_read_file(struct ctl *c, const char *path, size_t max, char **text, size_t *n,
                                struct err *e);

/* ISO 8601, "-" for 0. */
const char *ctl_time(struct ctl *c, int64_t wall_ms);

#endif
