// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Tells a service manager such as systemd how this process is doing.
///
/// Speaks the protocol of `sd_notify`: one datagram a message, `KEY=VALUE` lines inside. Nothing
/// here waits, and a manager that does not listen is an error that the caller may pass over.
public struct ServiceNotifier: Sendable {
    /// The pause between two calls of ``watchdog()``: half of what the manager allows; nil when it
    /// does not watch.
    public let watchdogInterval: Duration?

    private let address: ServiceAddress

    /// The longest status line that is sent, in bytes.
    static let statusLimitBytes = 1024

    /// Reads where and how the manager wants to be told.
    ///
    /// - Parameters:
    ///   - environment: gives the value of a variable, nil when it is not set.
    ///   - processID: the number of this process.
    /// - Returns: nil when no manager wants to be told.
    /// - Throws: `invalidCommand` when `NOTIFY_SOCKET` or `WATCHDOG_USEC` cannot be understood.
    public static func make(
        environment: (String) -> String?,
        processID: Int32
    ) throws(ProcessError) -> ServiceNotifier? {
        guard let text = environment("NOTIFY_SOCKET"), !text.isEmpty else { return nil }
        guard let address = ServiceAddress(text) else {
            throw invalid("NOTIFY_SOCKET", "a path or an abstract name of at most 107 bytes")
        }
        var interval: Duration?
        let watched = environment("WATCHDOG_PID").map { Int32($0) == processID } ?? true
        if watched, let text = environment("WATCHDOG_USEC") {
            guard let microseconds = Int64(text), microseconds > 0 else {
                throw invalid("WATCHDOG_USEC", "a whole number above 0")
            }
            interval = .microseconds(max(1, microseconds / 2))
        }
        return ServiceNotifier(watchdogInterval: interval, address: address)
    }

    /// Says that the start is complete, or that a reload is.
    public func ready(status: String) throws(ProcessError) {
        try send(["READY=1", Self.line(status)])
    }

    /// Says that the configuration is being read again; ``ready(status:)`` ends it.
    public func reloading(at now: MonotonicInstant) throws(ProcessError) {
        try send(["RELOADING=1", "MONOTONIC_USEC=\(now.nanoseconds / 1000)"])
    }

    /// Says that the process has begun to stop.
    public func stopping(status: String) throws(ProcessError) {
        try send(["STOPPING=1", Self.line(status)])
    }

    /// Says in one line how things are.
    public func status(_ text: String) throws(ProcessError) {
        try send([Self.line(text)])
    }

    /// Says that the main loop still turns; to be called by the loop itself and by no timer.
    public func watchdog() throws(ProcessError) {
        try send(["WATCHDOG=1"])
    }

    /// Asks for more time while starting or stopping.
    public func extendTimeout(by span: Duration) throws(ProcessError) {
        let nanoseconds = MonotonicInstant(nanoseconds: 0).advanced(by: span).nanoseconds
        try send(["EXTEND_TIMEOUT_USEC=\(nanoseconds / 1000)"])
    }

    private func send(_ lines: [String]) throws(ProcessError) {
        let number = socket(
            AF_UNIX,
            Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue),
            0
        )
        guard number >= 0 else {
            throw ProcessError("make", "a socket for the service manager", errorNumber: errno)
        }
        let descriptor = Descriptor(adopting: number)
        let bytes = Array(lines.joined(separator: "\n").utf8)
        let sent = address.withSocketAddress { address, length in
            bytes.withUnsafeBytes {
                sendto(
                    descriptor.number,
                    $0.baseAddress,
                    $0.count,
                    Int32(MSG_NOSIGNAL),
                    address,
                    length
                )
            }
        }
        guard sent == bytes.count else {
            throw ProcessError(
                "tell",
                "the service manager",
                errorNumber: errno,
                hint: "it may not listen any more; the desk goes on"
            )
        }
    }

    /// The status as one line of bounded length.
    private static func line(_ status: String) -> String {
        var scalars = String.UnicodeScalarView()
        var bytes = 0
        for scalar in status.unicodeScalars {
            let shown = scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar
            bytes += UTF8.width(shown)
            guard bytes <= statusLimitBytes else { break }
            scalars.append(shown)
        }
        return "STATUS=\(String(scalars))"
    }

    private static func invalid(_ name: String, _ allowed: String) -> ProcessError {
        ProcessError(
            code: .invalidCommand,
            operation: "understand variable",
            subject: name,
            hint: "it should be \(allowed); unset it to go without a service manager"
        )
    }
}
