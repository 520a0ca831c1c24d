// SPDX-License-Identifier: Apache-2.0
// toml++ as C: a text becomes a list of nodes, each behind its parent, in the order of the text.
#ifndef CTOML_H
#define CTOML_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ctoml_document ctoml_document;

enum __attribute__((enum_extensibility(closed))) ctoml_kind {
    CTOML_TABLE,
    CTOML_ARRAY,
    CTOML_STRING,
    CTOML_INTEGER,
    CTOML_FLOAT,
    CTOML_BOOLEAN,
    // A date or a time: valid TOML that no setting here takes.
    CTOML_DATE,
};

// Bytes belong to the document. Lines and columns count from 1; columns count characters.
struct ctoml_node {
    enum ctoml_kind kind;
    // Where the parent stands in the list; -1 for the root, which is the first.
    ptrdiff_t parent;
    // Empty in arrays.
    const char *_Nonnull key;
    size_t key_count;
    uint32_t key_line, key_column;
    uint32_t line, column;
    // Of a string.
    const char *_Nonnull text;
    size_t text_count;
    // Of an integer, or 0 and 1 of a boolean.
    int64_t integer;
    double number;
};

// What made the text no TOML; `line` is 0 if nothing did.
struct ctoml_fault {
    const char *_Nonnull text;
    size_t text_count;
    uint32_t line, column;
};

// Null only if there is no memory. The text is not needed afterwards.
ctoml_document *_Nullable ctoml_parse(const char *_Nonnull text, size_t count);
struct ctoml_fault ctoml_fault_of(const ctoml_document *_Nonnull document);
size_t ctoml_count(const ctoml_document *_Nonnull document);
struct ctoml_node ctoml_at(const ctoml_document *_Nonnull document, size_t index);
void ctoml_free(ctoml_document *_Nullable document);

#ifdef __cplusplus
}
#endif

#endif
