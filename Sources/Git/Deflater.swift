// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CGit2

/// Compresses one content after another with the same zlib state.
///
/// Setting the state up costs more than compressing a small file, hence the reuse. The fastest
/// level is used: signals are small, and `git gc` compresses again.
@safe struct Deflater: ~Copyable {
    /// zlib clears its tables before each content; at its usual level of 8 that is 64 KiB, more
    /// than most contents have.
    private static let memoryLevel: Int32 = 6
    private static let blockLimit = 0xFFFF

    // zlib keeps a pointer to this structure in its own state, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>

    init() throws(GitError) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        guard unsafe loopdesk_deflate_init(stream, 1, Self.memoryLevel) == Z_OK else {
            unsafe stream.deallocate()
            throw GitError(.other, "set up compression", "zlib refused")
        }
    }

    deinit {
        _ = unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Appends the compressed content to a buffer.
    mutating func deflate(
        _ content: [UInt8],
        onto output: inout [UInt8]
    ) throws(GitError) {
        guard content.count < Int(UInt32.max) else {
            throw GitError(.tooLarge, "compress an object", "it holds 4 GiB or more")
        }
        _ = unsafe deflateReset(stream)
        let start = output.count
        let bound = unsafe Int(deflateBound(stream, UInt(content.count)))
        output.append(contentsOf: repeatElement(0, count: bound))
        var content = content
        let status = unsafe content.withUnsafeMutableBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { space in
                unsafe stream.pointee.next_in = input.baseAddress
                unsafe stream.pointee.avail_in = UInt32(input.count)
                unsafe stream.pointee.next_out = space.baseAddress.map { unsafe $0 + start }
                unsafe stream.pointee.avail_out = UInt32(bound)
                return unsafe CGit2.deflate(stream, Z_FINISH)
            }
        }
        guard status == Z_STREAM_END else {
            throw GitError(.other, "compress an object", "zlib stopped with status \(status)")
        }
        output.removeLast(unsafe Int(stream.pointee.avail_out))
    }

    /// Appends the content as it is, in the form of compressed content.
    ///
    /// For what hardly gets smaller.
    static func store(_ content: [UInt8], onto output: inout [UInt8]) {
        // The header of zlib (RFC 1950) for the fastest level, then blocks that are not compressed
        // (RFC 1951, 3.2.4), at least one, each with its length and the length's complement.
        output += [0x78, 0x01]
        var rest = content[...]
        repeat {
            let block = rest.prefix(blockLimit)
            rest = rest.dropFirst(block.count)
            let length = UInt16(block.count)
            output.append(rest.isEmpty ? 1 : 0)
            output += [UInt8(truncatingIfNeeded: length), UInt8(truncatingIfNeeded: length >> 8)]
            output += [UInt8(truncatingIfNeeded: ~length), UInt8(truncatingIfNeeded: ~length >> 8)]
            output += block
        } while !rest.isEmpty
        let checksum = unsafe content.withUnsafeBufferPointer { buffer in
            unsafe adler32(1, buffer.baseAddress, UInt32(buffer.count))
        }
        output.appendBigEndian(UInt32(checksum))
    }

    /// The check sum that a pack index keeps for each entry.
    static func checksum(of bytes: ArraySlice<UInt8>) -> UInt32 {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe UInt32(crc32(0, buffer.baseAddress, UInt32(buffer.count)))
        }
    }
}
