// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Why a live desk ended.
public enum LiveEnd: Sendable, Hashable {
    /// Somebody asked it to.
    case stopped
    /// `main` has another configuration, with which the desk has to be opened again.
    case reconfigured
}
