#include "ctl/ctl.h"
#include "core/digest.h"
#include "core/id.h"
#include "core/limits.h"
#include "core/str.h"
#include "ctl/commands.h"
#include "sql/queries.h"
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EXIT_DONE, EXIT_FAILED, EXIT_USAGE };

static const struct ctl_command COMMANDS[] = {
    {"init",
     {0},
     "Makes the instance folder: keys, refunddesk.conf, database.",
     init_options,
     CTL_NOTHING,
     cmd_init},
    {"migrate",
     {0},
     "Brings the database to this release's schema.",
     NULL,
     CTL_CONFIG,
     cmd_migrate},
    {"demo",
     {0},
     "Fills an empty desk with a merchant in test mode and 600 orders.",
     demo_options,
     CTL_DATABASE,
     cmd_demo},
    {"merchant add",
     {"MERCHANT_ID"},
     "Adds a merchant.",
     merchant_add_options,
     CTL_DATABASE,
     cmd_merchant_add},
    {"merchant list", {0}, "Lists the merchants.", NULL, CTL_DATABASE, cmd_merchant_list},
    {"user add",
     {"NAME"},
     "Adds a portal user; the password is read from stdin.",
     user_add_options,
     CTL_DATABASE,
     cmd_user_add},
    {"user list", {0}, "Lists the portal users.", merchant_options, CTL_DATABASE, cmd_user_list},
    {"user disable",
     {"NAME"},
     "Locks a user out and ends the sessions.",
     NULL,
     CTL_DATABASE,
     cmd_user_disable},
    {"user password",
     {"NAME"},
     "Sets a new password, read from stdin; ends the sessions.",
     password_options,
     CTL_DATABASE,
     cmd_user_password},
    {"user email",
     {"NAME", "ADDRESS"},
     "Sets where a user gets mails; none takes the address away.",
     NULL,
     CTL_DATABASE,
     cmd_user_email},
    {"api-key add",
     {"NAME"},
     "Makes an API key and shows it, this once.",
     api_key_add_options,
     CTL_DATABASE,
     cmd_api_key_add},
    {"api-key list",
     {0},
     "Lists the API keys by their first characters.",
     merchant_options,
     CTL_DATABASE,
     cmd_api_key_list},
    {"api-key revoke",
     {"ID"},
     "Revokes the API key with that id of the list.",
     NULL,
     CTL_DATABASE,
     cmd_api_key_revoke},
    {"gateway add",
     {"NAME"},
     "Adds a gateway; its credentials come from a file or stdin.",
     gateway_add_options,
     CTL_DATABASE,
     cmd_gateway_add},
    {"gateway list",
     {0},
     "Lists the gateways and what each can do.",
     merchant_options,
     CTL_DATABASE,
     cmd_gateway_list},
    {"gateway show",
     {"NAME"},
     "Shows one gateway.",
     merchant_options,
     CTL_DATABASE,
     cmd_gateway_show},
    {"gateway hook-secret",
     {"NAME", "FILE"},
     "Sets what its webhooks are signed with, from a file or stdin (-).",
     merchant_options,
     CTL_DATABASE,
     cmd_gateway_hook_secret},
    {"gateway pause",
     {"NAME", "WHY"},
     "Sends it no more refunds until it is resumed; who chose so is told by mail.",
     merchant_options,
     CTL_DATABASE,
     cmd_gateway_pause},
    {"gateway resume",
     {"NAME"},
     "Sends it refunds again.",
     merchant_options,
     CTL_DATABASE,
     cmd_gateway_resume},
    {"import",
     {"FILE"},
     "Takes in orders of other systems: JSON lines or CSV.",
     import_options,
     CTL_CONFIG,
     cmd_import},
    {"fsck",
     {0},
     "Checks sums, states, jobs, the audit chain and the database itself.",
     NULL,
     CTL_DATABASE,
     cmd_fsck},
    {"audit-verify",
     {0},
     "Checks that no entry of the audit log was changed or removed.",
     NULL,
     CTL_DATABASE,
     cmd_audit_verify},
    {"backup",
     {"FILE"},
     "Copies the database to a new file while the desk runs.",
     NULL,
     CTL_DATABASE,
     cmd_backup},
    {0},
};

const struct ctl_command *ctl_commands(void)
{
    return COMMANDS;
}

/* ---- help
 * ---------------------------------------------------------------------------------------- */

