// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Counts what begins, so that no more than so many do in a minute.
struct RateWindow: Sendable {
    private let limit: Int
    private var room: Double
    private var last: Duration?

    init(perMinute limit: Int) {
        self.limit = limit
        room = Double(limit)
    }

    /// Whether one more may begin now, which is then counted; room comes back evenly.
    mutating func admit(at now: Duration) -> Bool {
        if let last {
            let minutes = max(0, (now - last) / Duration.seconds(60))
            room = min(Double(limit), room + minutes * Double(limit))
        }
        last = now
        guard room >= 1 else { return false }
        room -= 1
        return true
    }
}
