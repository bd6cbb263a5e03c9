// A pseudo-terminal takes about 8 KiB at once, so that a large frame without blocking is a write for each bufferful. Blocking, it is one;
// a timer signal to this thread ends the write when the terminal does not read.
#include "CNcurses.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

static void interrupt(int number) { (void)number; }

// The timer of the calling thread, made when first needed.
static bool thread_timer(timer_t *timer) {
  static __thread timer_t ours;
  static __thread int made;
  if (made == 0) {
    int number = SIGRTMIN + 9;
    struct sigaction action = {.sa_flags = 0};
    action.sa_handler = interrupt;
    sigemptyset(&action.sa_mask);
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = number};
    event.sigev_notify_thread_id = (pid_t)syscall(SYS_gettid);
    made = sigaction(number, &action, NULL) == 0 && timer_create(CLOCK_MONOTONIC, &event, &ours) == 0 ? 1 : -1;
  }
  *timer = ours;
  return made == 1;
}

int dw_tty_write_within(int fd, const uint8_t *bytes, int count, int milliseconds) {
  timer_t timer;
  int flags = fcntl(fd, F_GETFL);
  if (flags < 0 || milliseconds <= 0 || !thread_timer(&timer)) return dw_tty_write(fd, bytes, count);
  // Again every 10 ms, in case the first signal comes before the write has begun.
  struct itimerspec due = {
      .it_value = {milliseconds / 1000, (long)(milliseconds % 1000) * 1000000}, .it_interval = {0, 10000000}};
  struct itimerspec never = {{0, 0}, {0, 0}};
  if (fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) != 0) return dw_tty_write(fd, bytes, count);
  timer_settime(timer, 0, &due, NULL);
  ssize_t put = write(fd, bytes, (size_t)count);
  int reason = errno;
  timer_settime(timer, 0, &never, NULL);
  fcntl(fd, F_SETFL, flags);
  if (put >= 0) return (int)put;
  return reason == EINTR || reason == EAGAIN ? -1 : -2;
}
#else
int dw_tty_write_within(int fd, const uint8_t *bytes, int count, int milliseconds) {
  (void)milliseconds;
  return dw_tty_write(fd, bytes, count);
}
#endif
