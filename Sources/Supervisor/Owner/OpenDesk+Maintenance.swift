// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
public import Git

extension OpenDesk {
    /// The author of what a desk writes into its repository besides turns.
    public var maintainer: Signature {
        author("supervisor", at: Instant(configuration.replay.lowerBound))
    }
}
