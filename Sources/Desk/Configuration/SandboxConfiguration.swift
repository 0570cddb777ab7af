// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What stands between an agent's process and the computer, as `sandbox:` of the agent says.
public struct SandboxConfiguration: Sendable, Hashable {
    /// The least that an agent is content with.
    public enum Minimum: String, Sendable, Hashable, CaseIterable {
        /// Namespaces, rights to files and a filter of system calls.
        case full = "A"
        /// Without namespaces of its own, where the computer refuses them.
        case launcher = "B"
        /// Nothing at all, on purpose.
        case unsafe
    }

    /// The level that is written; nil for what suits the agent's program.
    public let level: Minimum?
    /// Further paths that it may read, relative to the desk or absolute.
    public let read: [String]
    /// What it may reach, through the supervisor; nothing for no network at all.
    public let egress: EgressConfiguration
    /// What it may use.
    public let limits: SandboxLimitSettings

    static let keys = ["level", "read", "limits"] + EgressConfiguration.keys

    /// The level to insist on: A for a program of somebody's and for any network; a native agent
    /// is content with B.
    public func minimum(isNative: Bool) -> Minimum {
        level ?? (isNative && egress.isEmpty ? .launcher : .full)
    }

    init(_ reader: inout YAMLReader, in agent: YAMLNode, path: String) {
        let path = "\(path)sandbox."
        var node = YAMLNode.empty(line: agent.line)
        if let value = agent["sandbox"] {
            if value.members != nil {
                node = value
            } else {
                reader.report(
                    line: value.line,
                    "\(path.dropLast()): found \(value.summary); expected a mapping"
                )
            }
        }
        reader.allowOnly(Self.keys, in: node, path: path)
        level =
            node["level"] == nil
            ? nil
            : reader.scalar("level", in: node, path: path, expected: "A, B or unsafe") {
                Minimum(rawValue: $0)
            }
        read = reader.list(
            "read",
            in: node,
            path: path,
            expected: "a path inside the desk or an absolute one, without '..'"
        ) { Self.isUsable($0) ? $0 : nil }
        egress = EgressConfiguration.read(&reader, in: node, path: path)
        let limits =
            node["limits"] == nil ? nil : reader.mapping("limits", in: node, path: path)
        if let limits {
            reader.allowOnly(SandboxLimitSettings.keys, in: limits, path: "\(path)limits.")
        }
        self.limits = SandboxLimitSettings(
            &reader,
            in: limits ?? .empty(line: node.line),
            path: "\(path)limits."
        )
        if !egress.isEmpty, let level, level != .full {
            reader.report(
                line: node["level"]?.line,
                "\(path)level: hosts and credentials need a network of the agent's own; give"
                    + " level: A"
            )
        }
    }

    /// A path that says where it leads.
    private static func isUsable(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let named = path.hasPrefix("/") ? parts.dropFirst() : parts[...]
        return !named.isEmpty && named.allSatisfy { !["", ".", ".."].contains($0) }
            && !path.utf8.contains(0)
    }
}
