// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// How far a call has come.
public struct Progress: Sendable, Hashable {
    /// A number that rises.
    public let value: Double
    /// What it rises to, if that is known.
    public let total: Double?
    /// A sentence of the server's; untrusted.
    public let message: String?

    init?(_ params: JSON) {
        guard let value = params["progress"]?.doubleValue else { return nil }
        self.value = value
        total = params["total"]?.doubleValue
        message = params["message"]?.stringValue
    }
}
