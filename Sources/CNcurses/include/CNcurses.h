// The C side of the terminal: ncursesw behind plain functions, the tty, signals, and a restore that also works in a crash.
// ncurses keeps global state: everything here except dw_restore_now and the signal handlers is called from one thread at a time.
#ifndef DUBWATCH_CNCURSES_H
#define DUBWATCH_CNCURSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// --- Screen (screen.c) ------------------------------------------------------------------------------------------------------------

enum { DW_BOLD = 1, DW_DIM = 2, DW_ITALIC = 4, DW_UNDERLINE = 8, DW_REVERSE = 16, DW_BLINK = 32 };

/// Why dw_screen_open did not open: 0 it did, then a terminal that is unknown, that cannot address its cursor, no terminfo database at all,
/// or no memory and the like.
typedef enum { DW_OPEN_OK = 0, DW_OPEN_UNKNOWN, DW_OPEN_HARDCOPY, DW_OPEN_NO_DATABASE, DW_OPEN_FAILED } dw_open_result;

/// Opens the one ncurses screen of this process for a terminal type. ncurses writes to memory: take what it wrote with dw_screen_take.
dw_open_result dw_screen_open(const char *term, int width, int height);
/// Frees the screen; what ncurses writes meanwhile is dropped.
void dw_screen_close(void);
/// Colours of the terminal: 0 for none.
int dw_screen_colors(void);
/// Tells ncurses a new size; everything is drawn again with the next dw_screen_update.
void dw_screen_resize(int width, int height);
/// Tells ncurses that the terminal was given back; the next dw_screen_update takes it again.
void dw_screen_suspend(void);
/// Has everything drawn again with the next dw_screen_update.
void dw_screen_redraw(void);
/// Puts one character (a base and combining marks, count in all) at a cell; colours -1 are the terminal's own.
void dw_screen_put(int x, int y, const uint32_t *scalars, int count, unsigned attributes, int foreground, int background);
/// Computes what has to be written; the bytes are then in dw_screen_take.
void dw_screen_update(void);
/// The bytes written since the last call, valid until the next call of any dw_screen function; NULL when there are none.
const uint8_t *dw_screen_take(size_t *count);
/// Columns of a scalar according to the C library in the thread's locale; -1 when it cannot be printed.
int dw_width(uint32_t scalar);
/// A string capability of the open terminal without padding marks, NULL when absent. Valid until the screen is closed or the next call.
const char *dw_capability(const char *name);
/// Fills `bytes` with what gives the terminal back (alternate screen, cursor, attributes, mouse, paste); returns the length.
size_t dw_restore_bytes(bool extended, uint8_t *bytes, size_t capacity);

// --- Locale (locale.c) -------------------------------------------------------------------------------------------------------------

/// Sets LC_CTYPE of the calling thread only. NULL or "" is not allowed. Returns whether the locale exists; *utf8 says whether it is UTF-8.
bool dw_use_locale(const char *name, bool *utf8);

// --- Terminal device (tty.c) -------------------------------------------------------------------------------------------------------

/// Opens a terminal of its own for reading and writing without blocking: the path, or with NULL the one the process shows its output on.
/// -1 with errno when there is none.
int dw_tty_open(const char *path);
/// Closes a descriptor.
void dw_close(int fd);
/// Window size; false when it is not known.
bool dw_tty_size(int fd, int *columns, int *rows);
/// The terminal's modes as they are and as dw_tty_raw will set them, each a struct termios byte for byte; returns its size, 0 with errno on
/// failure or where `capacity` is too small.
size_t dw_tty_modes(int fd, uint8_t *former, uint8_t *ours, size_t capacity);
/// The device's name; false where it has none that other processes could open.
bool dw_tty_name(int fd, char *name, size_t capacity);
/// Remembers the terminal's settings on first use and sets single bytes, no echo, no signals from keys. false with errno on failure.
bool dw_tty_raw(int fd);
/// Reads what there is: the count, 0 at the end (hangup), -1 when nothing is there now, -2 on an error.
int dw_tty_read(int fd, uint8_t *bytes, int capacity);
/// Writes what fits now: the count, -1 when nothing fits now, -2 on an error.
int dw_tty_write(int fd, const uint8_t *bytes, int count);
/// Writes all in one call, waiting in the kernel for at most so long: the count, -1 when nothing went out in time, -2 on an error. Where the
/// system has no timers for threads, as dw_tty_write. Only for descriptors that dw_tty_open made, on one thread.
int dw_tty_write_within(int fd, const uint8_t *bytes, int count, int milliseconds);
/// Waits until `fd` can be written or `milliseconds` are over: 1, 0, or -1 when the terminal is gone.
int dw_wait_writable(int fd, int milliseconds);
/// The same for reading.
int dw_wait_readable(int fd, int milliseconds);

enum { DW_READY_INPUT = 1, DW_READY_HANGUP = 2, DW_READY_OUTPUT = 4 };
/// Waits for the waker, the terminal (-1 for none) or the time limit (-1 for none); returns DW_READY_* bits of the terminal. Also empties
/// the waker.
int dw_wait(int waker, int tty, bool output, int milliseconds);

// --- Waker, thread, clock (wake.c) -------------------------------------------------------------------------------------------------

/// Makes a waker (eventfd; a pipe where there is none): its descriptor for dw_wait, and in *writer the one for dw_wake.
int dw_waker_make(int *writer);
/// Wakes dw_wait. Safe in signal handlers and on any thread.
void dw_wake(int writer);
/// Starts a detached thread with all signals unblocked. false when there is none to be had.
bool dw_thread_start(void (*body)(void *), void *context);
/// Whether the calling thread is the one with this identity.
uint64_t dw_thread_identity(void);
/// Monotonic nanoseconds.
uint64_t dw_now(void);

// --- Signals and crashes (signals.c, crash.c) --------------------------------------------------------------------------------------

enum {
  DW_SIGNAL_RESIZE = 1, DW_SIGNAL_HANGUP = 2, DW_SIGNAL_INTERRUPT = 4, DW_SIGNAL_TERMINATE = 8, DW_SIGNAL_STOP = 16,
  DW_SIGNAL_CONTINUE = 32
};
/// Catches WINCH, HUP, INT, TERM, TSTP and CONT; each wakes `writer`. Signals that were ignored stay ignored, except WINCH and CONT.
void dw_signals_catch(int writer);
/// Puts the former handlers back.
void dw_signals_release(void);
/// The signals that came since the last call, as DW_SIGNAL_* bits.
unsigned dw_signals_take(void);
/// Stops this process as SIGTSTP does by default: its whole process group when `group`. Returns after it was continued, or at once when
/// the system does not stop it (an orphaned process group). `waker` as for dw_wait.
void dw_stop_process(bool group, int waker);

/// From now on, a crash, exit() and dw_restore_now give the terminal back by these bytes and the settings dw_tty_raw remembered.
void dw_restore_arm(int fd, const uint8_t *bytes, size_t count);
/// Who is told, by a write of these bytes to `fd`, whenever the terminal is taken (dw_restore_arm) and given back; -1 for nobody. The
/// descriptor is closed when another takes its place. Nothing longer than 64 bytes is told.
void dw_restore_witness(int fd, const uint8_t *taken, size_t takenCount, const uint8_t *given, size_t givenCount);
/// Gives the terminal back if it is ours. Async-signal-safe. Returns whether there was something to do.
bool dw_restore_now(void);

#endif
