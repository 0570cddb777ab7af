// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What each column of a row is and where its number goes, in a form that costs little to look up.
final class RowLayout {
    // Kinds from 0 are numbers; the five of a bar lie in the slab.
    static let open = 0
    static let adjusted = 5
    static let time = -1
    static let symbol = -2
    static let unused = -3

    /// The kind of each column.
    let kinds: UnsafeMutablePointer<Int>
    /// Where the numbers of each kind go; the adjusted close has room for one.
    let targets: UnsafeMutablePointer<UnsafeMutablePointer<Double>>
    /// The number of columns.
    let count: Int

    init(_ header: BarHeader, slab: BarSlab) {
        let fields = header.fields
        count = fields.count
        kinds = .allocate(capacity: count)
        for (index, field) in fields.enumerated() {
            (kinds + index).initialize(to: Self.kind(of: field))
        }
        targets = .allocate(capacity: 6)
        for column in 0..<5 { (targets + column).initialize(to: slab.numbers(column)) }
        let adjusted = UnsafeMutablePointer<Double>.allocate(capacity: 1)
        adjusted.initialize(to: 0)
        (targets + 5).initialize(to: adjusted)
    }

    deinit {
        targets[Self.adjusted].deallocate()
        targets.deallocate()
        kinds.deallocate()
    }

    private static func kind(of field: BarField?) -> Int {
        switch field {
        case .open: open
        case .high: 1
        case .low: 2
        case .close: 3
        case .volume: 4
        case .adjustedClose: adjusted
        case .timestamp: time
        case .symbol: symbol
        // Rows with what the venue says of a day are not read by layout.
        case .settlement, .limitUp, .limitDown, nil: unused
        }
    }
}
