// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The four kinds of object that a git repository stores.
package enum ObjectKind: UInt8, Sendable {
    case commit = 1
    case tree = 2
    case blob = 3
    case tag = 4

    var name: String {
        switch self {
        case .commit: "commit"
        case .tree: "tree"
        case .blob: "blob"
        case .tag: "tag"
        }
    }
}
