// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Whether agents run in sandboxes.
public enum Confinement: Sendable {
    /// As `orchestrator.yml` says, and never below an agent's minimum.
    case sandboxed(SandboxKeeper)
    /// None does, whatever the configuration says: for tests and harnesses that trace processes.
    case unconfined
}
