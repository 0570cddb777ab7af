// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#include "lanes.h"

#include <math.h>

/// The places of eight rows in their group.
static const eight_marks lane = {0, 1, 2, 3, 4, 5, 6, 7};

/// The second value in marked lanes, the first one elsewhere.
INLINE eight mix(eight_marks second, eight first_value, eight second_value) {
    return (eight)((~second & (eight_marks)first_value) | (second & (eight_marks)second_value));
}

/// A curve while it is in registers.
struct walk {
    eight total, first, second, third, fourth, losses;
    /// The last whole group, and how many are not in the sum of equity yet since all are like it.
    eight previous;
    size_t still;
    /// The least and the greatest of the rows that were not watched yet, by lane.
    eight least, most;
};

INLINE struct walk walk_of(const struct desk_curve *curve) {
    return (struct walk){
        load8(curve->total), load8(curve->first),   load8(curve->second), load8(curve->third),
        load8(curve->fourth), load8(curve->losses), (eight)curve->before, curve->still,
        (eight)INFINITY,      -(eight)INFINITY,
    };
}

INLINE void keep(struct desk_curve *curve, struct walk walk) {
    store8(curve->total, walk.total);
    store8(curve->first, walk.first);
    store8(curve->second, walk.second);
    store8(curve->third, walk.third);
    store8(curve->fourth, walk.fourth);
    store8(curve->losses, walk.losses);
    curve->before = walk.previous[7];
    curve->still = walk.still;
}

/// Notes rows that are to be watched.
INLINE void note(struct walk *walk, eight now, eight_marks fresh) {
    walk->least = mix(fresh & (eight_marks)(now < walk->least), walk->least, now);
    walk->most = mix(fresh & (eight_marks)(now > walk->most), walk->most, now);
}

