#ifndef DUBWATCH_CNCURSES_INTERNAL_H
#define DUBWATCH_CNCURSES_INTERNAL_H

#include <termios.h>

/// Remembers the settings to give back; only the first ones count until they were given back.
void dw_restore_remember(const struct termios *settings);

#endif
