// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#include "lanes.h"

/// The rows that are taken at once, few enough to stay in the nearest cache.
enum { BLOCK = 1024, EIGHT = 8 };

/// Distances of returns to their mean.
INLINE void distances(
    const double *values,
    int are_equity,
    size_t count,
    double mean,
    double *results
) {
    lanes middle = spread(mean);
    size_t row = 0;
    for (; row + 4 <= count; row += 4) {
        lanes change = load(values + row);
        if (are_equity) {
            lanes before = change, now = load(values + row + 1);
            // Nothing changes any more once equity is used up.
            change = (lanes)((marks)(now / before - spread(1)) & (marks)(before > spread(0)));
        }
        store(results + row, change - middle);
    }
    for (; row < count; row++) {
        double change = values[row];
        if (are_equity) change = change > 0 ? values[row + 1] / change - 1 : 0;
        results[row] = change - mean;
    }
}

/// Adds a block to the sums of some groups of eight lags, which stay in registers meanwhile. The
/// four lanes of a load are lags that fall from lane to lane.
INLINE void lags(const double *now, size_t count, size_t group, size_t groups, double *sums) {
    lanes sum[2 * 4];
    for (size_t half = 0; half < 2 * groups; half++) sum[half] = load(sums + half * 4);
    for (size_t row = 0; row < count; row++) {
        lanes factor = spread(now[row]);
        for (size_t place = 0; place < groups; place++) {
            const double *back = now + row - ((group + place + 1) * EIGHT - 1);
            sum[2 * place] += factor * load(back);
            sum[2 * place + 1] += factor * load(back + 4);
        }
    }
    for (size_t half = 0; half < 2 * groups; half++) store(sums + half * 4, sum[half]);
}

INLINE void desk_lagged_products_any(
    const double *values,
    int are_equity,
    size_t count,
    double mean,
    size_t most,
    double *work,
    double *sums
) {
    size_t groups = most / EIGHT + 1, padding = groups * EIGHT;
    // Zeros before the first value let all lags begin at the same place.
    memset(work, 0, padding * sizeof *work);
    memset(sums, 0, padding * sizeof *sums);
    for (size_t first = 0; first < count; first += BLOCK) {
        size_t part = count - first < BLOCK ? count - first : BLOCK;
        double *now = work + padding;
        distances(values + first, are_equity, part, mean, now);
        for (size_t group = 0; group < groups; group += 4) {
            double *target = sums + group * EIGHT;
            switch (groups - group) {
            case 1: lags(now, part, group, 1, target); break;
            case 2: lags(now, part, group, 2, target); break;
            case 3: lags(now, part, group, 3, target); break;
            default: lags(now, part, group, 4, target); break;
            }
        }
        memmove(work, work + part, padding * sizeof *work);
    }
    for (size_t group = 0; group < groups; group++) {
        double *lanes_of = sums + group * EIGHT;
        for (size_t lane = 0; lane < EIGHT / 2; lane++) {
            double other = lanes_of[lane];
            lanes_of[lane] = lanes_of[EIGHT - 1 - lane];
            lanes_of[EIGHT - 1 - lane] = other;
        }
    }
}

FORMS(
    void,
    desk_lagged_products,
    (const double *values,
     int are_equity,
     size_t count,
     double mean,
     size_t most,
     double *work,
     double *sums),
    (values, are_equity, count, mean, most, work, sums)
)
