// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#include "lanes.h"

#include <math.h>

/// The sums of a curve while they are in registers.
struct sums {
    lanes total, first, second, third, fourth, losses;
};

INLINE struct sums sums_of(const struct desk_curve *curve) {
    return (struct sums){
        load(curve->total), load(curve->first), load(curve->second),
        load(curve->third), load(curve->fourth), load(curve->losses),
    };
}

INLINE void keep(struct desk_curve *curve, struct sums sums) {
    store(curve->total, sums.total);
    store(curve->first, sums.first);
    store(curve->second, sums.second);
    store(curve->third, sums.third);
    store(curve->fourth, sums.fourth);
    store(curve->losses, sums.losses);
}

/// Adds a group of four rows; `previous` holds the row before it in its last lane.
INLINE void add(struct sums *sums, lanes previous, lanes now) {
    lanes before = __builtin_shufflevector(previous, now, 3, 4, 5, 6);
    // Nothing changes any more once equity is used up.
    lanes change = (lanes)((marks)(now / before - spread(1)) & (marks)(before > spread(0)));
    lanes square = change * change;
    lanes loss = lesser(change, spread(0));
    sums->total += now;
    sums->first += change;
    sums->second += square;
    sums->third += square * change;
    sums->fourth += square * square;
    sums->losses += loss * loss;
}

INLINE marks from_lane(size_t lane) {
    const marks places = {0, 1, 2, 3};
    int64_t first = (int64_t)lane;
    return places >= (marks){first, first, first, first};
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

void desk_curve_start(struct desk_curve *curve, double equity, double *rows) {
    memset(curve, 0, sizeof *curve);
    curve->before = equity;
    curve->peak = equity;
    curve->low = equity;
    curve->rows = rows;
}

INLINE void desk_curve_flat_any(struct desk_curve *curve, size_t count, double equity) {
    if (count == 0) return;
    watch(curve, equity);
    size_t filled = curve->open_count;
    lanes level = spread(equity);
    lanes group = choose(from_lane(filled), load(curve->open), level);
    double *rows = curve->rows ? curve->rows + (curve->count - filled) : NULL;
    curve->count += count;
    if (filled + count < 4) {
        store(curve->open, group);
        curve->open_count = filled + count;
        return;
    }
    // Only the first group can hold a change; the return of each row behind it is 0.
    struct sums sums = sums_of(curve);
    add(&sums, spread(curve->before), group);
    if (rows) {
        store(rows, group);
        rows += 4;
    }
    size_t left = filled + count - 4;
    for (; left >= 4; left -= 4) {
        sums.total += level;
        if (rows) {
            store(rows, level);
            rows += 4;
        }
    }
    keep(curve, sums);
    curve->before = equity;
    store(curve->open, level);
    curve->open_count = left;
}

FORMS(
    void,
    desk_curve_flat,
    (struct desk_curve *curve, size_t count, double equity),
    (curve, count, equity)
)

/// Four closes, of which those outside the column do not matter.
INLINE lanes closes(const double *close, const double *column, size_t column_count) {
    const double *end = column + column_count;
    if (close >= column && close + 4 <= end) return load(close);
    lanes result = {0};
    for (size_t lane = 0; lane < 4; lane++) {
        if (close + lane >= column && close + lane < end) result[lane] = close[lane];
    }
    return result;
}

INLINE void desk_curve_hold_any(
    struct desk_curve *curve,
    const double *close,
    size_t count,
    double cash,
    double units,
    const double *column,
    size_t column_count
) {
    if (count == 0) return;
    size_t filled = curve->open_count;
    size_t end = filled + count;
    lanes money = spread(cash), factor = spread(units);
    double *rows = curve->rows ? curve->rows + (curve->count - filled) : NULL;
    const double *next = close - filled;
    lanes level = money + factor * closes(next, column, column_count);
    marks fresh = from_lane(filled) & ~from_lane(end < 4 ? end : 4);
    lanes least = choose(fresh, spread(INFINITY), level);
    lanes most = choose(fresh, spread(-INFINITY), level);
    lanes group = choose(from_lane(filled), load(curve->open), level);
    curve->count += count;
    size_t left = end;
    if (left >= 4) {
        struct sums sums = sums_of(curve);
        lanes previous = spread(curve->before);
        add(&sums, previous, group);
        if (rows) store(rows, group);
        previous = group;
        for (left -= 4, next += 4; left >= 4; left -= 4, next += 4) {
            group = money + factor * load(next);
            least = lesser(group, least);
            most = greater(group, most);
            add(&sums, previous, group);
            if (rows) store(rows += 4, group);
            previous = group;
        }
        keep(curve, sums);
        curve->before = previous[3];
        if (left > 0) {
            group = money + factor * closes(next, column, column_count);
            marks here = ~from_lane(left);
            least = lesser(choose(here, spread(INFINITY), group), least);
            most = greater(choose(here, spread(-INFINITY), group), most);
        }
    }
    store(curve->open, group);
    curve->open_count = left;
    double low = INFINITY, high = -INFINITY;
    for (size_t lane = 0; lane < 4; lane++) {
        low = least[lane] < low ? least[lane] : low;
        high = most[lane] > high ? most[lane] : high;
    }
    if (high > curve->peak) {
        // A new peak lies among these rows, so that their order matters.
        for (size_t row = 0; row < count; row++) watch(curve, cash + units * close[row]);
    } else if (low < curve->low) {
        curve->low = low;
    }
}

FORMS(
    void,
    desk_curve_hold,
    (struct desk_curve *curve,
     const double *close,
     size_t count,
     double cash,
     double units,
     const double *column,
     size_t column_count),
    (curve, close, count, cash, units, column, column_count)
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
        if (curve->rows) curve->rows[curve->count - curve->open_count + lane] = now;
        previous = now;
    }
    climb(curve, curve->peak);
}
