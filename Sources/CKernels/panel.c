// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#include "lanes.h"

/// The rows that are taken at once, few enough that all of them stay in the nearest cache.
enum { ROWS = 64, MANY = 1 << 18 };
/// The columns that are written, the bytes of a line of the caches, and the rows in one.
enum { COLUMNS = 9, LINE = 64, GROUP = 8 };

/// What the recurrences of a block read and write, by row. Where it begins at a line of the caches,
/// no four numbers lie on both sides of one.
struct block {
    _Alignas(LINE) double moves[ROWS][2];
    double ranges[ROWS][2], averages[ROWS][4], strengths[ROWS][4], signals[ROWS];
};

#if defined(__x86_64__)

#define FUSED __attribute__((target("avx2,fma")))

/// The true ranges and the moves up and down of a block; whether all prices are finite.
INLINE int prepare(
    struct block *block,
    const struct desk_panel *panel,
    const double *high,
    const double *low,
    const double *close
) {
    lanes previous = spread(panel->close), faults = {0};
    lanes short_share = spread(panel->range_shares[0]), long_share = spread(panel->range_shares[1]);
    for (size_t row = 0; row < ROWS; row += 4) {
        lanes now = load(close + row), top = load(high + row), bottom = load(low + row);
        lanes before = __builtin_shufflevector(previous, now, 3, 4, 5, 6);
        previous = now;
        lanes sum = top + bottom + now;
        faults += sum - sum;
        lanes change = now - before;
        lanes rise = greater(change, spread(0)), fall = rise - change;
        lanes range = top - bottom;
        range = greater(__builtin_elementwise_abs(top - before), range);
        range = greater(__builtin_elementwise_abs(bottom - before), range);
        lanes one = short_share * range, other = long_share * range;
        store(block->moves[row], __builtin_shufflevector(rise, fall, 0, 4, 1, 5));
        store(block->moves[row + 2], __builtin_shufflevector(rise, fall, 2, 6, 3, 7));
        store(block->ranges[row], __builtin_shufflevector(one, other, 0, 4, 1, 5));
        store(block->ranges[row + 2], __builtin_shufflevector(one, other, 2, 6, 3, 7));
    }
    return faults[0] + faults[1] + faults[2] + faults[3] == 0;
}

typedef double pair __attribute__((ext_vector_type(2)));

INLINE pair load2(const double *values) {
    pair result;
    memcpy(&result, values, sizeof result);
    return result;
}

/// Four rows of four columns as four columns of four rows.
INLINE void turn(const double rows[][4], lanes columns[4]) {
    lanes a = load(rows[0]), b = load(rows[1]), c = load(rows[2]), d = load(rows[3]);
    lanes e = __builtin_shufflevector(a, b, 0, 4, 2, 6);
    lanes f = __builtin_shufflevector(a, b, 1, 5, 3, 7);
    lanes g = __builtin_shufflevector(c, d, 0, 4, 2, 6);
    lanes h = __builtin_shufflevector(c, d, 1, 5, 3, 7);
    columns[0] = __builtin_shufflevector(e, g, 0, 1, 4, 5);
    columns[1] = __builtin_shufflevector(f, h, 0, 1, 4, 5);
    columns[2] = __builtin_shufflevector(e, g, 2, 3, 6, 7);
    columns[3] = __builtin_shufflevector(f, h, 2, 3, 6, 7);
}

INLINE lanes strength(lanes gain, lanes loss) {
    // Without movement there is no gain either, and 0 by anything is 0.
    return spread(100) * (gain / greater(gain + loss, spread(0x1p-1074)));
}

/// Writes past the caches when asked to, which would else read what is overwritten.
INLINE void put(double *output, lanes numbers, int past_caches) {
    if (past_caches) {
        __builtin_nontemporal_store(numbers, (lanes *)(void *)output);
    } else {
        store(output, numbers);
    }
}

