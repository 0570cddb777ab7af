// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What this program lets others read by address.
public struct ServerResources: Sendable {
    /// Patterns of addresses: objects with `uriTemplate` and `name`.
    let templates: [JSON]
    let list: @Sendable () async throws -> [JSON]
    let read: @Sendable (String) async throws -> JSON?

    /// Describes resources.
    /// - Parameters:
    ///   - templates: Patterns of addresses: objects with `uriTemplate` and `name`.
    ///   - list: Those that are there now: objects with `uri` and `name`.
    ///   - read: An object with `uri` and `text`; nil when there is none at that address.
    public init(
        templates: [JSON],
        list: @escaping @Sendable () async throws -> [JSON],
        read: @escaping @Sendable (String) async throws -> JSON?
    ) {
        self.templates = templates
        self.list = list
        self.read = read
    }
}
