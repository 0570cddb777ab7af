// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#ifndef LOOPDESK_CKERNELS_H
#define LOOPDESK_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

// Loops over columns of doubles. Every one exists in a portable form and in one for newer
// processors, chosen when the program starts; both do the same operations in the same order on the
// same four lanes and never fuse a product into a sum, so the results are equal bit for bit.

/// How two numbers may relate; nothing relates to a number that is missing.
enum desk_relation {
    DESK_LESS,
    DESK_LESS_OR_EQUAL,
    DESK_EQUAL,
    DESK_UNEQUAL,
};

/// Sets bit i of the words to whether left[i] relates to right[i]; bits from count on are 0.
void desk_compare(
    enum desk_relation relation,
    const double *left,
    const double *right,
    size_t count,
    uint64_t *words
);

/// The same with one number on the right.
void desk_compare_right(
    enum desk_relation relation,
    const double *left,
    double right,
    size_t count,
    uint64_t *words
);

/// The same with one number on the left.
void desk_compare_left(
    enum desk_relation relation,
    double left,
    const double *right,
    size_t count,
    uint64_t *words
);

/// Simple moving averages of one series over at most four windows, in TA-Lib's order of operations.
///
/// Takes the rows from `first` to `end`, which go to the start of the outputs. The sums are 0
/// before the first row, and are carried from call to call. The series must have no missing value.
/// Rows before a window is full are missing.
void desk_averages(
    const double *values,
    size_t first,
    size_t end,
    const size_t *windows,
    double *sums,
    double *const *outputs,
    size_t width
);

/// The least and the greatest of some numbers, of which there must be one; whether all are finite.
int desk_range(const double *values, size_t count, double *least, double *greatest);

/// The first row at which the open or the low is at most the lower level, or the open or the high
/// at least the upper one; count when there is none.
size_t desk_first_touch(
    const double *open,
    const double *low,
    const double *high,
    size_t count,
    double lower,
    double upper
);

/// An equity curve that is summed up while it comes in.
///
/// Row i belongs to lane i mod 4. The last rows wait in `open` until their group of four is whole.
struct desk_curve {
    /// Sums by lane: equity, returns, their squares, cubes and fourth powers, squares of losses.
    double total[4], first[4], second[4], third[4], fourth[4], losses[4];
    /// The rows of the group that is not whole yet, and how many these are.
    double open[4];
    size_t open_count;
    /// The last row of the last whole group.
    double before;
    /// The greatest equity so far, the least since then, and the worst loss before that.
    double peak, low, worst;
    /// The rows so far.
    size_t count;
    /// Where rows are to be kept as well; may be null.
    double *rows;
};

/// Starts a curve that was at some equity before its first row.
void desk_curve_start(struct desk_curve *curve, double equity, double *rows);

/// Adds rows of one equity.
void desk_curve_flat(struct desk_curve *curve, size_t count, double equity);

/// Adds rows of cash + units * close. Closes are read from `close` on, and up to three before it
/// and behind its last one as long as these lie in the column of `column_count` from `column` on.
void desk_curve_hold(
    struct desk_curve *curve,
    const double *close,
    size_t count,
    double cash,
    double units,
    const double *column,
    size_t column_count
);

/// Sums up the rows that are still waiting and settles the worst loss.
void desk_curve_finish(struct desk_curve *curve);

#endif
