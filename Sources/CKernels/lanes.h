// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#ifndef LOOPDESK_LANES_H
#define LOOPDESK_LANES_H

#include "CKernels.h"

#include <stdatomic.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

// A kernel is written once as NAME_any, which is inlined into one function for each form. Only what
// differs in width may differ between forms: fused products are ruled out above.
#if defined(__x86_64__)
#define FORM(SUFFIX, TARGET, RESULT, NAME, PARAMETERS, ARGUMENTS)                                 \
    static __attribute__((target(TARGET), noinline)) RESULT NAME##SUFFIX PARAMETERS {             \
        return NAME##_any ARGUMENTS;                                                              \
    }
#define FORMS(RESULT, NAME, PARAMETERS, ARGUMENTS)                                                \
    FORM(_wide, "avx2", RESULT, NAME, PARAMETERS, ARGUMENTS)                                      \
    FORM(_widest, DESK_WIDEST_TARGET, RESULT, NAME, PARAMETERS, ARGUMENTS)                        \
    RESULT NAME PARAMETERS {                                                                      \
        int form = desk_form();                                                                   \
        if (__builtin_expect(form == DESK_WIDEST, 1)) return NAME##_widest ARGUMENTS;             \
        if (form == DESK_WIDE) return NAME##_wide ARGUMENTS;                                      \
        return NAME##_any ARGUMENTS;                                                              \
    }
#else
#define FORMS(RESULT, NAME, PARAMETERS, ARGUMENTS)                                                \
    RESULT NAME PARAMETERS { return NAME##_any ARGUMENTS; }
#endif

/// What the widest form takes of a processor.
#define DESK_WIDEST_TARGET "avx512f,avx512dq,avx512bw,avx512vl"

/// The form in use; below 0 until the processor was asked.
extern _Atomic int desk_form_chosen;

static inline int desk_form(void) {
    int form = atomic_load_explicit(&desk_form_chosen, memory_order_relaxed);
    return __builtin_expect(form >= 0, 1) ? form : (int)desk_form_in_use();
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

/// Eight numbers, for loops that have nothing to carry from row to row.
typedef double eight __attribute__((ext_vector_type(8)));
typedef int64_t eight_marks __attribute__((ext_vector_type(8)));
typedef _Bool eight_answers __attribute__((ext_vector_type(8)));

INLINE eight load8(const double *values) {
    eight result;
    memcpy(&result, values, sizeof result);
    return result;
}

INLINE void store8(double *values, eight numbers) { memcpy(values, &numbers, sizeof numbers); }

/// Eight answers as the bits of a byte.
INLINE uint64_t bits8(eight_marks found) {
    eight_answers each = __builtin_convertvector(found, eight_answers);
    uint8_t byte;
    memcpy(&byte, &each, sizeof byte);
    return byte;
}

#endif
