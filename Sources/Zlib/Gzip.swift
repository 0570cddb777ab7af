// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CZlib

/// Decompresses gzip members with the system's library.
public enum Gzip {
    /// Window bits of the largest window, with the head of gzip or of zlib told apart by itself.
    private static let anyHead: Int32 = 15 + 32

    /// Fills the room from one compressed member or several and returns the number of bytes
    /// written.
    ///
    /// It is nil when the input is damaged, cut short or needs more room. Calls `inflate`.
    @Sendable
    public static func decompress(
        _ input: UnsafeRawBufferPointer,
        into room: UnsafeMutableRawBufferPointer
    ) -> Int? {
        guard let source = input.bindMemory(to: UInt8.self).baseAddress,
            let target = room.bindMemory(to: UInt8.self).baseAddress,
            input.count <= Int(UInt32.max), room.count <= Int(UInt32.max)
        else { return nil }
        var stream = z_stream()
        guard loopdesk_inflate_init(&stream, anyHead) == Z_OK else { return nil }
        defer { inflateEnd(&stream) }
        // The library reads through this pointer and never writes.
        stream.next_in = UnsafeMutablePointer(mutating: source)
        stream.avail_in = UInt32(input.count)
        stream.next_out = target
        stream.avail_out = UInt32(room.count)
        while true {
            guard inflate(&stream, Z_FINISH) == Z_STREAM_END else { return nil }
            if stream.avail_in == 0 { return room.count - Int(stream.avail_out) }
            guard inflateReset(&stream) == Z_OK else { return nil }
        }
    }
}