static void print_command(FILE *to, const struct ctl_command *command)
{
    fprintf(to, "  %s", command->name);
    for (int k = 0; k < CTL_MAX_ARGUMENTS && command->arguments[k]; k++)
        fprintf(to, " %s", command->arguments[k]);
    fprintf(to, "\n      %s\n", command->sentence);
    for (const struct ctl_option *o = command->options; o && o->name; o++) {
        int n =
            fprintf(to, "      %s%s%s", o->name, o->argument ? " " : "", str_or(o->argument, ""));
        fprintf(to, "%*s%s\n", n < 30 ? 30 - n : 1, "", o->sentence);
    }
}

static void print_help(FILE *to)
{
    fputs("Usage: refundctl [--home DIR] COMMAND\n\n"
          "  --home DIR  the instance folder (else $REFUNDDESK_HOME, else ./var)\n"
          "  --help      this text; --version: the release\n\nCommands:\n",
          to);
    for (const struct ctl_command *command = COMMANDS; command->name; command++)
        print_command(to, command);
    fputs("\nExit codes: 0 done, 1 not done or something is wrong, 2 wrong command line.\n", to);
}

/* ---- command line
 * --------------------------------------------------------------------------------- */

static int usage_error(const struct ctl *c, const char *text, const char *word)
{
    fprintf(stderr, "refundctl: %s%s%s\n", text, word ? ": " : ".", word ? word : "");
    if (c->command) {
        fputs("Usage: refundctl [--home DIR]\n", stderr);
        print_command(stderr, c->command);
    } else {
        fputs("`refundctl --help` lists the commands.\n", stderr);
    }
    return EXIT_USAGE;
}

/* The row that the words begin with; *used: how many of them are its name. */
static const struct ctl_command *find_command(struct arena *a, char **words, int n, int *used)
{
    const char *two = n > 1 ? arena_printf(a, "%s %s", words[0], words[1]) : NULL;
    for (const struct ctl_command *command = COMMANDS; command->name; command++) {
        *used = two && str_eq(command->name, two) ? 2 : 1;
        if (*used == 2 || str_eq(command->name, words[0]))
            return command;
    }
    return NULL;
}

static int find_option(const struct ctl_command *command, const char *name)
{
    for (int k = 0; command->options && command->options[k].name; k++)
        if (str_eq(command->options[k].name, name))
            return k;
    return -1;
}

/* Takes one word that begins with "--"; *at is moved to the last one taken. */
static int take_option(struct ctl *c, char **words, int n, int *at)
{
    const char *equals = strchr(words[*at], '=');
    const char *name =
        equals ? arena_strndup(c->arena, words[*at], (size_t)(equals - words[*at])) : words[*at];
    int k = find_option(c->command, name);
    if (k < 0)
        return usage_error(c, "there is no such option", name);
    if (c->options[k])
        return usage_error(c, "this option is there twice", name);
    if (!c->command->options[k].argument) {
        if (equals)
            return usage_error(c, "this option takes no value", name);
        c->options[k] = "";
        return EXIT_DONE;
    }
    if (!equals && *at + 1 >= n)
        return usage_error(c, "this option needs a value", name);
    c->options[k] = equals ? equals + 1 : words[++*at];
    return EXIT_DONE;
}

static int parse_rest(struct ctl *c, char **words, int n)
{
    int given = 0, code = EXIT_DONE;
    for (int at = 0; at < n && code == EXIT_DONE; at++) {
        if (str_starts(words[at], "--"))
            code = take_option(c, words, n, &at);
        else if (given == CTL_MAX_ARGUMENTS || !c->command->arguments[given])
            code = usage_error(c, "there is a word too many", words[at]);
        else
            c->arguments[given++] = words[at];
    }
    if (code == EXIT_DONE && given < CTL_MAX_ARGUMENTS && c->command->arguments[given])
        code = usage_error(c, "something is missing", c->command->arguments[given]);
    return code;
}

/* Options before the command. *at: where the command begins. */
static int parse_front(struct ctl *c, int argc, char **argv, int *at)
{
    for (*at = 1; *at < argc && str_starts(argv[*at], "-"); ++*at) {
        const char *word = argv[*at];
        if (str_eq(word, "--home") && *at + 1 < argc)
            c->home = argv[++*at];
        else if (str_starts(word, "--home="))
            c->home = word + strlen("--home=");
        else
            return usage_error(c, "there is no such option, or its value is missing", word);
    }
    if (c->home && !*c->home)
        return usage_error(c, "--home needs a folder", NULL);
    if (*at >= argc)
        return usage_error(c, "which command?", NULL);
    return EXIT_DONE;
}

