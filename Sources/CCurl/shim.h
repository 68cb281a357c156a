// libcurl, loaded when a server is first asked: a program that asks none needs no libcurl, and one that is copied to another machine uses that machine's,
// with its certificates and its mended faults. Its setters and getters take any type, which Swift cannot call: here is one for each type that is used.
#ifndef CCURL_SHIM_H
#define CCURL_SHIM_H

#include <curl/curl.h>
#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>

#define CCURL_FUNCTIONS(each)                                                                                                     \
    each(curl_global_init) each(curl_version_info) each(curl_slist_append) each(curl_slist_free_all) each(curl_easy_init)         \
    each(curl_easy_reset) each(curl_easy_setopt) each(curl_easy_getinfo) each(curl_easy_cleanup) each(curl_easy_strerror)         \
    each(curl_multi_init) each(curl_multi_setopt) each(curl_multi_add_handle) each(curl_multi_remove_handle)                      \
    each(curl_multi_perform) each(curl_multi_info_read) each(curl_multi_poll) each(curl_multi_wakeup) each(curl_multi_cleanup)

/// The functions that are used, by their names.
struct ccurl {
#define CCURL_MEMBER(name) __typeof__(&(name)) _Nonnull name;
    CCURL_FUNCTIONS(CCURL_MEMBER)
#undef CCURL_MEMBER
};

/// The loaded library's functions; null if it has not all of them. The library stays loaded.
static inline const struct ccurl *_Nullable ccurl_functions(void *_Nonnull library) {
    static struct ccurl functions;
    void *symbol;
#define CCURL_FIND(name)                                            \
    if (!(symbol = dlsym(library, #name))) return NULL;             \
    functions.name = (__typeof__(&(name)))symbol;
    CCURL_FUNCTIONS(CCURL_FIND)
#undef CCURL_FIND
    return &functions;
}

typedef size_t (*ccurl_taker)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode ccurl_set_number(const struct ccurl *_Nonnull curl, CURL *handle, CURLoption option, long value) {
    return (curl->curl_easy_setopt)(handle, option, value);
}
static inline CURLcode ccurl_set_offset(const struct ccurl *_Nonnull curl, CURL *handle, CURLoption option, curl_off_t value) {
    return (curl->curl_easy_setopt)(handle, option, value);
}
static inline CURLcode ccurl_set_text(const struct ccurl *_Nonnull curl, CURL *handle, CURLoption option, const char *value) {
    return (curl->curl_easy_setopt)(handle, option, value);
}
static inline CURLcode ccurl_set_list(const struct ccurl *_Nonnull curl, CURL *handle, CURLoption option, struct curl_slist *value) {
    return (curl->curl_easy_setopt)(handle, option, value);
}
static inline CURLcode ccurl_set_taker(const struct ccurl *_Nonnull curl, CURL *handle, CURLoption option, ccurl_taker taker) {
    return (curl->curl_easy_setopt)(handle, option, taker);
}
static inline CURLcode ccurl_set_context(const struct ccurl *_Nonnull curl, CURL *handle, CURLoption option, void *context) {
    return (curl->curl_easy_setopt)(handle, option, context);
}
static inline long ccurl_number(const struct ccurl *_Nonnull curl, CURL *handle, CURLINFO info) {
    long value = 0;
    return (curl->curl_easy_getinfo)(handle, info, &value) == CURLE_OK ? value : 0;
}
static inline CURLMcode ccurl_set_multi_number(const struct ccurl *_Nonnull curl, CURLM *multi, CURLMoption option, long value) {
    return (curl->curl_multi_setopt)(multi, option, value);
}
/// Of the library that was loaded, as 0xMMNNPP.
static inline unsigned ccurl_version(const struct ccurl *_Nonnull curl) { return curl->curl_version_info(CURLVERSION_NOW)->version_num; }
/// What a finished transfer's message says of it.
static inline CURLcode ccurl_result(const CURLMsg *message) { return message->data.result; }

#endif
