#include "CNcurses.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

static const struct {
  int number;
  unsigned bit;
} caught[] = {
    {SIGWINCH, DW_SIGNAL_RESIZE},    {SIGHUP, DW_SIGNAL_HANGUP}, {SIGINT, DW_SIGNAL_INTERRUPT},
    {SIGTERM, DW_SIGNAL_TERMINATE},  {SIGTSTP, DW_SIGNAL_STOP},  {SIGCONT, DW_SIGNAL_CONTINUE},
};
enum { CAUGHT = sizeof caught / sizeof caught[0] };

static _Atomic unsigned pending;
static _Atomic int wakeWriter = -1;
static struct sigaction former[CAUGHT];
static _Atomic bool catching;

static void handle(int number) {
  for (size_t i = 0; i < CAUGHT; i++) {
    if (caught[i].number == number) atomic_fetch_or(&pending, caught[i].bit);
  }
  int writer = atomic_load(&wakeWriter);
  if (writer >= 0) dw_wake(writer);
}

void dw_signals_catch(int writer) {
  atomic_store(&wakeWriter, writer);
  bool first = !atomic_exchange(&catching, true);
  if (first) atomic_store(&pending, 0);
  for (size_t i = 0; i < CAUGHT; i++) {
    struct sigaction ours = {.sa_flags = SA_RESTART}, now;
    ours.sa_handler = handle;
    sigemptyset(&ours.sa_mask);
    if (sigaction(caught[i].number, NULL, &now) != 0) continue;
    if (first) former[i] = now;
    // nohup and background shells ignore signals on purpose.
    bool ignored = former[i].sa_handler == SIG_IGN;
    if (ignored && caught[i].number != SIGWINCH && caught[i].number != SIGCONT) continue;
    sigaction(caught[i].number, &ours, NULL);
  }
}

void dw_signals_release(void) {
  if (!atomic_exchange(&catching, false)) return;
  for (size_t i = 0; i < CAUGHT; i++) sigaction(caught[i].number, &former[i], NULL);
  atomic_store(&wakeWriter, -1);
}

unsigned dw_signals_take(void) { return atomic_exchange(&pending, 0); }

void dw_stop_process(bool group, int waker) {
  struct sigaction byDefault = {.sa_flags = 0}, ours;
  byDefault.sa_handler = SIG_DFL;
  sigemptyset(&byDefault.sa_mask);
  atomic_fetch_and(&pending, ~(unsigned)(DW_SIGNAL_CONTINUE | DW_SIGNAL_STOP));
  sigaction(SIGTSTP, &byDefault, &ours);
  kill(group ? 0 : getpid(), SIGTSTP);
  // The signal may be taken by another thread a moment later; and nothing stops when the process group is orphaned. So the end of the
  // stop is the CONT, or a short while in which nothing happened.
  uint64_t limit = dw_now() + 300000000u;
  while ((atomic_load(&pending) & DW_SIGNAL_CONTINUE) == 0 && dw_now() < limit) dw_wait(waker, -1, false, 20);
  atomic_fetch_and(&pending, ~(unsigned)DW_SIGNAL_CONTINUE);
  sigaction(SIGTSTP, &ours, NULL);
}
