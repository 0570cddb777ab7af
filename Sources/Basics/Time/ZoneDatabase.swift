// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Where zones are found by their names.
public struct ZoneDatabase: Sendable {
    private let find: @Sendable (String) -> Zone?

    private init(find: @escaping @Sendable (String) -> Zone?) {
        self.find = find
    }

    /// Looks zones up in compiled files.
    public init(files: @escaping TimeZoneResolver) {
        self.init(find: { name in
            files(name).flatMap { ZoneRules($0) }.map { Zone(name, rules: $0) }
        })
    }

    /// Knows UTC and nothing else.
    public static let none = ZoneDatabase(find: { _ in nil })

    /// Takes every name that looks like one and reads it as UTC.
    ///
    /// It is for processes that have no files of zones and plan nothing, such as an agent's.
    public static let unchecked = ZoneDatabase(find: { Zone($0, rules: .utc) })

    /// The zone of a name; nil when it is unknown.
    public func zone(named name: String) -> Zone? {
        if name == Zone.utc.description { return .utc }
        return Zone.isName(name) ? find(name) : nil
    }
}
