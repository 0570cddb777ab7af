// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk

/// The limits of supervision.
struct SupervisionRules: Sendable, Hashable {
    /// How often an agent says that it lives; zero turns the beats off.
    var heartbeat: Duration = .seconds(5)
    /// The most restarts within the window; the failure after them ends in quarantine.
    var restarts = 5
    /// How long a restart counts.
    var window: Duration = .seconds(60)
    /// How long an agent must run for its failures to be forgotten.
    var stableAfter: Duration = .seconds(60)
    /// How long restarts wait.
    var policy = RestartPolicy()
    /// Agents that are started again together; all others stand alone.
    var groups: [SupervisionGroup] = []

    init() {}

    /// Takes the limits from the desk's configuration.
    init(_ configuration: SupervisionConfiguration) {
        heartbeat = .milliseconds(configuration.heartbeat?.milliseconds ?? 0)
        restarts = configuration.restarts
        window = .milliseconds(configuration.window.milliseconds)
        stableAfter = .milliseconds(configuration.stableAfter.milliseconds)
        policy = RestartPolicy(base: .milliseconds(configuration.backoff.milliseconds))
        groups = configuration.groups
    }
}
