// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#include "lanes.h"

#define EIGHT(RELATION, LEFT, RIGHT)                                                              \
    ((RELATION) == DESK_LESS            ? (eight_marks)((LEFT) < (RIGHT))                         \
     : (RELATION) == DESK_LESS_OR_EQUAL ? (eight_marks)((LEFT) <= (RIGHT))                        \
     : (RELATION) == DESK_EQUAL         ? (eight_marks)((LEFT) == (RIGHT))                        \
                                        : (eight_marks)((LEFT) < (RIGHT)) |                       \
                                              (eight_marks)((LEFT) > (RIGHT)))

INLINE void compare(
    enum desk_relation relation,
    const double *left,
    size_t left_step,
    const double *right,
    size_t right_step,
    size_t count,
    uint64_t *words
) {
    eight first = left_step ? (eight){0} : (eight)(*left);
    eight second = right_step ? (eight){0} : (eight)(*right);
    size_t row = 0;
    for (; row + 64 <= count; row += 64) {
        uint64_t word = 0;
        for (size_t place = 0; place < 64; place += 8) {
            if (left_step) first = load8(left + row + place);
            if (right_step) second = load8(right + row + place);
            word |= bits8(EIGHT(relation, first, second)) << place;
        }
        *words++ = word;
    }
    if (row == count) return;
    uint64_t word = 0;
    for (size_t place = 0; row + place < count; place++) {
        double one = left[left_step ? row + place : 0];
        double other = right[right_step ? row + place : 0];
        uint64_t holds = relation == DESK_LESS            ? one < other
                         : relation == DESK_LESS_OR_EQUAL ? one <= other
                         : relation == DESK_EQUAL         ? one == other
                                                          : (one < other) | (one > other);
        word |= holds << place;
    }
    *words = word;
}

#define EACH_RELATION(LEFT, LEFT_STEP, RIGHT, RIGHT_STEP)                                         \
    switch (relation) {                                                                           \
    case DESK_LESS: compare(DESK_LESS, LEFT, LEFT_STEP, RIGHT, RIGHT_STEP, count, words); break;  \
    case DESK_LESS_OR_EQUAL:                                                                      \
        compare(DESK_LESS_OR_EQUAL, LEFT, LEFT_STEP, RIGHT, RIGHT_STEP, count, words);            \
        break;                                                                                    \
    case DESK_EQUAL: compare(DESK_EQUAL, LEFT, LEFT_STEP, RIGHT, RIGHT_STEP, count, words); break;\
    default: compare(DESK_UNEQUAL, LEFT, LEFT_STEP, RIGHT, RIGHT_STEP, count, words); break;      \
    }

INLINE void desk_compare_any(
    enum desk_relation relation,
    const double *left,
    const double *right,
    size_t count,
    uint64_t *words
) {
    EACH_RELATION(left, 1, right, 1)
}

FORMS(
    void,
    desk_compare,
    (enum desk_relation relation,
     const double *left,
     const double *right,
     size_t count,
     uint64_t *words),
    (relation, left, right, count, words)
)

INLINE void desk_compare_right_any(
    enum desk_relation relation,
    const double *left,
    double right,
    size_t count,
    uint64_t *words
) {
    EACH_RELATION(left, 1, &right, 0)
}

FORMS(
    void,
    desk_compare_right,
    (enum desk_relation relation, const double *left, double right, size_t count, uint64_t *words),
    (relation, left, right, count, words)
)

INLINE void desk_compare_left_any(
    enum desk_relation relation,
    double left,
    const double *right,
    size_t count,
    uint64_t *words
) {
    EACH_RELATION(&left, 0, right, 1)
}

FORMS(
    void,
    desk_compare_left,
    (enum desk_relation relation, double left, const double *right, size_t count, uint64_t *words),
    (relation, left, right, count, words)
)

INLINE void desk_compare_both_any(
    const double *left,
    const double *right,
    size_t count,
    uint64_t *less,
    uint64_t *greater
) {
    size_t row = 0;
    for (; row + 64 <= count; row += 64) {
        uint64_t below = 0, above = 0;
        for (size_t place = 0; place < 64; place += 8) {
            eight first = load8(left + row + place), second = load8(right + row + place);
            below |= bits8(first < second) << place;
            above |= bits8(second < first) << place;
        }
        *less++ = below;
        *greater++ = above;
    }
    if (row == count) return;
    uint64_t below = 0, above = 0;
    for (size_t place = 0; row + place < count; place++) {
        double first = left[row + place], second = right[row + place];
        below |= (uint64_t)(first < second) << place;
        above |= (uint64_t)(second < first) << place;
    }
    *less = below;
    *greater = above;
}

FORMS(
    void,
    desk_compare_both,
    (const double *left, const double *right, size_t count, uint64_t *less, uint64_t *greater),
    (left, right, count, less, greater)
)
