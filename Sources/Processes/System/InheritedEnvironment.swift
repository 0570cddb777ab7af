// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The variables that this process was started with.
public enum InheritedEnvironment {
    /// What is between this process and a service manager, and no business of another process.
    private static let own: Set = [
        "NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC", "LISTEN_PID", "LISTEN_FDS",
        "LISTEN_FDNAMES",
    ]

    /// The variables that a process of the same user's may have as well, in their order.
    ///
    /// Names and values that are no texts are left out; there are none when the system tells none.
    public static var shared: [(name: String, value: String)] {
        let limit = ProcessTable.environmentLimitBytes
        let bytes = ProcessTable.read("/proc/self/environ", limitBytes: limit) ?? []
        return bytes.split(separator: 0).compactMap { entry in
            guard let text = String(validating: entry, as: UTF8.self),
                let sign = text.firstIndex(of: "="), sign != text.startIndex
            else { return nil }
            let name = String(text[..<sign])
            let value = String(text[text.index(after: sign)...])
            return own.contains(name) ? nil : (name, value)
        }
    }
}
