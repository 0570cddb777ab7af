// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#ifndef LOOPDESK_CKERNELS_H
#define LOOPDESK_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

// Loops over columns of doubles. Every one exists in a portable form and in one for newer
// processors, chosen when the first of them is called; both do the same operations in the same
// order
// on the same lanes and never fuse a product into a sum, so the results are equal bit for bit.

/// The forms of the loops.
enum desk_form {
    DESK_PORTABLE,
    /// For processors with 256 bits side by side.
    DESK_WIDE,
};

/// The form in use: the best that the processor has, unless another was asked for.
enum desk_form desk_form_in_use(void);

/// Asks for a form and returns the one that is used from now on; for tests.
enum desk_form desk_use_form(enum desk_form wanted);

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

/// Sets bit i to whether left[i] < right[i], and in other words to whether left[i] > right[i].
void desk_compare_both(
    const double *left,
    const double *right,
    size_t count,
    uint64_t *less,
    uint64_t *greater
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

/// Asks for column[i] for each bit i that is set and follows on one that is not, so that it is
/// there
/// when it is read; i is below `count`.
void desk_fetch_rises(const double *column, const uint64_t *words, size_t count);

/// Asks for one place in memory.
static inline void desk_fetch(const void *place) { __builtin_prefetch(place); }

/// Asks for large pages for memory that nothing was written to yet: fewer of them have to be made.
/// This is a wish; the memory is the same without it.
void desk_prefer_large_pages(void *memory, size_t bytes);

/// The sums of d[t] * d[t - lag] for every lag up to `most`, d being the distance of a return to
/// the
/// mean. Each sum adds its terms in the order of time.
///
/// There are `count` returns; the values are these, or the equity before the first of them and
/// after
/// each. There must be room for most / 8 * 8 + 8 sums, and for 1024 more numbers to work in.
void desk_lagged_products(
    const double *values,
    int are_equity,
    size_t count,
    double mean,
    size_t most,
    double *work,
    double *sums
);

#endif
