#include "CNcurses.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/eventfd.h>
#endif

int dw_waker_make(int *writer) {
#ifdef __linux__
  *writer = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return *writer;
#else
  int ends[2];
  if (pipe(ends) != 0) return -1;
  for (int i = 0; i < 2; i++) {
    fcntl(ends[i], F_SETFD, FD_CLOEXEC);
    fcntl(ends[i], F_SETFL, O_NONBLOCK);
  }
  *writer = ends[1];
  return ends[0];
#endif
}

void dw_wake(int writer) {
  int saved = errno;
  uint64_t one = 1;
  // A full pipe or counter wakes as well.
  ssize_t ignored = write(writer, &one, sizeof one);
  (void)ignored;
  errno = saved;
}

typedef struct {
  void (*body)(void *);
  void *context;
} thread_start;

static void *thread_main(void *argument) {
  thread_start start = *(thread_start *)argument;
  free(argument);
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, NULL);
  start.body(start.context);
  return NULL;
}

bool dw_thread_start(void (*body)(void *), void *context) {
  thread_start *start = malloc(sizeof *start);
  if (start == NULL) return false;
  *start = (thread_start){body, context};
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  int result = pthread_create(&thread, &attributes, thread_main, start);
  pthread_attr_destroy(&attributes);
  if (result != 0) free(start);
  return result == 0;
}

uint64_t dw_thread_identity(void) { return (uint64_t)(uintptr_t)pthread_self(); }

uint64_t dw_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
