// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Glibc
import Trading

/// The socket through which the supervisor hands in a client's connection.
///
/// Each message is one line such as `{"role":"executor"}` with one descriptor; the role comes from
/// the supervisor and never from the client.
enum Door {
    /// What one message brought.
    enum Arrival {
        case client(Int32, ClientRole)
        case refused(String)
        case nothing
        case end
    }

    private static let headerBytes = MemoryLayout<cmsghdr>.stride
    /// Room for four descriptors, so that surplus ones are seen and closed.
    private static let controlBytes = headerBytes + 4 * MemoryLayout<Int32>.size

    /// Takes one message without waiting.
    ///
    /// Wraps `recvmsg`.
    static func receive(from door: Int32) -> Arrival {
        var descriptors: [Int32] = []
        var count = 0
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: 1024) { space, used in
            var part = iovec(iov_base: space.baseAddress, iov_len: space.count)
            withUnsafeTemporaryAllocation(byteCount: controlBytes, alignment: 8) { control in
                withUnsafeMutablePointer(to: &part) { part in
                    var message = msghdr()
                    message.msg_iov = part
                    message.msg_iovlen = 1
                    message.msg_control = control.baseAddress
                    message.msg_controllen = control.count
                    let flags = Int32(MSG_DONTWAIT) | Int32(MSG_CMSG_CLOEXEC)
                    repeat {
                        count = recvmsg(door, &message, flags)
                    } while count < 0
                        && errno == EINTR
                    failure = errno
                    if count >= 0 { descriptors = received(message, control) }
                }
            }
            used = max(count, 0)
        }
        if count < 0, failure == EAGAIN { return .nothing }
        guard count > 0 else { return .end }
        return judge(bytes, descriptors)
    }

    private static func received(
        _ message: msghdr,
        _ control: UnsafeMutableRawBufferPointer
    ) -> [Int32] {
        guard Int(message.msg_controllen) > headerBytes else { return [] }
        let header = control.load(as: cmsghdr.self)
        guard header.cmsg_level == SOL_SOCKET, header.cmsg_type == Int32(SCM_RIGHTS) else {
            return []
        }
        let length = min(Int(header.cmsg_len), control.count) - headerBytes
        return (0..<max(0, length / 4)).map { index in
            control.load(fromByteOffset: headerBytes + index * 4, as: Int32.self)
        }
    }

    private static func judge(_ bytes: [UInt8], _ descriptors: [Int32]) -> Arrival {
        // Whatever is wrong with the line, the answer is the same: the client is refused.
        let line = try? JSON(parsing: bytes)
        let role = line?["role"]?.stringValue.flatMap { ClientRole(rawValue: $0) }
        if let role, role != .supervisor, descriptors.count == 1, let descriptor = descriptors.first
        {
            return .client(descriptor, role)
        }
        for descriptor in descriptors { close(descriptor) }
        return .refused("a client needs one descriptor and a role other than supervisor")
    }
}
