// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#include "lanes.h"

#include <math.h>

// A running sum waits for itself at every row, so up to four windows go side by side.
INLINE void averages(
    const double *values,
    size_t first,
    size_t end,
    const size_t *windows,
    double *sums,
    double *const *outputs,
    size_t width
) {
    size_t together = first;
    for (size_t place = 0; place < width; place++) {
        if (windows[place] - 1 > together) together = windows[place] - 1;
    }
    if (together > end) together = end;
    double carried[4], lengths[4];
    for (size_t place = 0; place < width; place++) {
        size_t window = windows[place], row = first;
        double sum = sums[place];
        lengths[place] = (double)window;
        for (; row < together && row < window - 1; row++) {
            sum += values[row];
            outputs[place][row - first] = NAN;
        }
        // Shorter windows catch up with the longest one first.
        for (; row < together; row++) {
            sum += values[row];
            outputs[place][row - first] = sum / lengths[place];
            sum -= values[row + 1 - window];
        }
        carried[place] = sum;
    }
    size_t row = together;
    for (; row + 4 <= end; row += 4) {
        // The sums of four rows wait for one division.
        lanes fresh = load(values + row);
        for (size_t place = 0; place < width; place++) {
            lanes old = load(values + row + 1 - windows[place]);
            double sum = carried[place];
            lanes whole;
            for (size_t lane = 0; lane < 4; lane++) {
                sum += fresh[lane];
                whole[lane] = sum;
                sum -= old[lane];
            }
            carried[place] = sum;
            store(outputs[place] + (row - first), whole / spread(lengths[place]));
        }
    }
    for (; row < end; row++) {
        for (size_t place = 0; place < width; place++) {
            double sum = carried[place] + values[row];
            outputs[place][row - first] = sum / lengths[place];
            carried[place] = sum - values[row + 1 - windows[place]];
        }
    }
    for (size_t place = 0; place < width; place++) sums[place] = carried[place];
}

INLINE void desk_averages_any(
    const double *values,
    size_t first,
    size_t end,
    const size_t *windows,
    double *sums,
    double *const *outputs,
    size_t width
) {
    switch (width) {
    case 1: averages(values, first, end, windows, sums, outputs, 1); break;
    case 2: averages(values, first, end, windows, sums, outputs, 2); break;
    case 3: averages(values, first, end, windows, sums, outputs, 3); break;
    case 4: averages(values, first, end, windows, sums, outputs, 4); break;
    default: break;
    }
}

FORMS(
    void,
    desk_averages,
    (const double *values,
     size_t first,
     size_t end,
     const size_t *windows,
     double *sums,
     double *const *outputs,
     size_t width),
    (values, first, end, windows, sums, outputs, width)
)

INLINE int desk_range_any(const double *values, size_t count, double *least, double *greatest) {
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

FORMS(
    int,
    desk_range,
    (const double *values, size_t count, double *least, double *greatest),
    (values, count, least, greatest)
)

INLINE size_t desk_first_touch_any(
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

FORMS(
    size_t,
    desk_first_touch,
    (const double *open,
     const double *low,
     const double *high,
     size_t count,
     double lower,
     double upper),
    (open, low, high, count, lower, upper)
)
