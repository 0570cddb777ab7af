// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

extension TurnContract {
    /// The longest line that is looked at as a notification.
    public static let notificationLimitBytes = 1024

    /// The bytes of a sign of life, without the line feed.
    public static let beat = (["jsonrpc": "2.0", "method": .string(beatMethod)] as JSON)
        .compactBytes

    /// The method of a notification; nil for an answer and for anything else.
    ///
    /// A notification is a short line with a method and without an id.
    public static func notification(of line: [UInt8]) -> String? {
        guard line != beat else { return beatMethod }
        // A line that is no JSON is no notification; whoever reads it as an answer says what it is.
        guard line.count <= notificationLimitBytes, let message = try? JSON(parsing: line),
            message["jsonrpc"]?.stringValue == "2.0", message["id"] == nil
        else { return nil }
        return message["method"]?.stringValue
    }
}
