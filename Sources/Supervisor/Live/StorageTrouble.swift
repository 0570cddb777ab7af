// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Processes

/// A disk that takes nothing at the moment.
struct StorageTrouble {
    let reason: String
    var tryAgainAt: MonotonicInstant
}
