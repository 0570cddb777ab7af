// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Where accepted definitions are kept.
public protocol PinStore: Sendable {
    /// What was accepted of a connector; nil when nothing has been yet.
    /// - Throws: When it cannot be read, which must never count as nothing.
    func load(_ connector: String) throws -> ToolPins?

    /// Keeps what is accepted from now on.
    func save(_ pins: ToolPins, of connector: String) throws
}
