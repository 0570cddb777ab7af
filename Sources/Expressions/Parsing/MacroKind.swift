// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The macros that visit the elements of a list or the entries of a map.
enum MacroKind: String, Sendable, Hashable, CaseIterable {
    case all
    case exists
    case existsOne = "exists_one"
    case filter
    case map
    case transformList
    case transformMap

    /// Finds a macro by any of its names.
    init?(name: String) {
        self.init(rawValue: name == "existsOne" ? "exists_one" : name)
    }

    /// Whether the macro takes so many arguments.
    func takes(_ count: Int) -> Bool {
        switch self {
        case .all, .exists, .existsOne, .map: count == 2 || count == 3
        case .filter: count == 2
        case .transformList, .transformMap: count == 3 || count == 4
        }
    }

    /// How many of so many arguments are names of variables.
    func variables(of count: Int) -> Int {
        switch self {
        case .all, .exists, .existsOne: count - 1
        case .filter, .map: 1
        case .transformList, .transformMap: 2
        }
    }

    /// Whether the last argument makes new elements.
    var transforms: Bool {
        switch self {
        case .map, .transformList, .transformMap: true
        case .all, .exists, .existsOne, .filter: false
        }
    }

    /// The arguments in words.
    var usage: String {
        switch self {
        case .all, .exists, .existsOne: "one or two names and a condition, such as x, x > 0"
        case .filter: "a name and a condition, such as x, x > 0"
        case .map: "a name, perhaps a condition, and an expression, such as x, x * 2"
        case .transformList, .transformMap:
            "two names, perhaps a condition, and an expression, such as i, x, x * 2"
        }
    }
}