/// Four rows of all columns, from where the block has them.
INLINE void columns_of(const struct block *block, size_t row, lanes columns[COLUMNS]) {
    lanes averages[4], strengths[4];
    turn(block->averages + row, averages);
    turn(block->strengths + row, strengths);
    lanes a = load(block->ranges[row]), b = load(block->ranges[row + 2]);
    columns[0] = averages[0];
    columns[1] = averages[1];
    columns[2] = averages[2] - averages[3];
    columns[3] = load(block->signals + row);
    columns[4] = columns[2] - columns[3];
    columns[5] = strength(strengths[0], strengths[1]);
    columns[6] = strength(strengths[2], strengths[3]);
    columns[7] = __builtin_shufflevector(a, b, 0, 2, 4, 6);
    columns[8] = __builtin_shufflevector(a, b, 1, 3, 5, 7);
}

/// Writes a whole line of the caches of each column at once. Some processors gather what goes past
/// the caches in few buffers, and send a line that is not complete on its way in pieces.
INLINE void finish(
    const struct block *block,
    size_t row,
    double *output,
    size_t stride,
    int past_caches
) {
    lanes first[COLUMNS], second[COLUMNS];
    columns_of(block, row, first);
    columns_of(block, row + 4, second);
    output += row;
    for (size_t column = 0; column < COLUMNS; column++) {
        put(output + column * stride, first[column], past_caches);
        put(output + column * stride + 4, second[column], past_caches);
    }
}

/// Carries everything from row to row, and writes what is complete. The recurrences wait for
/// themselves most of the time, which is when the rows before are laid out and written.
INLINE void carry(
    struct desk_panel *panel,
    struct block *block,
    const double *close,
    double *output,
    size_t stride,
    int past_caches
) {
    lanes averages = load(panel->averages), factors = load(panel->factors);
    lanes strengths = load(panel->strengths), weights = load(panel->weights);
    lanes shares = load(panel->shares);
    pair ranges = load2(panel->ranges), keeps = load2(panel->keeps);
    double signal = panel->signal, factor = panel->signal_factor;
    for (size_t group = 0; group < ROWS; group += GROUP) {
        for (size_t row = group; row < group + GROUP; row++) {
            averages = __builtin_elementwise_fma(spread(close[row]) - averages, factors, averages);
            store(block->averages[row], averages);
            pair moves = load2(block->moves[row]);
            lanes both = __builtin_shufflevector(moves, moves, 0, 1, 0, 1);
            strengths = (strengths * weights + both) * shares;
            store(block->strengths[row], strengths);
            ranges = __builtin_elementwise_fma(keeps, ranges, load2(block->ranges[row]));
            memcpy(block->ranges[row], &ranges, sizeof ranges);
            signal = __builtin_fma(averages[2] - averages[3] - signal, factor, signal);
            block->signals[row] = signal;
        }
        if (group > 0) finish(block, group - GROUP, output, stride, past_caches);
    }
    finish(block, ROWS - GROUP, output, stride, past_caches);
    store(panel->averages, averages);
    store(panel->strengths, strengths);
    memcpy(panel->ranges, &ranges, sizeof ranges);
    panel->signal = signal;
    panel->close = close[ROWS - 1];
}

FUSED static size_t run(
    struct desk_panel *panel,
    const double *high,
    const double *low,
    const double *close,
    size_t count,
    double *output,
    size_t stride
) {
    struct block block;
    size_t row = 0;
    // So many columns of so many rows leave the caches before anybody reads them.
    int past_caches = stride >= MANY && stride % 8 == 0 && (uintptr_t)output % LINE == 0;
    for (; row + ROWS <= count; row += ROWS) {
        if (!prepare(&block, panel, high + row, low + row, close + row)) break;
        if (past_caches) {
            carry(panel, &block, close + row, output + row, stride, 1);
        } else {
            carry(panel, &block, close + row, output + row, stride, 0);
        }
    }
    if (past_caches) __builtin_ia32_sfence();
    return row;
}

#endif

size_t desk_panel_run(
    struct desk_panel *panel,
    const double *high,
    const double *low,
    const double *close,
    size_t count,
    double *output,
    size_t stride
) {
#if defined(__x86_64__)
    static _Atomic int can_fuse = -1;
    int answer = atomic_load_explicit(&can_fuse, memory_order_relaxed);
    if (answer < 0) {
        __builtin_cpu_init();
        answer = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
        atomic_store_explicit(&can_fuse, answer, memory_order_relaxed);
    }
    if (answer && desk_form() != DESK_PORTABLE)
        return run(panel, high, low, close, count, output, stride);
#endif
    return 0;
}
