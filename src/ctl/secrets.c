#include "ctl/secrets.h"
#include "core/digest.h"
#include "core/limits.h"
#include "core/secret.h"
#include "core/str.h"
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static const char CONSONANTS[] = "bdfgklmnprstvz";
static const char VOWELS[] = "aeiou";

enum { SYLLABLES = 8 };

/* 0 … below-1, every value as likely. */
static unsigned random_below(unsigned below)
{
    uint8_t byte;
    do
        digest_random(&byte, 1);
    while (byte >= 256 / below * below);
    return byte % below;
}

const char *secrets_password(struct arena *a)
{
    struct buf b;
    buf_init(&b, a);
    for (int k = 0; k < SYLLABLES; k++) {
        if (k > 0 && k % 2 == 0)
            buf_putc(&b, '-');
        buf_putc(&b, CONSONANTS[random_below(sizeof CONSONANTS - 1)]);
        buf_putc(&b, VOWELS[random_below(sizeof VOWELS - 1)]);
    }
    return buf_text(&b);
}

/* One line without its end; NULL at the end of input or when it is too long. */
static const char *read_line(struct arena *a)
{
    char *line = arena_alloc(a, LIMIT_PASSWORD_BYTES + 3);
    if (!fgets(line, LIMIT_PASSWORD_BYTES + 3, stdin))
        return NULL;
    size_t n = strcspn(line, "\r\n");
    if (n > LIMIT_PASSWORD_BYTES)
        return NULL;
    line[n] = '\0';
    return line;
}

/* Silent before it asks, so that nothing typed after the question is shown or lost. */
static const char *ask(struct arena *a, const char *prompt)
{
    struct termios before, silent;
    bool quiet = tcgetattr(STDIN_FILENO, &before) == 0;
    if (quiet) {
        silent = before;
        silent.c_lflag &= ~(tcflag_t)ECHO;
        quiet = tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
    }
    fputs(prompt, stderr);
    const char *line = read_line(a);
    if (quiet)
        (void)!tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    fputc('\n', stderr);
    return line;
}

enum rc secrets_read_password(struct ctl *c, const char **out, struct err *e)
{
    if (ctl_option(c, "--generate")) {
        *out = secrets_password(c->arena);
        printf("password: %s\n", *out);
        return RC_OK;
    }
    bool terminal = isatty(STDIN_FILENO) == 1;
    const char *first = terminal ? ask(c->arena, "Password: ") : read_line(c->arena);
    if (!first || strlen(first) < LIMIT_PASSWORD_LEAST)
        return ERR(e, RC_INVALID, "A password has 8 to 1024 characters, on one line of stdin.",
                   "no usable line");
    if (terminal && !str_eq(first, ask(c->arena, "The same again: ")))
        return ERR(e, RC_INVALID, "The two passwords differ.", "second line");
    *out = first;
    return RC_OK;
}

enum rc secrets_worker_key(struct ctl *c, struct seal_public *out, struct err *e)
{
    return secret_load_public(arena_printf(c->arena, "%s/keys/worker.pub", c->home), out, e);
}

enum rc secrets_desk_key(struct ctl *c, struct seal_public *out, struct err *e)
{
    return secret_load_public(arena_printf(c->arena, "%s/keys/desk.pub", c->home), out, e);
}
