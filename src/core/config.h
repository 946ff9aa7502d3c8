/*
 * Configuration: one INI file (libinih), one table that gives each key its type, default, range and
 * sentence (`--help` and the README's table come from it). Times are whole numbers of ms, or
 * carry their unit: 500ms, 90s, 15min, 8h, 10d. A value out of range, an unknown key or
 * section refuses the whole file, naming line and mend, before anything starts.
 *
 * The instance folder ($REFUNDDESK_HOME, else ./var) holds refunddesk.conf, the database, locks,
 * keys and sockets. A missing file means all defaults.
 * A variable REFUNDDESK_<SECTION>_<KEY> (REFUNDDESK_WEB_TEMPLATES_DIR) wins over the file: `make
 * run` and tests set such; a wrong value refuses to start just as one in the file.
 */
#ifndef CORE_CONFIG_H
#define CORE_CONFIG_H

#include "core/arena.h"
#include "core/err.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct config {
    const char *home; /* absolute path of the instance folder */

    /* [database] */
    const char *database_url; /* "sqlite:<path>", relative to home; default sqlite:refunddesk.db */
    int64_t write_wait_ms;    /* a write not begun by then is withdrawn: 503 */
    int64_t batch_limit;      /* functions in one commit; 1 switches group commit off (bench) */

    /* [web] */
    int64_t portal_threads, api_threads;
    const char *templates_dir;
    bool cookie_secure;     /* off only for plain-http demos on loopback */
    const char *api_url;    /* where clients find the API: for the portal's examples */
    const char *portal_url; /* where people find the portal: for the links in mails */
    int64_t session_idle_ms, session_absolute_ms;
    int64_t login_window_ms; /* failures are counted in this window */

    /* [worker] */
    const char *wake_socket; /* datagram socket; relative to home */
    int64_t lease_ms;        /* longer than the transport's total timeout */
    int64_t poll_ms;         /* fallback look for due jobs */
    int64_t connect_timeout_ms, request_timeout_ms;
    int64_t retry_first_ms, retry_max_ms;     /* NOT_SENT: doubles from first to max, ±10 % */
    int64_t inquire_first_ms, inquire_max_ms; /* PENDING and UNKNOWN: doubles likewise */
    int64_t absent_after_ms;     /* since sending, before "unknown to the gateway" is believed */
    int64_t review_after_ms;     /* PENDING longer than this becomes MANUAL_REVIEW (10 days) */
    int64_t warn_after_ms;       /* PENDING so long is told by mail, once (7 days) */
    int64_t approval_expires_ms; /* AWAITING_APPROVAL longer than this fails (7 days) */
    int64_t sync_cool_ms;        /* between two Syncs of one refund (30 s) */
    int64_t sync_wait_ms;        /* a Sync of the API waits this long for the answer (10 s) */
    int64_t test_charge_wait_ms; /* POST /orders waits this long for the sandbox charge (2 s) */

    /* [webhook] */
    bool webhook_allow_private;  /* endpoints at private and loopback addresses, and plain http */
    const char *webhook_ca_file; /* relative to home; NULL: none */
    int64_t webhook_timeout_ms;
    int64_t webhook_lease_ms;      /* longer than that */
    int64_t webhook_retry_unit_ms; /* a minute of the schedule of retries */
    int64_t webhook_kept_ms;

    /* [simulator] */
    const char *simulator_url; /* http://127.0.0.1:8082 */

    /* [mail]; files are relative to home */
    const char *mail_host; /* NULL: mails become files in mail_folder */
    int64_t mail_port;
    const char *mail_tls;                                      /* none, starttls, tls */
    const char *mail_ca_file, *mail_user, *mail_password_file; /* NULL: none */
    const char *mail_from, *mail_folder;
    int64_t mail_timeout_ms;                        /* of one mail */
    int64_t mail_lease_ms;                          /* longer than that */
    int64_t mail_retry_first_ms, mail_retry_max_ms; /* doubles from first to max, ±10 % */
    int64_t mail_give_up_ms;                        /* of waiting between tries */
    int64_t mail_pace_ms;                           /* between mails when many come; 0: none */

    /* [log] */
    const char *log_level; /* debug, info, warn, error */
    int64_t node;          /* 0..7: tells machines apart that share a database */
};

/* Reads `path` (NULL: <home>/refunddesk.conf if it is there; home NULL: config_home). Texts live in
 * the arena. RC_INVALID names file, line, key, value and the mend; *out is untouched then. */
MUSTCHECK enum rc config_load(struct arena *a, const char *home, const char *path,
                              struct config *out, struct err *e);

/* $REFUNDDESK_HOME or ./var, made absolute. */
const char *config_home(struct arena *a);
/* A path of the configuration: absolute as it is, else below home. */
const char *config_path(struct arena *a, const struct config *c, const char *path);

/* The database's URL with its path made absolute: what sql_open() takes. */
const char *config_database(struct arena *a, const struct config *c);

/* The table as text: "section.key = default   sentence", one key a line. */
void config_print_help(FILE *to);

#endif
