// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

// The control message that carries one descriptor is laid out by hand, because the macros that
// do so cannot be imported: a header of three words, then the number, padded to whole words.
private let headerBytes = MemoryLayout<cmsghdr>.stride
private let controlLength = headerBytes + MemoryLayout<Int32>.size
private let controlBytes = headerBytes + MemoryLayout<Int>.stride

extension Descriptor {
    /// The longest payload that travels with a descriptor: 64 KiB.
    public static let passingLimitBytes = 64 * 1024

    /// Sends another descriptor with a few bytes over this Unix socket; the sender keeps its own.
    ///
    /// - Throws: `lineTooLong` when the payload is empty or over the limit, `timedOut` when the
    ///   socket stays full, `inputClosed` when nobody reads it. Wraps `sendmsg`.
    public borrowing func sendDescriptor(
        _ descriptor: borrowing Descriptor,
        payload: [UInt8],
        until deadline: MonotonicInstant,
        clock: any MonotonicClock
    ) throws(ProcessError) {
        guard (1...Self.passingLimitBytes).contains(payload.count) else {
            throw ProcessError(
                code: .lineTooLong,
                operation: "send",
                subject: "a descriptor with \(payload.count) bytes",
                hint: "send between 1 and \(Self.passingLimitBytes) bytes along"
            )
        }
        while true {
            let number = sendOnce(descriptor.number, payload)
            if number == 0 { return }
            guard number == EAGAIN || number == EINTR else {
                throw ProcessError(
                    "send a descriptor over",
                    "socket \(self.number)",
                    errorNumber: number
                )
            }
            try requireReady(Readiness.writable, "send a descriptor over", deadline, clock)
        }
    }

    /// Receives one descriptor and the bytes sent along.
    ///
    /// Use a socket of sequenced packets: a stream may join the payloads of two messages.
    ///
    /// - Throws: `timedOut`, `outputClosed` at the end, `noDescriptor` when bytes came alone, and
    ///   `lineTooLong` when the message was cut off. Wraps `recvmsg`.
    public borrowing func receiveDescriptor(
        until deadline: MonotonicInstant,
        clock: any MonotonicClock
    ) throws(ProcessError) -> ReceivedDescriptor {
        while true {
            try requireReady(Readiness.readable, "receive a descriptor from", deadline, clock)
            let message = receiveOnce()
            if message.errorNumber == EINTR || message.errorNumber == EAGAIN { continue }
            // Owned from here on, so that every throw below closes it.
            let received = message.descriptor.map { Descriptor(adopting: $0) }
            if message.errorNumber != 0 {
                throw ProcessError(
                    "receive a descriptor from",
                    "socket \(number)",
                    errorNumber: message.errorNumber
                )
            }
            if let code = message.failure { throw receivingError(code) }
            guard let received else { throw receivingError(.noDescriptor) }
            return ReceivedDescriptor(payload: message.payload, descriptor: received)
        }
    }

    private borrowing func receivingError(_ code: ProcessError.Code) -> ProcessError {
        ProcessError(
            code: code,
            operation: "receive a descriptor from",
            subject: "socket \(number)",
            hint: "both ends must send one descriptor a message"
        )
    }

    private borrowing func requireReady(
        _ events: Int16,
        _ operation: String,
        _ deadline: MonotonicInstant,
        _ clock: any MonotonicClock
    ) throws(ProcessError) {
        guard try Readiness.wait(for: events, on: number, until: deadline, clock: clock) else {
            throw ProcessError(
                code: .timedOut,
                operation: operation,
                subject: "socket \(number)",
                hint: "the other end is stuck or slow"
            )
        }
    }

    /// Sends without waiting; returns 0 or the error number.
    private borrowing func sendOnce(_ passed: Int32, _ payload: [UInt8]) -> Int32 {
        withUnsafeTemporaryAllocation(byteCount: controlBytes, alignment: 8) { control in
            control.initializeMemory(as: UInt8.self, repeating: 0)
            var header = cmsghdr()
            header.cmsg_len = controlLength
            header.cmsg_level = SOL_SOCKET
            header.cmsg_type = Int32(SCM_RIGHTS)
            control.storeBytes(of: header, as: cmsghdr.self)
            control.storeBytes(of: passed, toByteOffset: headerBytes, as: Int32.self)
            var bytes = payload
            return bytes.withUnsafeMutableBytes { bytes in
                withMessage(bytes, control) { message in
                    let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
                    return sendmsg(number, &message, flags) >= 0 ? 0 : errno
                }
            }
        }
    }

    /// Receives without waiting.
    private borrowing func receiveOnce() -> ReceivedMessage {
        var result = ReceivedMessage()
        var count = 0
        result.payload = [UInt8](unsafeUninitializedCapacity: Self.passingLimitBytes) {
            space,
            used in
            withUnsafeTemporaryAllocation(byteCount: controlBytes, alignment: 8) { control in
                withMessage(UnsafeMutableRawBufferPointer(space), control) { message in
                    let flags =
                        Int32(MSG_CMSG_CLOEXEC) | Int32(MSG_DONTWAIT)
                    count = recvmsg(number, &message, flags)
                    guard count >= 0 else {
                        result.errorNumber = errno
                        return
                    }
                    result.note(message, control)
                }
            }
            used = max(count, 0)
        }
        if count == 0 { result.failure = .outputClosed }
        return result
    }
}

/// One message as the kernel gave it.
private struct ReceivedMessage {
    var payload: [UInt8] = []
    var descriptor: Int32?
    var failure: ProcessError.Code?
    var errorNumber: Int32 = 0

    mutating func note(_ message: msghdr, _ control: UnsafeMutableRawBufferPointer) {
        let cutOff = Int32(MSG_TRUNC) | Int32(MSG_CTRUNC)
        if message.msg_flags & cutOff != 0 { failure = .lineTooLong }
        guard message.msg_controllen >= controlLength else { return }
        let header = control.load(as: cmsghdr.self)
        guard header.cmsg_level == SOL_SOCKET, header.cmsg_type == Int32(SCM_RIGHTS)
        else { return }
        descriptor = control.load(fromByteOffset: headerBytes, as: Int32.self)
    }
}

private func withMessage<Result>(
    _ bytes: UnsafeMutableRawBufferPointer,
    _ control: UnsafeMutableRawBufferPointer,
    _ body: (inout msghdr) -> Result
) -> Result {
    var part = iovec(iov_base: bytes.baseAddress, iov_len: bytes.count)
    return withUnsafeMutablePointer(to: &part) { part in
        var message = msghdr()
        message.msg_iov = part
        message.msg_iovlen = 1
        message.msg_control = control.baseAddress
        message.msg_controllen = control.count
        return body(&message)
    }
}