static int parse(struct ctl *c, int argc, char **argv)
{
    int at, used;
    int code = parse_front(c, argc, argv, &at);
    if (code != EXIT_DONE)
        return code;
    c->command = find_command(c->arena, argv + at, argc - at, &used);
    if (!c->command)
        return usage_error(c, "there is no such command", argv[at]);
    return parse_rest(c, argv + at + used, argc - at - used);
}

/* ---- running
 * --------------------------------------------------------------------------------------- */

const char *ctl_option(const struct ctl *c, const char *name)
{
    int k = find_option(c->command, name);
    CHECK(k >= 0);
    return c->options[k];
}

static enum rc open_with(struct ctl *c, struct sql_options options, struct err *e)
{
    const char *url = c->app.config.database_url;
    if (str_starts(url, "sqlite:"))
        url = arena_printf(c->arena, "sqlite:%s",
                           config_path(c->arena, &c->app.config, url + strlen("sqlite:")));
    options.catalog = &sql_catalog_desk;
    options.clock = &c->app.clock;
    options.log = &c->app.log;
    options.write_wait_ms = c->app.config.write_wait_ms;
    return sql_open(&c->app.db, url, &options, e);
}

enum rc ctl_open(struct ctl *c, bool create, bool migrate, struct err *e)
{
    return open_with(c, (struct sql_options){.create = create, .migrate = migrate}, e);
}

enum rc ctl_open_alone(struct ctl *c, bool alone, struct err *e)
{
    return open_with(c, (struct sql_options){.alone = alone}, e);
}

static const char *os_user(struct arena *a)
{
    struct passwd pw, *who = NULL;
    char space[1024];
    if (getpwuid_r(getuid(), &pw, space, sizeof space, &who) == 0 && who)
        return arena_strdup(a, who->pw_name);
    return arena_printf(a, "%lu", (unsigned long)getuid());
}

static enum rc prepare(struct ctl *c, struct err *e)
{
    struct stat st;
    enum ctl_need need = c->command->need;
    c->os_user = os_user(c->arena);
    if (!c->home)
        c->home = config_home(c->arena);
    if (need == CTL_NOTHING)
        return RC_OK;
    if (stat(c->home, &st) != 0 || !S_ISDIR(st.st_mode)) {
        const char *text = arena_printf(
            c->arena, "There is no instance folder %.100s. Make one: refundctl --home %.60s init",
            c->home, c->home);
        return ERR(e, RC_NOT_FOUND, text, "stat %s", c->home);
    }
    enum rc rc = config_load(c->arena, c->home, NULL, &c->app.config, e);
    if (rc != RC_OK)
        return rc;
    c->home = c->app.config.home;
    id_init(ID_CTL, (int)c->app.config.node);
    return need == CTL_DATABASE ? ctl_open(c, false, false, e) : RC_OK;
}

static bool wants(int argc, char **argv, const char *word)
{
    for (int k = 1; k < argc; k++)
        if (str_eq(argv[k], word))
            return true;
    return false;
}

static int run(struct ctl *c, int argc, char **argv)
{
    struct err e = {0};
    int code = parse(c, argc, argv);
    if (code != EXIT_DONE)
        return code;
    enum rc rc = prepare(c, &e);
    if (rc == RC_OK)
        rc = c->command->run(c, &e);
    sql_close(c->app.db);
    if (fflush(stdout) != 0 && rc == RC_OK)
        rc = ERR(&e, RC_IO, "The answer could not be written.", "stdout");
    if (rc != RC_OK) {
        fprintf(stderr, "refundctl: %s\n", e.text);
        if (e.detail[0] && rc != RC_INVALID)
            fprintf(stderr, "  (%s: %s)\n", rc_name(rc), e.detail);
    }
    return rc == RC_OK && !c->wrong ? EXIT_DONE : EXIT_FAILED;
}

int ctl_main(int argc, char **argv)
{
    if (wants(argc, argv, "--help") || wants(argc, argv, "-h")) {
        print_help(stdout);
        return EXIT_DONE;
    }
    if (wants(argc, argv, "--version")) {
        puts("refundctl " REFUNDDESK_VERSION);
        return EXIT_DONE;
    }
    umask(077);
    digest_init();
    struct ctl c = {.arena = arena_new(LIMIT_ARENA_CTL_BYTES),
                    .app = {.log = {.program = "refundctl", .least = LOG_WARN}, .wake_fd = -1}};
    int code = run(&c, argc, argv);
    arena_free(c.arena);
    return code;
}
