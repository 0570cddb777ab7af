// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Processes

/// Tells a service manager how a live desk is doing, when one has started it.
///
/// A manager that does not listen changes nothing for the desk.
final class ServiceLink {
    private let notifier: ServiceNotifier?
    private let clock: any MonotonicClock
    private var lastPulse: MonotonicInstant

    init(_ clock: any MonotonicClock) {
        self.clock = clock
        lastPulse = clock.now()
        let environment = { (name: String) in getenv(name).map { String(cString: $0) } }
        // A variable that cannot be understood is as good as none: the desk runs all the same.
        let found = try? ServiceNotifier.make(environment: environment, processID: getpid())
        notifier = found ?? nil
    }

    /// The desk is ready.
    func isUp(_ agents: Int) {
        // As said above.
        try? notifier?.ready(status: "\(agents) agents")
    }

    /// A new configuration is taken up.
    func isReloading() {
        // As said above.
        try? notifier?.reloading(at: clock.now())
    }

    /// The desk has ended.
    func isStopping() {
        // As said above.
        try? notifier?.stopping(status: "stopping")
    }

    /// The main loop has turned.
    func pulse() {
        guard let notifier, let interval = notifier.watchdogInterval else { return }
        guard lastPulse.advanced(by: interval) <= clock.now() else { return }
        lastPulse = clock.now()
        // As said above.
        try? notifier.watchdog()
    }
}
