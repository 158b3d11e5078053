/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The raw floor of a registration: two UDP round trips on one socket per phone, no SIP at all.
 * usage: bench_floor COUNT. A child process echoes; CPU time is that of the asking process alone.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REQUEST_BYTES = 700, ANSWER_BYTES = 400, IN_FLIGHT = 50 };

static void echo(int fd)
{
    char buf[2048] = {0};
    struct sockaddr_in from;

    for (;;) {
        socklen_t len = sizeof(from);
        if (recvfrom(fd, buf, sizeof(buf), 0, (struct sockaddr *)&from, &len) > 0)
            sendto(fd, buf, ANSWER_BYTES, 0, (struct sockaddr *)&from, len);
    }
}

static int loopback_socket(struct sockaddr_in *addr)
{
    const int fd = socket(AF_INET, SOCK_DGRAM, 0);
    socklen_t len = sizeof(*addr);

    memset(addr, 0, sizeof(*addr));
    addr->sin_family = AF_INET;
    addr->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || bind(fd, (struct sockaddr *)addr, sizeof(*addr)) ||
        getsockname(fd, (struct sockaddr *)addr, &len)) {
        perror("socket");
        exit(3);
    }
    return fd;
}

/* A burst of first questions must fit while the echo waits for its turn on the CPU. */
static void enlarge(int fd)
{
    const int bytes = 4 << 20;
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes)))
        perror("SO_RCVBUF");
}

static void ask(int fd, const struct sockaddr_in *server)
{
    static const char request[REQUEST_BYTES];
    if (sendto(fd, request, sizeof(request), 0, (const struct sockaddr *)server, sizeof(*server)) <
        0)
        perror("sendto");
}

static void run(unsigned count, const struct sockaddr_in *server)
{
    int *fds = calloc(count, sizeof(*fds));
    unsigned char *trips = calloc(count, 1);
    const int ep = epoll_create1(0);
    unsigned started = 0, done = 0;
    char buf[2048];

    while (fds && trips && done < count) {
        while (started < count && started - done < IN_FLIGHT) {
            struct sockaddr_in own;
            struct epoll_event ev = {.events = EPOLLIN, .data.u32 = started};
            fds[started] = loopback_socket(&own);
            epoll_ctl(ep, EPOLL_CTL_ADD, fds[started], &ev);
            ask(fds[started++], server);
        }
        struct epoll_event events[64];
        const int n = epoll_wait(ep, events, 64, 1000);
        if (n == 0) {
            fprintf(stderr, "floor: a datagram was lost on the loopback\n");
            exit(1);
        }
        for (int i = 0; i < n; i++) {
            const unsigned k = events[i].data.u32;
            if (recv(fds[k], buf, sizeof(buf), 0) <= 0)
                continue;
            if (++trips[k] < 2)
                ask(fds[k], server);
            else
                done++;
        }
    }
    free(trips);
    free(fds);
}

int main(int argc, char **argv)
{
    const unsigned count = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 1000;
    struct rlimit files;
    struct sockaddr_in server;
    struct rusage use;

    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    const int fd = loopback_socket(&server);
    enlarge(fd);
    const pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        echo(fd);
    }
    run(count, &server);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    getrusage(RUSAGE_SELF, &use);
    const double us = (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1e6 +
                      (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec);
    printf("%.2f\n", us / count);
    return 0;
}
