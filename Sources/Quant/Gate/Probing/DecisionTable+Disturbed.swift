// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

extension DecisionTable {
    /// The same with entries and exits carried out so many bars later.
    ///
    /// Positions that a program wants are carried out later as a whole, by the bars for entries.
    func late(enter: Int, exit: Int) -> DecisionTable {
        switch content {
        case .signals(let legs, let side, let rules):
            let moved = legs.map { leg in
                var moved = leg
                moved.enter = Self.later(leg.enter, by: enter, before: false)
                moved.exit = Self.later(leg.exit, by: exit, before: false)
                moved.invalidation = leg.invalidation.map {
                    Self.later($0, by: exit, before: false)
                }
                moved.stop = leg.stop.map { Self.later($0, by: enter, before: .nan) }
                moved.target = leg.target.map { Self.later($0, by: enter, before: .nan) }
                return moved
            }
            return DecisionTable(.signals(moved, side: side, rules: rules), times: times)
        case .positions(let table, let series, let strategy):
            let wanted = table.wanted.map { Self.later($0, by: enter, before: 0) }
            return DecisionTable(
                .positions(PositionTable(wanted: wanted), series, strategy),
                times: times
            )
        }
    }

    /// The same with a change of mind followed only when it has lasted so many bars.
    func patient(bars: Int) -> DecisionTable {
        switch content {
        case .signals(let legs, let side, let rules):
            let patient = legs.map { leg in
                var patient = leg
                patient.enter = Self.lasting(leg.enter, bars)
                patient.exit = Self.lasting(leg.exit, bars)
                return patient
            }
            return DecisionTable(.signals(patient, side: side, rules: rules), times: times)
        case .positions(let table, let series, let strategy):
            let wanted = table.wanted.map { Self.settled($0, bars) }
            return DecisionTable(
                .positions(PositionTable(wanted: wanted), series, strategy),
                times: times
            )
        }
    }

    /// The same decisions at other times: each symbol's are moved on by a share of its bars, and
    /// those that leave at the end come in at the start.
    ///
    /// Number, length and costs of the positions stay about the same; what they knew is gone.
    func rotated(by share: Double) -> DecisionTable {
        switch content {
        case .signals(let legs, let side, let rules):
            let moved = legs.map { leg in
                let bars = Int(share * Double(leg.enter.count))
                var moved = leg
                moved.enter = Self.round(leg.enter, by: bars)
                moved.exit = Self.round(leg.exit, by: bars)
                moved.invalidation = leg.invalidation.map { Self.round($0, by: bars) }
                moved.stop = leg.stop.map { Self.round($0, by: bars) }
                moved.target = leg.target.map { Self.round($0, by: bars) }
                return moved
            }
            return DecisionTable(.signals(moved, side: side, rules: rules), times: times)
        case .positions(let table, let series, let strategy):
            let wanted = table.wanted.map { Self.round($0, by: Int(share * Double($0.count))) }
            return DecisionTable(
                .positions(PositionTable(wanted: wanted), series, strategy),
                times: times
            )
        }
    }

    private static func later<Value>(_ list: [Value], by bars: Int, before: Value) -> [Value] {
        guard bars > 0 else { return list }
        let few = min(bars, list.count)
        return Array(repeating: before, count: few) + list.dropLast(few)
    }

    private static func round<Value>(_ list: [Value], by bars: Int) -> [Value] {
        Array(list.suffix(bars)) + list.dropLast(bars)
    }

    private static func lasting(_ list: [Bool], _ bars: Int) -> [Bool] {
        var run = 0
        return list.map { holds in
            run = holds ? run + 1 : 0
            return run >= bars
        }
    }

    private static func settled(_ list: [Double], _ bars: Int) -> [Double] {
        var followed = 0.0
        var last = 0.0
        var run = 0
        return list.map { wanted in
            run = wanted == last ? run + 1 : 1
            last = wanted
            if run >= bars { followed = wanted }
            return followed
        }
    }
}
