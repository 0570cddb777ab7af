// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#include "lanes.h"

#include <math.h>

/// The sums of a curve while they are in registers.
struct sums {
    eight total, first, second, third, fourth, losses;
};

INLINE struct sums sums_of(const struct desk_curve *curve) {
    return (struct sums){
        load8(curve->total), load8(curve->first), load8(curve->second),
        load8(curve->third), load8(curve->fourth), load8(curve->losses),
    };
}

INLINE void keep(struct desk_curve *curve, struct sums sums) {
    store8(curve->total, sums.total);
    store8(curve->first, sums.first);
    store8(curve->second, sums.second);
    store8(curve->third, sums.third);
    store8(curve->fourth, sums.fourth);
    store8(curve->losses, sums.losses);
}

/// Adds a group of rows, given those before each of them, to all sums but that of equity.
INLINE void add(struct sums *sums, eight before, eight now) {
    // Nothing changes any more once equity is used up.
    eight_marks counts = before > (eight)0;
    eight change = (eight)((eight_marks)(now / before - (eight)1) & counts);
    eight square = change * change;
    eight loss = change < (eight)0 ? change : (eight)0;
    sums->first += change;
    sums->second += square;
    sums->third += square * change;
    sums->fourth += square * square;
    sums->losses += loss * loss;
}

/// Settles the loss since the peak and starts a new peak.
INLINE void climb(struct desk_curve *curve, double equity) {
    if (curve->low < curve->peak) {
        double loss = 1 - curve->low / curve->peak;
        if (loss > curve->worst) curve->worst = loss;
    }
    curve->peak = equity;
    curve->low = equity;
}

INLINE void watch(struct desk_curve *curve, double equity) {
    if (equity > curve->peak) {
        climb(curve, equity);
    } else if (equity < curve->low) {
        curve->low = equity;
    }
}

/// Watches some rows of which the least and the greatest are known by lane.
INLINE void watch_all(
    struct desk_curve *curve,
    const double *rows,
    size_t count,
    eight least,
    eight most
) {
    if (bits8(most > (eight)curve->peak) != 0) {
        // A new peak lies among these rows, so that their order matters.
        for (size_t row = 0; row < count; row++) watch(curve, rows[row]);
    } else if (bits8(least < (eight)curve->low) != 0) {
        double low = curve->low;
        for (size_t lane = 0; lane < 8; lane++) low = least[lane] < low ? least[lane] : low;
        curve->low = low;
    }
}

void desk_curve_start(struct desk_curve *curve, double equity) {
    memset(curve, 0, sizeof *curve);
    curve->before = equity;
    curve->peak = equity;
    curve->low = equity;
}

INLINE void desk_curve_add_any(struct desk_curve *curve, double *rows, size_t count) {
    size_t waiting = curve->open_count;
    rows -= waiting;
    for (size_t lane = 0; lane < waiting; lane++) rows[lane] = curve->open[lane];
    size_t whole = (waiting + count) & ~(size_t)7;
    struct sums sums = sums_of(curve);
    eight previous = (eight)curve->before;
    for (size_t row = 0; row < whole;) {
        size_t first = row, end = whole - row < 64 ? whole : row + 64;
        eight least = (eight)INFINITY, most = -least;
        int has_moved = 0;
        for (; row < end; row += 8) {
            eight now = load8(rows + row);
            eight before = __builtin_shufflevector(previous, now, 7, 8, 9, 10, 11, 12, 13, 14);
            previous = now;
            sums.total += now;
            // The return of a row that is like the one before is 0, and it is no peak.
            if (bits8(now != before) == 0) continue;
            add(&sums, before, now);
            least = now < least ? now : least;
            most = now > most ? now : most;
            has_moved = 1;
        }
        if (has_moved) watch_all(curve, rows + first, end - first, least, most);
    }
    keep(curve, sums);
    curve->before = previous[7];
    curve->count += count;
    curve->open_count = waiting + count - whole;
    for (size_t lane = 0; lane < curve->open_count; lane++) curve->open[lane] = rows[whole + lane];
}

FORMS(
    void,
    desk_curve_add,
    (struct desk_curve *curve, double *rows, size_t count),
    (curve, rows, count)
)

INLINE void desk_rows_flat_any(double *rows, size_t count, double equity) {
    for (size_t row = 0; row < count; row += 8) store8(rows + row, (eight)equity);
}

FORMS(void, desk_rows_flat, (double *rows, size_t count, double equity), (rows, count, equity))

INLINE void desk_rows_hold_any(
    double *rows,
    const double *close,
    size_t count,
    double cash,
    double units,
    const double *end
) {
    size_t row = 0;
    for (; row < count && (size_t)(end - close) >= row + 8; row += 8) {
        store8(rows + row, (eight)cash + (eight)units * load8(close + row));
    }
    for (; row < count; row++) rows[row] = cash + units * close[row];
}

FORMS(
    void,
    desk_rows_hold,
    (double *rows,
     const double *close,
     size_t count,
     double cash,
     double units,
     const double *end),
    (rows, close, count, cash, units, end)
)

void desk_curve_finish(struct desk_curve *curve) {
    double previous = curve->before;
    for (size_t lane = 0; lane < curve->open_count; lane++) {
        double now = curve->open[lane];
        double change = previous > 0 ? now / previous - 1 : 0, square = change * change;
        double loss = change < 0 ? change : 0;
        curve->total[lane] += now;
        curve->first[lane] += change;
        curve->second[lane] += square;
        curve->third[lane] += square * change;
        curve->fourth[lane] += square * square;
        curve->losses[lane] += loss * loss;
        watch(curve, now);
        previous = now;
    }
    climb(curve, curve->peak);
}
