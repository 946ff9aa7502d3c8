/*
 * How many commits of one row a second plain SQLite makes on this disk, with the desk's own
 * durability: WAL, synchronous=FULL, a PASSIVE checkpoint at 4 MB of WAL.
 *
 *     raw_commits FILE MS        prints the rate
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TEXT_BYTES = 200 };

static const char set_up[] =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000;"
    "CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;";

static long long now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static int fail(sqlite3 *db)
{
    fprintf(stderr, "raw_commits: %s\n", db != NULL ? sqlite3_errmsg(db) : "no memory");
    return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *insert = NULL;
    char text[TEXT_BYTES + 1];
    if (argc != 3)
        return 2;
    long long ms = strtoll(argv[2], NULL, 10), commits = 0;
    snprintf(text, sizeof text, "%0*d", TEXT_BYTES, 7);
    if (sqlite3_open(argv[1], &db) != SQLITE_OK ||
        sqlite3_exec(db, set_up, NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_prepare_v3(db, "INSERT INTO rows (text) VALUES (?)", -1, SQLITE_PREPARE_PERSISTENT,
                           &insert, NULL) != SQLITE_OK ||
        sqlite3_bind_text(insert, 1, text, TEXT_BYTES, SQLITE_STATIC) != SQLITE_OK)
        return fail(db);
    long long began_us = now_us(), us;
    while ((us = now_us() - began_us) < ms * 1000) {
        if (sqlite3_step(insert) != SQLITE_DONE || sqlite3_reset(insert) != SQLITE_OK)
            return fail(db);
        commits++;
    }
    printf("%.1f\n", (double)commits * 1e6 / (double)us);
    sqlite3_finalize(insert);
    sqlite3_close(db);
    return EXIT_SUCCESS;
}
