// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#ifndef LOOPDESK_LANES_H
#define LOOPDESK_LANES_H

#include "CKernels.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

// Only what differs in width may differ between the variants: fused products are ruled out above.
#if defined(__x86_64__) && defined(__ELF__)
#define VARIANTS __attribute__((target_clones("default", "avx2")))
#else
#define VARIANTS
#endif

typedef double lanes __attribute__((ext_vector_type(4)));

// Vectors pass only between functions that are inlined, so how they would be passed is no matter.
#pragma GCC diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline))

INLINE lanes load(const double *values) {
    lanes result;
    memcpy(&result, values, sizeof result);
    return result;
}

INLINE void store(double *values, lanes numbers) { memcpy(values, &numbers, sizeof numbers); }

INLINE lanes spread(double value) { return (lanes){value, value, value, value}; }

/// The answer of a comparison: all bits of a lane or none.
typedef int64_t marks __attribute__((ext_vector_type(4)));

/// The second value in marked lanes, the first one elsewhere.
INLINE lanes choose(marks second, lanes first_value, lanes second_value) {
    return (lanes)((~second & (marks)first_value) | (second & (marks)second_value));
}

/// The right number unless the left one is less.
INLINE lanes lesser(lanes left, lanes right) { return left < right ? left : right; }

INLINE lanes greater(lanes left, lanes right) { return left > right ? left : right; }

#endif
