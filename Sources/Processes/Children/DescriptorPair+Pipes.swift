// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import CSandbox
internal import Glibc

extension DescriptorPair {
    /// Makes a pipe from `second` to `first`, both closed at exec from the start.
    ///
    /// - Throws: `resourceLimit` when no more descriptors can be opened.
    public static func makePipe() throws(ProcessError) -> DescriptorPair {
        var ends: [Int32] = [-1, -1]
        let number = desk_pipe(&ends)
        guard number == 0 else { throw ProcessError("make", "a pipe", errorNumber: number) }
        return DescriptorPair(
            first: Descriptor(adopting: ends[0]),
            second: Descriptor(adopting: ends[1])
        )
    }
}
