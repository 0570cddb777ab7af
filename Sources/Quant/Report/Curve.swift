// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Values over time, thinned out for drawing.
struct Curve {
    /// The most points that are drawn.
    static let mostPoints = 2000

    /// Seconds since the epoch.
    private(set) var times: [Double] = []
    private(set) var values: [Double] = []

    /// Keeps the lowest and the highest value of each stretch, in their order, so that no peak
    /// and no fall is lost.
    init(count: Int, time: (Int) -> Instant, value: (Int) -> Double) {
        let stretches = Self.mostPoints / 2
        guard count > Self.mostPoints else {
            for index in 0..<count { append(time(index), value(index)) }
            return
        }
        for stretch in 0..<stretches {
            let range = (count * stretch / stretches)..<(count * (stretch + 1) / stretches)
            var low = range.lowerBound
            var high = low
            for index in range {
                if value(index) < value(low) { low = index }
                if value(index) > value(high) { high = index }
            }
            // The ends of the curve are what its figures are about.
            if stretch == 0 { append(time(0), value(0)) }
            for index in [min(low, high), max(low, high)] where index != 0 && index != count - 1 {
                append(time(index), value(index))
            }
            if stretch == stretches - 1 { append(time(count - 1), value(count - 1)) }
        }
    }

    private mutating func append(_ time: Instant, _ value: Double) {
        times.append(Double(time.secondsSinceEpoch))
        values.append(value)
    }

    /// The lowest and the highest value.
    var range: (low: Double, high: Double) { (values.min() ?? 0, values.max() ?? 1) }

    /// The points as an SVG path, those that fall on the same pixel left out.
    func path(_ scale: ChartScale) -> String {
        var text = ""
        var last = ""
        for (time, value) in zip(times, values) {
            let point =
                "\(ReportText.coordinate(scale.x(time))) \(ReportText.coordinate(scale.y(value)))"
            guard point != last else { continue }
            text += text.isEmpty ? "M\(point)" : "L\(point)"
            last = point
        }
        return text
    }
}
