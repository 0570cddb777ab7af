// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The names in a column of symbols, each with a number.
final class ParquetNames {
    private(set) var names: [[UInt8]] = []
    private var numbers: [[UInt8]: Int32] = [:]

    func number(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        let name = Array(bytes)
        if let number = numbers[name] { return number }
        numbers[name] = Int32(names.count)
        names.append(name)
        return Int32(names.count - 1)
    }
}
