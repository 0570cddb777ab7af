// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import CKernels
public import Expressions

extension BarColumns {
    /// The simple averages among some calls, computed side by side where they are of one series.
    ///
    /// A running sum waits for itself at every bar; several of them wait at the same time.
    public func columns(of calls: [ColumnCall]) -> [Column?] {
        var results = [Column?](repeating: nil, count: calls.count)
        var waiting = calls.indices.filter { Self.average(calls[$0]) != nil }
        while let first = waiting.first, let values = Self.average(calls[first])?.values {
            let group = waiting.filter {
                Self.average(calls[$0])?.values.isSame(as: values) == true
            }
            waiting.removeAll { group.contains($0) }
            guard group.count > 1 else { continue }
            let windows = group.compactMap { Self.average(calls[$0])?.window }
            for (index, column) in zip(group, averages(values, windows))
            where column.last?.isFinite == true {
                results[index] = .numbers(column)
            }
        }
        return results
    }

    /// The simple averages among some calls, at most four of one series, as a stream.
    ///
    /// Only of a series without a missing value.
    public func stream(of calls: [ColumnCall]) -> (calls: [Int], stream: any ColumnStream)? {
        let places = calls.indices.filter { Self.average(calls[$0]) != nil }
        let values = places.lazy.compactMap { Self.average(calls[$0])?.values }
            .first { isFinite($0) }
        guard let values else { return nil }
        let group = places.filter { Self.average(calls[$0])?.values.isSame(as: values) == true }
        let few = Array(group.prefix(4))
        let windows = few.compactMap { Self.average(calls[$0])?.window }
        return (few, AverageStream(values: values, windows: windows))
    }

    /// Whether a series has no missing value; the prices of bars that were checked are not looked
    /// at again.
    private func isFinite(_ values: [Double]) -> Bool {
        if series.check.leastClose != nil,
            [series.open, series.high, series.low, series.close].contains(where: {
                $0.isSame(as: values)
            })
        {
            return true
        }
        var (least, greatest) = (0.0, 0.0)
        return values.isEmpty || desk_range(values, values.count, &least, &greatest) != 0
    }

    /// The series and the window of a call of `sma`; nil for any other call.
    private static func average(_ call: ColumnCall) -> (values: [Double], window: Int)? {
        guard call.name == "sma", call.arguments.count == 2,
            case .column(let values) = call.arguments[0],
            case .constant(let value) = call.arguments[1],
            let number = value.asDouble, let window = Int(exactly: number),
            (1...BarArguments.longestWindow).contains(window)
        else { return nil }
        return (values, window)
    }

    private func averages(_ values: [Double], _ windows: [Int]) -> [[Double]] {
        // Four at a time, as many as the kernel takes side by side.
        parallel.map((windows.count + 3) / 4) { part in
            let few = windows[(part * 4)..<min(part * 4 + 4, windows.count)]
            return Self.averages(values, Array(few), into: [])
        }.flatMap(\.self)
    }

    /// Makes room for one average after another, and computes them once there is room for all.
    private static func averages(
        _ values: [Double],
        _ windows: [Int],
        into outputs: [UnsafeMutablePointer<Double>?]
    ) -> [[Double]] {
        guard outputs.count < windows.count else {
            var sums = [Double](repeating: 0, count: windows.count)
            desk_averages(values, 0, values.count, windows, &sums, outputs, windows.count)
            return []
        }
        var others: [[Double]] = []
        let column = [Double](unsafeUninitializedCapacity: values.count) { buffer, filled in
            others = averages(values, windows, into: outputs + [buffer.baseAddress])
            filled = values.count
        }
        return [column] + others
    }
}

extension [Double] {
    /// Whether two arrays are the same memory.
    fileprivate func isSame(as other: [Double]) -> Bool {
        withUnsafeBufferPointer { values in
            other.withUnsafeBufferPointer { others in
                values.baseAddress == others.baseAddress && values.count == others.count
            }
        }
    }
}
