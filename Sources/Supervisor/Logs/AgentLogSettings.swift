// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// How the logs of a desk's agents are written.
public struct AgentLogSettings: Sendable {
    /// The clock that dates the lines.
    public let wall: any WallClock
    /// The size in bytes at which a log is set aside.
    public let rotateBytes: Int
    /// How many logs that were set aside are kept.
    public let keep: Int

    /// The usual size of a log.
    public static let defaultRotateBytes = 10 << 20
    /// The usual number of logs that are kept.
    public static let defaultKeep = 5

    /// Bundles the settings.
    public init(
        wall: any WallClock,
        rotateBytes: Int = AgentLogSettings.defaultRotateBytes,
        keep: Int = AgentLogSettings.defaultKeep
    ) {
        self.wall = wall
        self.rotateBytes = rotateBytes
        self.keep = keep
    }
}
