/*
 * The null answer: libfcgi's plain loop in threads (FCGX_Accept_r under a mutex, as src/web/fcgi.c
 * has it) around two constant lines. What the programs are measured against.
 *
 *     null_fcgi                 descriptor 0 is a listening socket
 */
#include <fcgiapp.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum { THREADS = 32 };

static pthread_mutex_t accepting = PTHREAD_MUTEX_INITIALIZER;

static void *serve(void *arg)
{
    static const char answer[] = "Content-Type: text/plain\r\nContent-Length: 3\r\n\r\nok\n";
    FCGX_Request r;
    (void)arg;
    if (FCGX_InitRequest(&r, 0, 0) != 0)
        return NULL;
    for (;;) {
        pthread_mutex_lock(&accepting);
        int rc = FCGX_Accept_r(&r);
        pthread_mutex_unlock(&accepting);
        if (rc != 0)
            return NULL;
        (void)FCGX_PutStr(answer, sizeof answer - 1, r.out);
        FCGX_Finish_r(&r);
    }
}

static void end(int signal_number)
{
    (void)signal_number;
    _exit(EXIT_SUCCESS);
}

int main(void)
{
    pthread_t threads[THREADS];
    if (FCGX_Init() != 0)
        return EXIT_FAILURE;
    signal(SIGTERM, end);
    signal(SIGINT, end);
    signal(SIGPIPE, SIG_IGN);
    for (int i = 0; i < THREADS; i++) {
        if (pthread_create(&threads[i], NULL, serve, NULL) != 0)
            return EXIT_FAILURE;
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    return EXIT_SUCCESS;
}
