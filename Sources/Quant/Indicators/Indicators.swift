// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Technical indicators over whole columns, oldest first.
///
/// Every result is as long as its input. NaN means missing: during warm-up, and wherever an input
/// that the value needs is missing or not finite. The value at an index depends on no later index.
/// Each column is a ``StreamingIndicator`` run over the input once.
public enum Indicators {
    /// A column without any value.
    static func missing(_ count: Int) -> [Double] {
        [Double](repeating: .nan, count: count)
    }

    /// The column of one part of what an indicator gives for each of so many inputs.
    @inline(__always)
    static func column<Indicator: StreamingIndicator & ~Copyable>(
        _ indicator: inout Indicator,
        count: Int,
        input: (Int) -> Indicator.Input,
        part: (Indicator.Output) -> Double
    ) -> [Double] {
        [Double](unsafeUninitializedCapacity: count) { output, filled in
            for index in 0..<count {
                output.initializeElement(at: index, to: part(indicator.next(input(index))))
            }
            filled = count
        }
    }

    /// The column of one part of what an indicator of values gives.
    @inline(__always)
    static func column<Indicator: StreamingIndicator & ~Copyable>(
        _ indicator: consuming Indicator,
        over values: [Double],
        part: (Indicator.Output) -> Double
    ) -> [Double] where Indicator.Input == Double {
        var indicator = indicator
        return values.withUnsafeBufferPointer { values in
            column(&indicator, count: values.count, input: { values[$0] }, part: part)
        }
    }

    /// Writes the column of an indicator of values to memory with room for it.
    @inline(__always)
    static func run<Indicator: StreamingIndicator & ~Copyable>(
        _ indicator: consuming Indicator,
        over input: UnsafeBufferPointer<Double>,
        into output: UnsafeMutableBufferPointer<Double>
    ) where Indicator.Input == Double, Indicator.Output == Double {
        precondition(output.count >= input.count, "the output has room for every input")
        for index in 0..<input.count {
            output[index] = indicator.next(input[index])
        }
    }
}
