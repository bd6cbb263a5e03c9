#pragma once
// What Swift cannot call of libcurl: its options are variadic. One request, prepared; and a thread to run on.
#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

// What a request tells of itself. It must live as long as its handle.
typedef struct dwc_request {
  void *owner;
  // A line of a head, and a piece of the body: how much was taken; CURL_WRITEFUNC_PAUSE for "not now", anything else to end it.
  size_t (*head)(const char *bytes, size_t count, void *owner);
  size_t (*body)(const char *bytes, size_t count, void *owner);
  // Why no socket could be made; 0 where one could.
  int socket_errno;
  char words[CURL_ERROR_SIZE];
} dwc_request;

// Once in a process, before anything else. False where libcurl cannot be used.
bool dwc_start(void);
// A GET of what `url` says over HTTP 1.1 and nothing else: no proxy, no redirect, no file of passwords, no signals.
CURLcode dwc_prepare(CURL *easy, const char *url, struct curl_slist *headers, long connect_milliseconds, dwc_request *request);
// The error that the connection ended with, by the system; 0 for none.
int dwc_errno(CURL *easy);
void *dwc_owner(CURL *easy);
// Keeps as many idle connections.
void dwc_keep(CURLM *multi, long connections);
bool dwc_thread(void (*run)(void *), void *context);
extern const size_t dwc_pause;
