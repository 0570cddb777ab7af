// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

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
            for (index, column) in zip(group, Self.averages(values, windows))
            where column.last?.isFinite == true {
                results[index] = .numbers(column)
            }
        }
        return results
    }

    /// The simple averages of one of the prices among some calls, at most four, as a stream.
    ///
    /// The prices must all be finite.
    public func stream(of calls: [ColumnCall]) -> (calls: [Int], stream: any ColumnStream)? {
        let prices = [series.close, series.open, series.high, series.low]
        let places = calls.indices.filter { index in
            guard let values = Self.average(calls[index])?.values else { return false }
            return prices.contains { $0.withUnsafeBufferPointer { values.isSame(as: $0) } }
        }
        guard let first = places.first, let values = Self.average(calls[first])?.values else {
            return nil
        }
        let group = places.filter { Self.average(calls[$0])?.values.isSame(as: values) == true }
        let few = Array(group.prefix(4))
        let windows = few.compactMap { Self.average(calls[$0])?.window }
        return (few, AverageStream(values: values, windows: windows))
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

    private static func averages(_ values: [Double], _ windows: [Int]) -> [[Double]] {
        // Four at a time, as many as the kernel takes side by side.
        stride(from: 0, to: windows.count, by: 4).flatMap { start in
            averages(values, Array(windows[start..<min(start + 4, windows.count)]), into: [])
        }
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
        other.withUnsafeBufferPointer { isSame(as: $0) }
    }

    fileprivate func isSame(as other: UnsafeBufferPointer<Double>) -> Bool {
        withUnsafeBufferPointer { $0.baseAddress == other.baseAddress && count == other.count }
    }
}
