// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#include "lanes.h"

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
