#include "ctl/commands.h"
#include <stdio.h>
#include <sys/stat.h>

enum rc cmd_backup(struct ctl *c, struct err *e)
{
    const char *path = c->arguments[0];
    struct stat st;
    enum rc rc = sql_backup(c->app.db, path, e);
    if (rc == RC_OK && stat(path, &st) == 0)
        printf("wrote %s, %lld bytes\n", path, (long long)st.st_size);
    return rc;
}
