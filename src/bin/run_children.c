#include "bin/run_children.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    AGAIN_FIRST_MS = 500,
    AGAIN_MAX_MS = 30000,
    HEALTHY_MS = 60000, /* a child that lived so long begins with the first wait again */
    ORPHAN_STOP_MS = 10000,
    STEP_MS = 200
};

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void our_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
    sigaddset(set, SIGCHLD);
}

void run_children_prepare(void)
{
    sigset_t set;
    our_signals(&set);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGCHLD, SIG_DFL);
    signal(SIGPIPE, SIG_IGN);
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

static _Noreturn void become(const struct run_children *rc, const char *const argv[],
                             int stop_signal, pid_t supervisor)
{
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, stop_signal, 0, 0, 0);
    if (getppid() != supervisor)
        _exit(0);
    sigset_t none;
    sigemptyset(&none);
    for (int sig = 1; sig < NSIG; sig++)
        signal(sig, SIG_DFL); /* a shell's background jobs come with SIGINT ignored */
    sigprocmask(SIG_SETMASK, &none, NULL);
    int nothing = open("/dev/null", O_RDONLY);
    if (nothing > 0) {
        dup2(nothing, 0);
        close(nothing);
    }
    if (chdir(rc->home) == 0)
        execv(argv[0], (char *const *)(uintptr_t)argv);
    fprintf(stderr, "run-instance: %s cannot be started: %s\n", argv[0], strerror(errno));
    _exit(127);
}

static pid_t spawn(const struct run_children *rc, const char *const argv[], int stop_signal)
{
    pid_t supervisor = getpid(), pid = fork();
    if (pid == 0)
        become(rc, argv, stop_signal, supervisor);
    if (pid < 0)
        fprintf(stderr, "run-instance: %s cannot be started: %s\n", argv[0], strerror(errno));
    else
        setpgid(pid, pid);
    return pid;
}

bool run_children_start(struct run_children *rc, int i)
{
    struct run_child *c = &rc->child[i];
    c->started_ms = now_ms();
    c->start_at_ms = 0;
    pid_t pid = spawn(rc, c->argv, c->stop_signal);
    c->pid = pid > 0 ? pid : 0;
    return pid > 0;
}

static struct run_child *child_of(struct run_children *rc, pid_t pid)
{
    for (int i = 0; i < rc->n; i++) {
        if (rc->child[i].pid == pid)
            return &rc->child[i];
    }
    return NULL;
}

static void note_end(struct run_children *rc, struct run_child *c, int status)
{
    c->pid = 0;
    if (rc->stopping)
        return;
    bool was_healthy = now_ms() - c->started_ms >= HEALTHY_MS;
    c->wait_ms = was_healthy || c->wait_ms == 0 ? AGAIN_FIRST_MS : c->wait_ms * 2;
    if (c->wait_ms > AGAIN_MAX_MS)
        c->wait_ms = AGAIN_MAX_MS;
    c->start_at_ms = now_ms() + c->wait_ms;
    bool killed = WIFSIGNALED(status);
    fprintf(stderr, "run-instance: %s ended (%s %d); it is started again in %lld ms\n", c->name,
            killed ? "signal" : "status", killed ? WTERMSIG(status) : WEXITSTATUS(status),
            (long long)c->wait_ms);
}

/* Reaps all that ended. The status of `only` goes to *status; true when that one ended. */
static bool reap(struct run_children *rc, pid_t only, int *status)
{
    bool seen = false;
    int s;
    for (pid_t pid; (pid = waitpid(-1, &s, WNOHANG)) > 0;) {
        struct run_child *c = child_of(rc, pid);
        if (c)
            note_end(rc, c, s);
        if (pid == only) {
            seen = true;
            *status = s;
        }
    }
    return seen;
}

/* Waits for one signal. */
static void take_signal(struct run_children *rc, int64_t wait_ms)
{
    sigset_t set;
    our_signals(&set);
    struct timespec t = {.tv_sec = wait_ms / 1000, .tv_nsec = wait_ms % 1000 * 1000000};
    int sig = sigtimedwait(&set, NULL, &t);
    if (sig == SIGINT || sig == SIGTERM || sig == SIGHUP) {
        rc->hurry = rc->stopping;
        rc->stopping = true;
    }
}

int run_children_once(struct run_children *rc, const char *const argv[])
{
    pid_t pid = spawn(rc, argv, SIGTERM);
    int status = 0;
    bool told = false;
    if (pid < 0)
        return -1;
    while (!reap(rc, pid, &status)) {
        take_signal(rc, STEP_MS);
        if (rc->stopping && (!told || rc->hurry)) {
            kill(-pid, rc->hurry ? SIGKILL : SIGTERM);
            told = true;
        }
    }
    if (rc->stopping)
        return -1;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Children of ours that we did not start: a dead child's. Returns how many got the signal. */
static int signal_orphans(struct run_children *rc, int sig)
{
    char path[64], pids[4096];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    int fd = open(path, O_RDONLY | O_CLOEXEC), n = 0;
    ssize_t bytes = fd >= 0 ? read(fd, pids, sizeof pids - 1) : 0;
    if (fd >= 0)
        close(fd);
    pids[bytes > 0 ? bytes : 0] = '\0';
    char *rest = pids;
    for (char *word; (word = strsep(&rest, " ")) != NULL;) {
        pid_t pid = (pid_t)strtol(word, NULL, 10);
        if (pid <= 0 || child_of(rc, pid))
            continue;
        kill(pid, sig);
        n++;
    }
    return n;
}

static void end_orphans(struct run_children *rc)
{
    int64_t until_ms = now_ms() + ORPHAN_STOP_MS;
    int ignored;
    reap(rc, 0, &ignored);
    if (signal_orphans(rc, SIGTERM) == 0)
        return;
    while (signal_orphans(rc, 0) > 0 && now_ms() < until_ms && !rc->hurry) {
        take_signal(rc, STEP_MS);
        reap(rc, 0, &ignored);
    }
    while (signal_orphans(rc, SIGKILL) > 0) {
        take_signal(rc, STEP_MS);
        reap(rc, 0, &ignored);
    }
}

void run_children_watch(struct run_children *rc, int64_t wait_ms)
{
    int ignored;
    take_signal(rc, wait_ms);
    reap(rc, 0, &ignored);
    for (int i = 0; i < rc->n && !rc->stopping; i++) {
        struct run_child *c = &rc->child[i];
        if (c->pid != 0 || c->start_at_ms == 0 || c->start_at_ms > now_ms())
            continue;
        end_orphans(rc);
        if (!rc->stopping)
            run_children_start(rc, i);
    }
}

static void stop_one(struct run_children *rc, struct run_child *c)
{
    int64_t until_ms = now_ms() + c->stop_ms;
    int ignored;
    if (c->pid != 0)
        kill(c->pid, c->stop_signal);
    while (c->pid != 0 && now_ms() < until_ms && !rc->hurry) {
        take_signal(rc, STEP_MS);
        reap(rc, 0, &ignored);
    }
    if (c->pid != 0) {
        fprintf(stderr, "run-instance: %s did not end in time and is killed\n", c->name);
        kill(-c->pid, SIGKILL);
    }
    while (c->pid != 0) {
        take_signal(rc, STEP_MS);
        reap(rc, 0, &ignored);
    }
}

void run_children_stop(struct run_children *rc)
{
    rc->stopping = true;
    for (int i = rc->n - 1; i >= 0; i--) {
        stop_one(rc, &rc->child[i]);
        end_orphans(rc);
    }
}
