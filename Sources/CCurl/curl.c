#include "CCurl.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>

const size_t dwc_pause = CURL_WRITEFUNC_PAUSE;

bool dwc_start(void) { return curl_global_init(CURL_GLOBAL_DEFAULT) == 0; }

static size_t take_head(char *bytes, size_t size, size_t count, void *context) {
  dwc_request *request = context;
  return request->head(bytes, size * count, request->owner);
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context) {
  dwc_request *request = context;
  return request->body(bytes, size * count, request->owner);
}

// libcurl makes its sockets itself, but does not tell why it could not.
static curl_socket_t make_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
  (void)purpose;
#ifdef SOCK_CLOEXEC
  int made = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
#else
  int made = socket(address->family, address->socktype, address->protocol);
#endif
  if (made < 0) ((dwc_request *)context)->socket_errno = errno;
  return made < 0 ? CURL_SOCKET_BAD : made;
}

CURLcode dwc_prepare(CURL *easy, const char *url, struct curl_slist *headers, long connect_milliseconds, dwc_request *request) {
  CURLcode code = CURLE_OK;
#define SET(option, value)                                 \
  do {                                                     \
    CURLcode set = curl_easy_setopt(easy, option, value);  \
    if (set != CURLE_OK && code == CURLE_OK) code = set;   \
  } while (0)
  SET(CURLOPT_URL, url);
  SET(CURLOPT_HTTPGET, 1L);
  SET(CURLOPT_HTTPHEADER, headers);
  SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
  SET(CURLOPT_PATH_AS_IS, 1L);
  SET(CURLOPT_FOLLOWLOCATION, 0L);
  SET(CURLOPT_PROXY, "");
  SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
  SET(CURLOPT_NOSIGNAL, 1L);
  SET(CURLOPT_NOPROGRESS, 1L);
  SET(CURLOPT_CONNECTTIMEOUT_MS, connect_milliseconds);
  SET(CURLOPT_BUFFERSIZE, 131072L);
  SET(CURLOPT_ERRORBUFFER, request->words);
  SET(CURLOPT_PRIVATE, request->owner);
  SET(CURLOPT_HEADERFUNCTION, take_head);
  SET(CURLOPT_HEADERDATA, request);
  SET(CURLOPT_WRITEFUNCTION, take_body);
  SET(CURLOPT_WRITEDATA, request);
  SET(CURLOPT_OPENSOCKETFUNCTION, make_socket);
  SET(CURLOPT_OPENSOCKETDATA, request);
  // A container that is made anew has another address.
  SET(CURLOPT_DNS_CACHE_TIMEOUT, 5L);
#if LIBCURL_VERSION_NUM >= 0x075500
  SET(CURLOPT_PROTOCOLS_STR, "http,https");
#else
  SET(CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
#if LIBCURL_VERSION_NUM >= 0x074100
  SET(CURLOPT_MAXAGE_CONN, 30L);
#endif
#if LIBCURL_VERSION_NUM >= 0x075700
  // Or taking a request away waits for the resolver, and all others wait with it.
  SET(CURLOPT_QUICK_EXIT, 1L);
#endif
#undef SET
  return code;
}

int dwc_errno(CURL *easy) {
  long code = 0;
  return curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &code) == CURLE_OK ? (int)code : 0;
}

void *dwc_owner(CURL *easy) {
  char *owner = NULL;
  return curl_easy_getinfo(easy, CURLINFO_PRIVATE, &owner) == CURLE_OK ? owner : NULL;
}

void dwc_keep(CURLM *multi, long connections) { curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, connections); }

typedef struct {
  void (*run)(void *);
  void *context;
} start;

static void *begin(void *given) {
  start begun = *(start *)given;
  free(given);
  begun.run(begun.context);
  return NULL;
}

bool dwc_thread(void (*run)(void *), void *context) {
  start *given = malloc(sizeof *given);
  if (given == NULL) return false;
  *given = (start){run, context};
  pthread_t thread;
  if (pthread_create(&thread, NULL, begin, given) != 0) {
    free(given);
    return false;
  }
  pthread_detach(thread);
  return true;
}