/// Adds a group of rows, of which some are to be watched.
INLINE void step(struct walk *walk, eight now, eight_marks fresh) {
    eight before = __builtin_shufflevector(walk->previous, now, 7, 8, 9, 10, 11, 12, 13, 14);
    walk->previous = now;
    // The return of a row that is like the one before is 0, and it is no peak.
    if (bits8(now != before) == 0) {
        walk->still += 1;
        return;
    }
    if (walk->still != 0) walk->total += (eight)before[0] * (double)walk->still;
    walk->still = 0;
    walk->total += now;
    // Nothing changes any more once equity is used up.
    eight_marks counts = before > (eight)0;
    eight change = (eight)((eight_marks)(now / before - (eight)1) & counts);
    eight square = change * change;
    eight loss = change < (eight)0 ? change : (eight)0;
    walk->first += change;
    walk->second += square;
    walk->third += square * change;
    walk->fourth += square * square;
    walk->losses += loss * loss;
    note(walk, now, fresh);
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

/// Watches the rows that were noted, unless a new peak lies among them: then their order matters.
INLINE int watch_noted(struct desk_curve *curve, struct walk *walk) {
    eight least = walk->least, most = walk->most;
    walk->least = (eight)INFINITY;
    walk->most = -walk->least;
    if (bits8(most > (eight)curve->peak) != 0) return 0;
    if (bits8(least < (eight)curve->low) == 0) return 1;
    double low = curve->low;
    for (size_t place = 0; place < 8; place++) low = least[place] < low ? least[place] : low;
    curve->low = low;
    return 1;
}

void desk_curve_start(struct desk_curve *curve, double equity) {
    memset(curve, 0, sizeof *curve);
    curve->before = equity;
    curve->peak = equity;
    curve->low = equity;
}

INLINE void desk_curve_add_any(struct desk_curve *curve, const double *rows, size_t count) {
    size_t whole = count & ~(size_t)7;
    struct walk walk = walk_of(curve);
    for (size_t row = 0; row < whole;) {
        size_t first = row, end = whole - row < 64 ? whole : row + 64;
        for (; row < end; row += 8) step(&walk, load8(rows + row), ~(eight_marks){0});
        if (watch_noted(curve, &walk)) continue;
        for (size_t each = first; each < end; each++) watch(curve, rows[each]);
    }
    keep(curve, walk);
    curve->count = count;
    curve->open_count = count - whole;
    for (size_t place = 0; place < curve->open_count; place++) {
        curve->open[place] = rows[whole + place];
        watch(curve, rows[whole + place]);
    }
}

FORMS(
    void,
    desk_curve_add,
    (struct desk_curve *curve, const double *rows, size_t count),
    (curve, rows, count)
)

INLINE void desk_curve_flat_any(struct desk_curve *curve, size_t count, double equity) {
    size_t waiting = curve->open_count, groups = (waiting + count) / 8;
    eight now = mix(lane < (int64_t)waiting, (eight)equity, load8(curve->open));
    curve->count += count;
    curve->open_count = (waiting + count) & 7;
    watch(curve, equity);
    if (groups == 0) {
        store8(curve->open, now);
        return;
    }
    store8(curve->open, (eight)equity);
    struct walk walk = walk_of(curve);
    step(&walk, now, (eight_marks){0});
    // Nothing moves in the groups behind the first.
    walk.still += groups - 1;
    keep(curve, walk);
}

FORMS(
    void,
    desk_curve_flat,
    (struct desk_curve *curve, size_t count, double equity),
    (curve, count, equity)
)

/// The equity of up to eight rows; what is behind them is not read where the column ends.
INLINE eight worth(
    double cash,
    double units,
    const double *close,
    size_t count,
    const double *end
) {
    if ((size_t)(end - close) >= 8) return (eight)cash + (eight)units * load8(close);
    eight result = (eight)cash;
    for (size_t row = 0; row < count; row++) result[row] += units * close[row];
    return result;
}

INLINE void desk_curve_hold_any(
    struct desk_curve *curve,
    const double *close,
    size_t count,
    double cash,
    double units,
    const double *end
) {
    size_t waiting = curve->open_count, whole = (waiting + count) & ~(size_t)7;
    size_t left = waiting + count - whole, all = whole + left;
    // The rows that wait lie in front of these, so that there is something to read.
    const double *base = close - waiting;
    eight_marks fresh = lane >= (int64_t)waiting;
    eight open = load8(curve->open);
    struct walk walk = walk_of(curve);
    for (size_t row = 0; row < all;) {
        size_t first = row, last = all - row < 64 ? all : row + 64;
        if (row == 0 && whole != 0) {
            step(&walk, mix(fresh, open, worth(cash, units, base, 8, end)), fresh);
            row = 8;
        }
        for (; row + 8 <= last; row += 8) {
            step(&walk, (eight)cash + (eight)units * load8(base + row), ~(eight_marks){0});
        }
        if (row < last) {
            if (row != 0) fresh = ~(eight_marks){0};
            open = mix(fresh, open, worth(cash, units, base + row, left, end));
            note(&walk, open, fresh & (lane < (int64_t)left));
            row = last;
        }
        if (watch_noted(curve, &walk)) continue;
        for (size_t each = first == 0 ? waiting : first; each < last; each++) {
            watch(curve, cash + units * base[each]);
        }
    }
    store8(curve->open, open);
    keep(curve, walk);
    curve->open_count = left;
    curve->count += count;
}

FORMS(
    void,
    desk_curve_hold,
    (struct desk_curve *curve,
     const double *close,
     size_t count,
     double cash,
     double units,
     const double *end),
    (curve, close, count, cash, units, end)
)

void desk_curve_finish(struct desk_curve *curve) {
    double previous = curve->before;
    for (size_t lane = 0; lane < 8; lane++) curve->total[lane] += previous * (double)curve->still;
    curve->still = 0;
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
        previous = now;
    }
    climb(curve, curve->peak);
}
