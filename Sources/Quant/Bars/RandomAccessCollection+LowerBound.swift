// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension RandomAccessCollection where Index == Int {
    /// The number of leading elements for which the predicate holds, in a sorted array.
    func lowerBound(where isBefore: (Element) -> Bool) -> Int {
        var lower = 0
        var upper = count
        while lower < upper {
            let middle = lower + (upper - lower) / 2
            if isBefore(self[middle]) { lower = middle + 1 } else { upper = middle }
        }
        return lower
    }
}
