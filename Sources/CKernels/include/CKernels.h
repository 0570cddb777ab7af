// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#ifndef LOOPDESK_CKERNELS_H
#define LOOPDESK_CKERNELS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Loops over columns of doubles. Every one exists in a portable form and in two for newer
// processors, chosen when the first of them is called; all do the same operations in the same order
// on the same lanes and never fuse a product into a sum, so the results are equal bit for bit.

/// The forms of the loops.
enum desk_form {
    DESK_PORTABLE,
    /// For processors with 256 bits side by side.
    DESK_WIDE,
    /// For those with 512.
    DESK_WIDEST,
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
/// Row i belongs to lane i mod 8. The last rows wait in `open` until their group of eight is whole.
struct desk_curve {
    /// Sums by lane: equity, returns, their squares, cubes and fourth powers, squares of losses.
    double total[8], first[8], second[8], third[8], fourth[8], losses[8];
    /// The rows of the group that is not whole yet, and how many these are.
    double open[8];
    size_t open_count;
    /// The last row of the last whole group, and how many groups that are all like it are not in
    /// the sum of equity yet: it takes them at once.
    double before;
    size_t still;
    /// The greatest equity so far, the least since then, and the worst loss before that.
    double peak, low, worst;
    /// The rows so far.
    size_t count;
};

/// Starts a curve that was at some equity before its first row.
void desk_curve_start(struct desk_curve *curve, double equity);

/// Writes rows of one equity, and up to seven more behind them.
void desk_rows_flat(double *rows, size_t count, double equity);

/// Writes rows of cash + units * close, and up to seven more behind them. Closes are read as far as
/// their column goes, which is up to `end`.
void desk_rows_hold(
    double *rows,
    const double *close,
    size_t count,
    double cash,
    double units,
    const double *end
);

/// Adds the rows of a whole curve.
void desk_curve_add(struct desk_curve *curve, const double *rows, size_t count);

/// Adds rows of one equity, at least one.
void desk_curve_flat(struct desk_curve *curve, size_t count, double equity);

/// Adds rows of cash + units * close, at least one. Closes are read as far as their column goes,
/// which is up to `end`, and as many in front of them as rows are waiting.
void desk_curve_hold(
    struct desk_curve *curve,
    const double *close,
    size_t count,
    double cash,
    double units,
    const double *end
);

/// Sums up the rows that are still waiting and settles the worst loss.
void desk_curve_finish(struct desk_curve *curve);

/// Where the indicators of a market panel stand between two rows.
struct desk_panel {
    /// The exponential averages over 20, 50, 12 and 26 rows.
    double averages[4], factors[4];
    /// The signal of the last two.
    double signal, signal_factor;
    /// The mean gain and the mean loss over 7 rows, and those over 14.
    double strengths[4], weights[4], shares[4];
    /// The mean true range over 3 rows and over 14.
    double ranges[2], keeps[2], range_shares[2];
    /// The last close.
    double close;
};

/// Takes rows of finite prices, 64 at once, and says how many of them it took: none where the
/// processor has no fused products side by side. Writes nine columns, the first rows of which are a
/// stride apart, with the same operations as from row to row.
size_t desk_panel_run(
    struct desk_panel *panel,
    const double *high,
    const double *low,
    const double *close,
    size_t count,
    double *output,
    size_t stride
);

/// Asks for column[i] for each bit i that is set and follows on one that is not, so that it is
/// there
/// when it is read; i is below `count`.
void desk_fetch_rises(const double *column, const uint64_t *words, size_t count);

/// Asks for one of `parts` equal shares of the rows from `first` up to `end` of some columns, to
/// have them in the second nearest cache.
void desk_fetch_share(
    const void *const *columns,
    size_t count,
    size_t first,
    size_t end,
    size_t part,
    size_t parts
);

/// Asks for one place in memory.
static inline void desk_fetch(const void *place) { __builtin_prefetch(place); }

/// Which of sixteen bytes of text are no digits, one bit a byte, the first one lowest.
static inline uint32_t desk_no_digits(const uint8_t *text) {
#if defined(__SSE2__)
    typedef uint8_t bytes __attribute__((vector_size(16)));
    typedef char signs __attribute__((vector_size(16)));
    bytes digits;
    memcpy(&digits, text, sizeof digits);
    // Moved to the end of the signed numbers, only digits are greater than all others.
    digits = (bytes)((signed char __attribute__((vector_size(16))))(digits + 70) > 117);
    return (uint16_t)~__builtin_ia32_pmovmskb128((signs)digits);
#else
    uint32_t result = 0;
    for (uint32_t place = 0; place < 16; place++) {
        result |= (uint32_t)((uint8_t)(text[place] - '0') > 9) << place;
    }
    return result;
#endif
}

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
