// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CKernels
import Expressions

/// Simple averages of one finite series over at most four windows, block by block.
struct AverageStream: ColumnStream {
    let values: [Double]
    let windows: [Int]

    var width: Int { windows.count }

    func makeRun() -> any ColumnStreamRun { Run(self) }

    private final class Run: ColumnStreamRun {
        private let stream: AverageStream
        private var sums: [Double]

        init(_ stream: AverageStream) {
            self.stream = stream
            sums = Array(repeating: 0, count: stream.width)
        }

        func fill(_ rows: Range<Int>, _ outputs: UnsafeMutablePointer<Double>, stride: Int) {
            let targets: [UnsafeMutablePointer<Double>?] = stream.windows.indices.map {
                outputs + $0 * stride
            }
            desk_averages(
                stream.values,
                rows.lowerBound,
                rows.upperBound,
                stream.windows,
                &sums,
                targets,
                targets.count
            )
        }
    }
}
