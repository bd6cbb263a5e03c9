#include "CNcurses.h"
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static int open_terminal(const char *path) {
  int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (fd >= 0 && !isatty(fd)) {
    close(fd);
    errno = ENOTTY;
    return -1;
  }
  return fd;
}

int dw_tty_open(const char *path) {
  if (path != NULL) return open_terminal(path);
  // An open file of our own, since O_NONBLOCK on standard output would be shared with the shell.
  static const int candidates[] = {STDOUT_FILENO, STDIN_FILENO};
  for (int i = 0; i < 2; i++) {
    char name[256];
    if (ttyname_r(candidates[i], name, sizeof name) != 0) continue;
    int fd = open_terminal(name);
    if (fd >= 0) return fd;
  }
  // The name may belong to another user (su) or another mount namespace (docker exec).
  return open_terminal("/dev/tty");
}

void dw_close(int fd) { close(fd); }

bool dw_tty_size(int fd, int *columns, int *rows) {
  struct winsize size;
  if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return false;
  *columns = size.ws_col;
  *rows = size.ws_row;
  return true;
}

static void make_raw(struct termios *settings) {
  settings->c_iflag &= (tcflag_t) ~(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
  settings->c_oflag &= (tcflag_t)~OPOST;
  settings->c_lflag &= (tcflag_t) ~(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
  settings->c_cflag &= (tcflag_t) ~(CSIZE | PARENB);
  settings->c_cflag |= CS8;
  settings->c_cc[VMIN] = 1;
  settings->c_cc[VTIME] = 0;
}

size_t dw_tty_modes(int fd, uint8_t *former, uint8_t *ours, size_t capacity) {
  struct termios settings;
  if (capacity < sizeof settings || tcgetattr(fd, &settings) != 0) return 0;
  memcpy(former, &settings, sizeof settings);
  make_raw(&settings);
  memcpy(ours, &settings, sizeof settings);
  return sizeof settings;
}

bool dw_tty_name(int fd, char *name, size_t capacity) {
  // "/dev/tty" is another terminal in another session.
  return ttyname_r(fd, name, capacity) == 0 && strcmp(name, "/dev/tty") != 0;
}

bool dw_tty_raw(int fd) {
  struct termios settings;
  if (tcgetattr(fd, &settings) != 0) return false;
  dw_restore_remember(&settings);
  make_raw(&settings);
  int result;
  do result = tcsetattr(fd, TCSADRAIN, &settings);
  while (result != 0 && errno == EINTR);
  return result == 0;
}

int dw_tty_read(int fd, uint8_t *bytes, int capacity) {
  ssize_t got;
  do got = read(fd, bytes, (size_t)capacity);
  while (got < 0 && errno == EINTR);
  if (got >= 0) return (int)got;
  return errno == EAGAIN || errno == EWOULDBLOCK ? -1 : -2;
}

int dw_tty_write(int fd, const uint8_t *bytes, int count) {
  ssize_t put;
  do put = write(fd, bytes, (size_t)count);
  while (put < 0 && errno == EINTR);
  if (put >= 0) return (int)put;
  return errno == EAGAIN || errno == EWOULDBLOCK ? -1 : -2;
}

static int wait_for(int fd, short event, int milliseconds) {
  struct pollfd item = {.fd = fd, .events = event};
  if (poll(&item, 1, milliseconds) <= 0) return 0;
  if (item.revents & event) return 1;
  return item.revents & (POLLHUP | POLLERR | POLLNVAL) ? -1 : 0;
}

int dw_wait_writable(int fd, int milliseconds) { return wait_for(fd, POLLOUT, milliseconds); }

int dw_wait_readable(int fd, int milliseconds) { return wait_for(fd, POLLIN, milliseconds); }

int dw_wait(int waker, int tty, bool output, int milliseconds) {
  struct pollfd items[2] = {{.fd = waker, .events = POLLIN}, {.fd = tty, .events = (short)(POLLIN | (output ? POLLOUT : 0))}};
  // An interrupted wait is a wake: the handler has set a flag.
  if (poll(items, 2, milliseconds) <= 0) return 0;
  if (items[0].revents & POLLIN) {
    uint8_t drained[64];
    while (read(waker, drained, sizeof drained) == (ssize_t)sizeof drained) {
    }
  }
  int ready = 0;
  if (items[1].revents & POLLIN) ready |= DW_READY_INPUT;
  if (items[1].revents & POLLOUT) ready |= DW_READY_OUTPUT;
  if (items[1].revents & (POLLHUP | POLLERR | POLLNVAL)) ready |= DW_READY_HANGUP;
  return ready;
}
