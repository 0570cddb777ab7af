// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions

/// The order in which combinations are taken.
///
/// Those that read the same columns follow on each other and find them in the nearest cache.
/// Results do not depend on it.
enum SweepOrder {
    /// The places of programs in the order in which to take them.
    static func places(_ programs: [ConditionProgram]) -> [Int] {
        var numbers: [UnsafeRawPointer: Int] = [:]
        let keys = programs.map { program in
            program.columns.map { column -> Int in
                if let number = numbers[column] { return number }
                numbers[column] = numbers.count
                return numbers.count - 1
            }
        }
        let width = keys.map(\.count).min() ?? 0
        // The columns of which there are the most are to change the least often.
        let variety = (0..<width).map { slot in Set(keys.map { $0[slot] }).count }
        let slots = (0..<width).sorted { (variety[$1], $0) < (variety[$0], $1) }
        return programs.indices.sorted { one, other in
            for slot in slots where keys[one][slot] != keys[other][slot] {
                return keys[one][slot] < keys[other][slot]
            }
            return one < other
        }
    }
}
