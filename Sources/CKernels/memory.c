// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#include "CKernels.h"

#include <sys/mman.h>

void desk_fetch_rises(const double *column, const uint64_t *words, size_t count) {
    uint64_t before = 0;
    for (size_t first = 0; first < count; first += 64) {
        uint64_t word = *words++;
        uint64_t rises = word & ~(word << 1 | before);
        before = word >> 63;
        for (; rises; rises &= rises - 1) {
            size_t row = first + (size_t)__builtin_ctzll(rises);
            if (row < count) __builtin_prefetch(column + row);
        }
    }
}

void desk_fetch_share(
    const void *const *columns,
    size_t count,
    size_t first,
    size_t end,
    size_t part,
    size_t parts
) {
    const size_t line = 64 / sizeof(double);
    size_t lines = (end - first + line - 1) / line, all = count * lines;
    size_t place = all * part / parts, last = all * (part + 1) / parts;
    for (size_t column = place / lines; place < last; column++) {
        const double *rows = (const double *)columns[column] + first;
        size_t until = (column + 1) * lines < last ? (column + 1) * lines : last;
        for (; place < until; place++) {
            __builtin_prefetch(rows + (place - column * lines) * line, 0, 2);
        }
    }
}

void desk_prefer_large_pages(void *memory, size_t bytes) {
#if defined(MADV_HUGEPAGE)
    // Only pages that lie in the memory as a whole, so that no more is taken than was asked for.
    const uintptr_t large = (uintptr_t)2 << 20;
    uintptr_t first = ((uintptr_t)memory + large - 1) & ~(large - 1);
    uintptr_t end = ((uintptr_t)memory + bytes) & ~(large - 1);
    // A refusal changes nothing but the time it takes.
    if (first < end) (void)madvise((void *)first, end - first, MADV_HUGEPAGE);
#endif
}
