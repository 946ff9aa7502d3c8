/*
 * Pages and mails. The only user of ClearSilver and the only writer of its data tree (HDF).
 *
 * A handler fills a `struct page` with text (money, times and labels arrive formatted), flags and
 * lists; template_render() makes the bytes in memory, with every variable HTML-escaped (but in the
 * text of a mail). Templates
 * hold if, each, call, include, def and var only: no arithmetic, no comparison of numbers.
 *
 *     struct page *p = page_new(a, "page/orders");
 *     page_set(page_root(p), "title", "Orders");
 *     struct page_node *row = page_add(page_root(p), "rows");   // rows.0, rows.1, …
 *     page_set(row, "order_id", o->order_id);                   // NULL sets nothing
 *     page_flag(row, "refundable", true);                       // "1", or absent when false
 */
#ifndef VIEW_TEMPLATE_H
#define VIEW_TEMPLATE_H

#include "core/arena.h"
#include "core/err.h"
#include "core/str.h"
#include <stdbool.h>

/* Every template below `dir`, parsed, but those of parts/ and layout/, which pages include, and of
 * mail/. One set for each thread, all loaded before threads start. */
struct templates;

/* Refuses to load when one template does not parse; names the file. Files outside `dir` are never
 * read, whatever an include says. */
MUSTCHECK enum rc templates_load(struct templates **out, const char *dir, struct err *e);
/* The set of the templates in mail/, in the same way: mail/<kind>.txt, where variables are written
 * as they are, and mail/<kind>.html, where they are escaped. */
MUSTCHECK enum rc templates_load_mails(struct templates **out, const char *dir, struct err *e);
void templates_free(struct templates *t);

struct page;
struct page_node;

/* name: path below the templates folder without ".cs". Released with the arena. */
struct page *page_new(struct arena *a, const char *name);
struct page_node *page_root(struct page *p);
/* A child by name, made when missing; key is [a-z0-9_]+, a constant of the program, never input. */
struct page_node *page_child(struct page_node *n, const char *key);
/* Appends an element to the list `key`. */
struct page_node *page_add(struct page_node *n, const char *key);
void page_set(struct page_node *n, const char *key, const char *text);
void page_flag(struct page_node *n, const char *key, bool on);

/* Appends the rendered bytes to `out`; nothing is appended on an error. */
MUSTCHECK enum rc template_render(struct templates *t, struct page *p, struct buf *out,
                                  struct err *e);

#endif
