// Gives the terminal back in every case, also when the program traps: only async-signal-safe calls here.
#include "CNcurses.h"
#include "internal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

// Every signal that ends a process unless somebody handles it, but for those that ask for an end (the program's own) and PIPE (ignored).
static const int fatal[] = {
    SIGSEGV, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGQUIT, SIGSYS, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU, SIGXFSZ,
#ifdef SIGPOLL
    SIGPOLL,
#endif
#ifdef SIGSTKFLT
    SIGSTKFLT,
#endif
#ifdef SIGPWR
    SIGPWR,
#endif
};
enum { FATAL = sizeof fatal / sizeof fatal[0] };

static _Atomic bool armed;
static _Atomic bool remembered;
static struct termios settings;
static int terminal = -1;
static uint8_t restore[1024];
static size_t restoreCount;
static struct sigaction former[FATAL];
static _Atomic bool installed;
// Room for the handler when the stack itself overflowed, for the thread that arms.
static _Alignas(16) uint8_t handlerStack[32768];

static int witness = -1;
static uint8_t words[2][64];
static size_t wordCounts[2];

static void tell(bool taken) {
  if (witness < 0) return;
  // Whoever is not there any more has nothing to hear.
  ssize_t ignored = write(witness, words[taken], wordCounts[taken]);
  (void)ignored;
}

void dw_restore_witness(int fd, const uint8_t *taken, size_t takenCount, const uint8_t *given, size_t givenCount) {
  int former = witness;
  witness = -1;
  if (former >= 0) close(former);
  if (fd < 0 || takenCount > sizeof words[1] || givenCount > sizeof words[0]) {
    if (fd >= 0) close(fd);
    return;
  }
  memcpy(words[1], taken, takenCount);
  memcpy(words[0], given, givenCount);
  wordCounts[1] = takenCount;
  wordCounts[0] = givenCount;
  witness = fd;
}

void dw_restore_remember(const struct termios *found) {
  if (!atomic_exchange(&remembered, true)) settings = *found;
}

bool dw_restore_now(void) {
  if (!atomic_exchange(&armed, false)) return false;
  int saved = errno;
  size_t sent = 0;
  // A terminal that does not read must not keep us here: about half a second at most.
  for (int attempt = 0; sent < restoreCount && attempt < 10; attempt++) {
    ssize_t put = write(terminal, restore + sent, restoreCount - sent);
    if (put > 0) {
      sent += (size_t)put;
    } else if (put < 0 && errno == EAGAIN) {
      struct pollfd item = {.fd = terminal, .events = POLLOUT};
      poll(&item, 1, 50);
    } else if (put < 0 && errno != EINTR) {
      break;
    }
  }
  if (atomic_exchange(&remembered, false)) {
    // From the background this would stop us with TTOU.
    sigset_t set, before;
    sigemptyset(&set);
    sigaddset(&set, SIGTTOU);
    pthread_sigmask(SIG_BLOCK, &set, &before);
    while (tcsetattr(terminal, TCSANOW, &settings) != 0 && errno == EINTR) {
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
  }
  tell(false);
  errno = saved;
  return true;
}

static void crash(int number) {
  dw_restore_now();
  for (size_t i = 0; i < FATAL; i++) {
    if (fatal[i] == number) sigaction(number, &former[i], NULL);
  }
  // Delivered when this handler returns, to whoever handled it before us: by default the end of the process.
  raise(number);
}

static void at_exit(void) { dw_restore_now(); }

void dw_restore_arm(int fd, const uint8_t *bytes, size_t count) {
  terminal = fd;
  restoreCount = count < sizeof restore ? count : sizeof restore;
  memcpy(restore, bytes, restoreCount);
  if (!atomic_exchange(&installed, true)) {
    atexit(at_exit);
    stack_t stack = {.ss_sp = handlerStack, .ss_size = sizeof handlerStack}, now;
    if (sigaltstack(NULL, &now) == 0 && (now.ss_flags & SS_DISABLE)) sigaltstack(&stack, NULL);
    struct sigaction ours = {.sa_flags = SA_ONSTACK};
    ours.sa_handler = crash;
    sigemptyset(&ours.sa_mask);
    for (size_t i = 0; i < FATAL; i++) {
      // What whoever started us had ignored stays ignored.
      if (sigaction(fatal[i], &ours, &former[i]) == 0 && former[i].sa_handler == SIG_IGN) sigaction(fatal[i], &former[i], NULL);
    }
  }
  tell(true);
  atomic_store(&armed, true);
}
