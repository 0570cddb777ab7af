// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The macros that visit the elements of a list or the keys of a map.
enum MacroKind: String, Sendable, Hashable {
    case all
    case exists
    case existsOne = "exists_one"
    case filter
    case map

    /// Whether the macro takes so many arguments.
    func takes(_ count: Int) -> Bool {
        count == 2 || (self == .map && count == 3)
    }
}
