// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What this program says of itself.
enum Implementation {
    static let name = "loopdesk"
    static let version = "0.1.0"
}
