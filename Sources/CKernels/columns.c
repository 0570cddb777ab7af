// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#include "lanes.h"

#include <math.h>

// A running sum waits for itself at every row, so up to four windows go side by side.
INLINE void averages(
    const double *values,
    size_t count,
    const size_t *windows,
    double *const *outputs,
    size_t width
) {
    double sums[4] = {0}, lengths[4];
    for (size_t place = 0; place < width; place++) {
        size_t window = windows[place];
        size_t warm_up = window - 1 < count ? window - 1 : count;
        lengths[place] = (double)window;
        for (size_t row = 0; row < warm_up; row++) {
            sums[place] += values[row];
            outputs[place][row] = NAN;
        }
    }
    size_t longest = 0;
    for (size_t place = 0; place < width; place++) {
        if (windows[place] > longest) longest = windows[place];
    }
    size_t together = longest - 1 < count ? longest - 1 : count;
    // Shorter windows catch up with the longest one first.
    for (size_t place = 0; place < width; place++) {
        for (size_t row = windows[place] - 1; row < together; row++) {
            sums[place] += values[row];
            outputs[place][row] = sums[place] / lengths[place];
            sums[place] -= values[row + 1 - windows[place]];
        }
    }
    size_t row = together;
    for (; row + 4 <= count; row += 4) {
        // The sums of four rows wait for one division.
        lanes fresh = load(values + row);
        for (size_t place = 0; place < width; place++) {
            lanes old = load(values + row + 1 - windows[place]);
            double sum = sums[place];
            lanes whole;
            for (size_t lane = 0; lane < 4; lane++) {
                sum += fresh[lane];
                whole[lane] = sum;
                sum -= old[lane];
            }
            sums[place] = sum;
            store(outputs[place] + row, whole / spread(lengths[place]));
        }
    }
    for (; row < count; row++) {
        for (size_t place = 0; place < width; place++) {
            double sum = sums[place] + values[row];
            outputs[place][row] = sum / lengths[place];
            sums[place] = sum - values[row + 1 - windows[place]];
        }
    }
}

VARIANTS void desk_averages(
    const double *values,
    size_t count,
    const size_t *windows,
    double *const *outputs,
    size_t outputs_count
) {
    while (outputs_count >= 4) {
        averages(values, count, windows, outputs, 4);
        windows += 4;
        outputs += 4;
        outputs_count -= 4;
    }
    if (outputs_count == 3) averages(values, count, windows, outputs, 3);
    if (outputs_count == 2) averages(values, count, windows, outputs, 2);
    if (outputs_count == 1) averages(values, count, windows, outputs, 1);
}

VARIANTS int desk_range(const double *values, size_t count, double *least, double *greatest) {
    double low = values[0], high = values[0], faults = 0;
    size_t row = 0;
    if (count >= 4) {
        lanes lows = load(values), highs = lows, fault = {0};
        for (; row + 4 <= count; row += 4) {
            lanes now = load(values + row);
            lows = lesser(now, lows);
            highs = greater(now, highs);
            // A number less itself is 0 only when it is finite.
            fault += now - now;
        }
        for (size_t lane = 0; lane < 4; lane++) {
            low = lows[lane] < low ? lows[lane] : low;
            high = highs[lane] > high ? highs[lane] : high;
            faults += fault[lane];
        }
    }
    for (; row < count; row++) {
        low = values[row] < low ? values[row] : low;
        high = values[row] > high ? values[row] : high;
        faults += values[row] - values[row];
    }
    *least = low;
    *greatest = high;
    return faults == 0;
}

VARIANTS size_t desk_first_touch(
    const double *open,
    const double *low,
    const double *high,
    size_t count,
    double lower,
    double upper
) {
    lanes lowers = spread(lower), uppers = spread(upper);
    size_t row = 0;
    for (; row + 16 <= count; row += 16) {
        marks found = {0};
        for (size_t place = 0; place < 16; place += 4) {
            lanes first = load(open + row + place);
            found |= lesser(first, load(low + row + place)) <= lowers;
            found |= greater(first, load(high + row + place)) >= uppers;
        }
        if (found[0] | found[1] | found[2] | found[3]) break;
    }
    for (; row < count; row++) {
        if (low[row] <= lower || open[row] <= lower) return row;
        if (high[row] >= upper || open[row] >= upper) return row;
    }
    return count;
}
