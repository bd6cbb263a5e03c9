#include "CNcurses.h"

#include <langinfo.h>
#include <locale.h>
#include <string.h>
#ifdef __APPLE__
#include <xlocale.h>
#endif

bool dw_use_locale(const char *name, bool *utf8) {
  *utf8 = false;
  // The thread's locale only: LC_NUMERIC would change strtod for the whole process, and LC_CTYPE what other libraries do.
  locale_t locale = newlocale(LC_CTYPE_MASK, name, (locale_t)0);
  if (locale == (locale_t)0) return false;
  locale_t former = uselocale(locale);
  static __thread locale_t ours;
  if (ours != (locale_t)0 && ours == former) freelocale(former);
  ours = locale;
  const char *codeset = nl_langinfo(CODESET);
  *utf8 = codeset != NULL && (strcmp(codeset, "UTF-8") == 0 || strcmp(codeset, "utf8") == 0);
  return true;
}
