// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#ifndef LOOPDESK_LANES_H
#define LOOPDESK_LANES_H

#include "CKernels.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

// A kernel is written once as NAME_any, which is inlined into one function for each form. Only what
// differs in width may differ between forms: fused products are ruled out above.
#if defined(__x86_64__)
#define WIDE(RESULT, NAME, PARAMETERS, ARGUMENTS)                                                 \
    static __attribute__((target("avx2"), noinline)) RESULT NAME##_wide PARAMETERS {              \
        return NAME##_any ARGUMENTS;                                                              \
    }
#define IS_WIDE() (desk_form_in_use() == DESK_WIDE)
#else
#define WIDE(RESULT, NAME, PARAMETERS, ARGUMENTS)                                                 \
    static RESULT NAME##_wide PARAMETERS { return NAME##_any ARGUMENTS; }
#define IS_WIDE() 0
#endif
#define FORMS(RESULT, NAME, PARAMETERS, ARGUMENTS)                                                \
    WIDE(RESULT, NAME, PARAMETERS, ARGUMENTS)                                                     \
    RESULT NAME PARAMETERS {                                                                      \
        if (IS_WIDE()) return NAME##_wide ARGUMENTS;                                              \
        return NAME##_any ARGUMENTS;                                                              \
    }

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
