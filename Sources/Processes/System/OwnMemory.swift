// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The memory of this process, as the kernel counts it.
public enum OwnMemory {
    /// The bytes that lie in memory, mapped files included; nil where the kernel does not tell.
    public static var residentBytes: Int? {
        let text = ProcessTable.read("/proc/self/statm", limitBytes: 4_096) ?? []
        let words = String(decoding: text, as: UTF8.self).split(separator: " ")
        return words.dropFirst().first.flatMap { Int($0) }.map { $0 * Int(getpagesize()) }
    }
}
