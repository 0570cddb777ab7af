// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The file that holds what is added to an agent's requests to a host.
public struct SandboxCredential: Sendable, Hashable {
    /// The name of the host, which is one of the agent's hosts.
    public let host: String
    /// The file, relative to the desk or absolute; the agent never sees it.
    public let file: String
}
