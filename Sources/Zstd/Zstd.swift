// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CZstd

/// Decompresses Zstandard frames with the system's library.
public enum Zstd {
    /// Fills the room from a compressed input and returns the number of bytes written.
    ///
    /// It is nil when the input is damaged or needs more room. Calls `ZSTD_decompress`.
    @Sendable
    public static func decompress(
        _ input: UnsafeRawBufferPointer,
        into room: UnsafeMutableRawBufferPointer
    ) -> Int? {
        let written = ZSTD_decompress(room.baseAddress, room.count, input.baseAddress, input.count)
        return ZSTD_isError(written) == 0 ? written : nil
    }
}
