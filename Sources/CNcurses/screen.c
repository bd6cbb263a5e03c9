// ncurses behind plain functions. ncurses does the terminfo work and finds the shortest way from one frame to the next; it never touches the
// terminal itself: its descriptor is a file in memory, whose contents the backend writes in one piece. So a frame is one write(2), a
// terminal that does not read cannot block us inside of ncurses, and write errors (which ncurses ignores) are seen.
#include "CNcurses.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>
#ifdef __APPLE__
#include <util.h>
#else
#include <pty.h>
#endif

static SCREEN *screen;
static FILE *output;
static FILE *input;
static uint8_t *taken;
static size_t takenCapacity;
static char *capability;

static int memory_file(void) {
#ifdef __linux__
  return memfd_create("dubwatch-frame", MFD_CLOEXEC);
#else
  char path[] = "/tmp/dubwatch-frame.XXXXXX";
  int fd = mkstemp(path);
  if (fd >= 0) {
    unlink(path);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
  }
  return fd;
#endif
}

// A descriptor for newterm that looks like a very large terminal, since ncurses sizes its output buffer once, by the size it finds there.
// Replaced by the file in memory right afterwards; what newterm writes stays in the pair's buffer and vanishes with it. -1 where no
// pseudo-terminals are to be had: then ncurses writes in smaller pieces.
static int large_terminal(int *master) {
  struct winsize size = {.ws_row = 200, .ws_col = 500};
  int slave = -1;
  if (openpty(master, &slave, NULL, NULL, &size) != 0) {
    *master = -1;
    return -1;
  }
  fcntl(*master, F_SETFD, FD_CLOEXEC);
  fcntl(slave, F_SETFD, FD_CLOEXEC);
  return slave;
}

dw_open_result dw_screen_open(const char *term, int width, int height) {
  int result = 0;
  int memory = memory_file();
  if (memory < 0) return DW_OPEN_FAILED;
  // Ask first: newterm does not say why it failed.
  if (setupterm(term, memory, &result) != OK) {
    close(memory);
    return result == 1 ? DW_OPEN_HARDCOPY : result == 0 ? DW_OPEN_UNKNOWN : DW_OPEN_NO_DATABASE;
  }
  bool addressable = cursor_address != NULL && clear_screen != NULL;
  del_curterm(cur_term);
  if (!addressable) {
    close(memory);
    return DW_OPEN_HARDCOPY;
  }
  int master;
  int fd = large_terminal(&master);
  if (fd < 0) fd = fcntl(memory, F_DUPFD_CLOEXEC, 0);
  output = fd < 0 ? NULL : fdopen(fd, "w");
  input = fopen("/dev/null", "re");
  if (output != NULL && input != NULL) screen = newterm(term, output, input);
  if (screen != NULL) dup2(memory, fd);
  if (screen != NULL) fcntl(fd, F_SETFD, FD_CLOEXEC);
  close(memory);
  if (master >= 0) close(master);
  if (screen == NULL) {
    if (output != NULL) fclose(output);
    else if (fd >= 0) close(fd);
    if (input != NULL) fclose(input);
    output = input = NULL;
    return DW_OPEN_FAILED;
  }
  typeahead(-1);
  // ncurses flushes after every cursor movement until it has been suspended and resumed once.
  endwin();
  size_t ignored;
  dw_screen_take(&ignored);
  if (has_colors()) {
    start_color();
    use_default_colors();
  }
  leaveok(stdscr, TRUE);
  scrollok(stdscr, FALSE);
  curs_set(0);
  resize_term(height, width);
  clearok(curscr, TRUE);
  return DW_OPEN_OK;
}

void dw_screen_close(void) {
  if (screen == NULL) return;
  endwin();
  delscreen(screen);
  screen = NULL;
  fclose(output);
  fclose(input);
  output = input = NULL;
  free(taken);
  taken = NULL;
  takenCapacity = 0;
  free(capability);
  capability = NULL;
}

int dw_screen_colors(void) { return screen != NULL && has_colors() ? COLORS : 0; }

void dw_screen_resize(int width, int height) {
  if (screen == NULL) return;
  resize_term(height, width);
  leaveok(stdscr, TRUE);
  clearok(curscr, TRUE);
}

void dw_screen_suspend(void) {
  if (screen == NULL) return;
  endwin();
  size_t ignored;
  dw_screen_take(&ignored);
}

void dw_screen_redraw(void) {
  if (screen != NULL) clearok(curscr, TRUE);
}

