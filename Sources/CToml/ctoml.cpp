// SPDX-License-Identifier: Apache-2.0
#include "ctoml.h"

#include <algorithm>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The library asserts what a text can get wrong (`[[[a]]`), and says so properly behind the
// assertion: a mistake in a file must not end the program.
#define TOML_ASSERT(expr) static_assert(true)
#include <toml++/toml.h>

namespace {

// No setting lies deeper; what does is a mistake that needs no further look.
constexpr int deepest = 8;

struct item {
    ctoml_kind kind;
    ptrdiff_t parent;
    std::string key;
    toml::source_position key_position;
    toml::source_position position;
    std::string text;
    int64_t integer = 0;
    double number = 0;
};

}  // namespace

struct ctoml_document {
    std::string fault;
    toml::source_position fault_position{};
    std::vector<item> items;

    void append(const toml::node &node, ptrdiff_t parent, const toml::key *key, int depth) {
        item next{CTOML_DATE, parent, {}, {}, node.source().begin, {}};
        if (key) {
            next.key = std::string(key->str());
            next.key_position = key->source().begin;
        }
        if (node.is_table()) next.kind = CTOML_TABLE;
        if (node.is_array()) next.kind = CTOML_ARRAY;
        if (auto value = node.as_string()) {
            next.kind = CTOML_STRING;
            next.text = value->get();
        }
        if (auto value = node.as_integer()) {
            next.kind = CTOML_INTEGER;
            next.integer = value->get();
        }
        if (auto value = node.as_floating_point()) {
            next.kind = CTOML_FLOAT;
            next.number = value->get();
        }
        if (auto value = node.as_boolean()) {
            next.kind = CTOML_BOOLEAN;
            next.integer = value->get();
        }
        const auto place = static_cast<ptrdiff_t>(items.size());
        items.push_back(std::move(next));
        if (depth < deepest) append_members(node, place, depth + 1);
    }

    void append_members(const toml::node &node, ptrdiff_t place, int depth) {
        if (auto array = node.as_array()) {
            for (const toml::node &element : *array) append(element, place, nullptr, depth);
        }
        if (auto table = node.as_table()) {
            // The table is ordered by name; people read their file from the top.
            std::vector<std::pair<const toml::key *, const toml::node *>> members;
            for (auto &&[key, value] : *table) members.emplace_back(&key, &value);
            std::sort(members.begin(), members.end(), [](const auto &a, const auto &b) {
                return a.first->source().begin < b.first->source().begin;
            });
            for (const auto &[key, value] : members) append(*value, place, key, depth);
        }
    }
};

extern "C" ctoml_document *ctoml_parse(const char *text, size_t count) {
    auto document = new (std::nothrow) ctoml_document;
    if (!document) return nullptr;
    toml::parse_result result = toml::parse(std::string_view(text, count));
    if (result) {
        document->append(result.table(), -1, nullptr, 0);
    } else {
        document->fault = std::string(result.error().description());
        document->fault_position = result.error().source().begin;
    }
    return document;
}

extern "C" ctoml_fault ctoml_fault_of(const ctoml_document *document) {
    const auto &fault = document->fault;
    return {fault.data(), fault.size(), document->fault_position.line,
            document->fault_position.column};
}

extern "C" size_t ctoml_count(const ctoml_document *document) { return document->items.size(); }

extern "C" ctoml_node ctoml_at(const ctoml_document *document, size_t index) {
    const item &found = document->items[index];
    return {found.kind,
            found.parent,
            found.key.data(),
            found.key.size(),
            found.key_position.line,
            found.key_position.column,
            found.position.line,
            found.position.column,
            found.text.data(),
            found.text.size(),
            found.integer,
            found.number};
}

extern "C" void ctoml_free(ctoml_document *document) { delete document; }
