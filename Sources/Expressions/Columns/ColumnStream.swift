// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Columns that are computed block by block, so that no more than a block of them is ever kept.
public protocol ColumnStream: Sendable {
    /// The number of columns.
    var width: Int { get }
    /// Begins at the first row.
    func makeRun() -> any ColumnStreamRun
}

/// One run over a stream of columns.
public protocol ColumnStreamRun: AnyObject {
    /// Computes the rows that follow on those before; column k goes to `outputs + k * stride`.
    func fill(_ rows: Range<Int>, _ outputs: UnsafeMutablePointer<Double>, stride: Int)
}
