// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// The lots of one fill by what they do to a position.
struct FilledLots: Sendable, Hashable {
    /// Those that close what was opened before this trading day.
    var closing = Decimal8.zero
    /// Those that close what was opened on it.
    var closingToday = Decimal8.zero
    /// Those that open.
    var opening = Decimal8.zero
}