static int pair_for(int foreground, int background) {
  if (!has_colors() || (foreground < 0 && background < 0)) return 0;
#if defined(NCURSES_EXT_COLORS) && NCURSES_EXT_COLORS >= 20180127
  int pair = alloc_pair(foreground, background);
  return pair < 0 ? 0 : pair;
#else
  // No alloc_pair: pairs in the order of their use, the oldest given up first.
  static short used[255][2];
  static int count, next;
  int most = COLOR_PAIRS - 1 < 255 ? COLOR_PAIRS - 1 : 255;
  for (int i = 0; i < count; i++)
    if (used[i][0] == foreground && used[i][1] == background) return i + 1;
  if (most < 1) return 0;
  int slot = count < most ? count++ : next++ % most;
  used[slot][0] = (short)foreground;
  used[slot][1] = (short)background;
  init_pair((short)(slot + 1), (short)foreground, (short)background);
  return slot + 1;
#endif
}

void dw_screen_put(int x, int y, const uint32_t *scalars, int count, unsigned attributes, int foreground, int background) {
  if (screen == NULL) return;
  wchar_t text[CCHARW_MAX + 1];
  int length = count < CCHARW_MAX - 1 ? count : CCHARW_MAX - 1;
  for (int i = 0; i < length; i++) text[i] = (wchar_t)scalars[i];
  text[length] = 0;
  attr_t attrs = A_NORMAL;
  if (attributes & DW_BOLD) attrs |= A_BOLD;
  if (attributes & DW_DIM) attrs |= A_DIM;
#ifdef A_ITALIC
  if (attributes & DW_ITALIC) attrs |= A_ITALIC;
#endif
  if (attributes & DW_UNDERLINE) attrs |= A_UNDERLINE;
  if (attributes & DW_REVERSE) attrs |= A_REVERSE;
  if (attributes & DW_BLINK) attrs |= A_BLINK;
  int pair = pair_for(foreground, background);
  cchar_t cell;
#if defined(NCURSES_EXT_COLORS) && NCURSES_EXT_COLORS >= 20180127
  if (setcchar(&cell, text, attrs, (short)(pair > 32767 ? 32767 : pair), &pair) != OK) return;
#else
  if (setcchar(&cell, text, attrs, (short)pair, NULL) != OK) return;
#endif
  mvwadd_wchnstr(stdscr, y, x, &cell, 1);
}

void dw_screen_update(void) {
  if (screen == NULL) return;
  wnoutrefresh(stdscr);
  doupdate();
}

const uint8_t *dw_screen_take(size_t *count) {
  *count = 0;
  if (screen == NULL || output == NULL) return NULL;
  fflush(output);
  int fd = fileno(output);
  struct stat info;
  if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size <= 0) return NULL;
  size_t size = (size_t)info.st_size;
  if (size > takenCapacity) {
    uint8_t *larger = realloc(taken, size);
    if (larger == NULL) return NULL;
    taken = larger;
    takenCapacity = size;
  }
  ssize_t got = pread(fd, taken, size, 0);
  if (ftruncate(fd, 0) != 0 || lseek(fd, 0, SEEK_SET) != 0 || got <= 0) return NULL;
  *count = (size_t)got;
  return taken;
}

int dw_width(uint32_t scalar) { return wcwidth((wchar_t)scalar); }

// Terminfo marks delays as $<5/>; no terminal of this century needs them.
static size_t append_unpadded(const char *from, uint8_t *to, size_t used, size_t capacity) {
  if (from == NULL || from == (const char *)-1) return used;
  while (*from != 0) {
    if (from[0] == '$' && from[1] == '<') {
      const char *end = strchr(from, '>');
      if (end != NULL) {
        from = end + 1;
        continue;
      }
    }
    if (used < capacity) to[used++] = (uint8_t)*from;
    from++;
  }
  return used;
}

const char *dw_capability(const char *name) {
  if (screen == NULL) return NULL;
  const char *value = tigetstr((char *)name);
  if (value == NULL || value == (const char *)-1) return NULL;
  size_t capacity = strlen(value) + 1;
  char *copy = realloc(capability, capacity);
  if (copy == NULL) return NULL;
  capability = copy;
  capability[append_unpadded(value, (uint8_t *)capability, 0, capacity - 1)] = 0;
  return capability;
}

size_t dw_restore_bytes(bool extended, uint8_t *bytes, size_t capacity) {
  if (screen == NULL) return 0;
  size_t used = 0;
  // CAN ends a sequence that was cut in half; the last one puts the window's title back.
  if (extended) used = append_unpadded("\x18\x1b[?2026l\x1b[?1006l\x1b[?1002l\x1b[?1000l\x1b[?2004l\x1b[?1004l\x1b[23;2t", bytes, used, capacity);
  used = append_unpadded(exit_alt_charset_mode, bytes, used, capacity);
  used = append_unpadded(exit_attribute_mode, bytes, used, capacity);
  used = append_unpadded(orig_pair, bytes, used, capacity);
  used = append_unpadded(keypad_local, bytes, used, capacity);
  // Without a second screen to leave, an empty one is the best that can be left behind.
  used = append_unpadded(exit_ca_mode != NULL ? exit_ca_mode : clear_screen, bytes, used, capacity);
  return append_unpadded(cursor_normal, bytes, used, capacity);
}
