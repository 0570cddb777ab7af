// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Glibc

/// Where values and times lie in a drawing, and which of them are written at its edges.
struct ChartScale {
    let width: Double
    let height: Double
    let times: (first: Double, last: Double)
    let values: (low: Double, high: Double)
    /// Whether there is one instant only.
    private let isInstant: Bool

    /// Leaves a little air above and below the values.
    init(
        width: Double,
        height: Double,
        times: (first: Double, last: Double),
        values: (low: Double, high: Double),
        padding: Double = 0.05
    ) {
        self.width = width
        self.height = height
        isInstant = times.last <= times.first
        self.times = times.last > times.first ? times : (times.first, times.first + 1)
        let span = values.high - values.low
        let air = span > 0 ? span * padding : max(abs(values.high) * 0.01, 1e-9)
        self.values = (values.low - (padding > 0 ? air : 0), values.high + air)
    }

    func x(_ time: Double) -> Double {
        (time - times.first) / (times.last - times.first) * width
    }

    func y(_ value: Double) -> Double {
        height - (value - values.low) / (values.high - values.low) * height
    }

    /// Round values between the lowest and the highest, and the decimals that they need.
    var valueTicks: (values: [Double], places: Int) {
        let rough = (values.high - values.low) / 5
        guard rough > 0, rough.isFinite else { return ([], 0) }
        let power = pow(10, log10(rough).rounded(.down))
        let step = power * ([1, 2, 5, 10].first { $0 * power >= rough * 0.999 } ?? 10)
        var ticks: [Double] = []
        var index = (values.low / step).rounded(.up)
        while index * step <= values.high, ticks.count < 12 {
            ticks.append(index * step)
            index += 1
        }
        let places = max(0, min(6, Int(-log10(step).rounded(.down))))
        return (ticks, places)
    }

    /// Round instants between the first and the last, with what is written below them.
    var timeTicks: [(time: Double, label: String)] {
        if isInstant { return [(times.first, Self.date(times.first).description)] }
        let days = (times.last - times.first) / 86_400
        if days > 800 { return months(every: 12 * Self.step(days / 365.25, [1, 2, 5, 10, 20])) }
        if days > 75 { return months(every: Self.step(days / 30.4, [1, 2, 3, 6])) }
        if days > 3 { return dates(every: Self.step(days, [1, 2, 5, 10])) }
        let hours = days * 24
        if hours > 3 { return clock(every: 60 * Self.step(hours, [1, 2, 3, 6, 12])) }
        return clock(every: Self.step(hours * 60, [1, 2, 5, 10, 15, 30]))
    }

    /// The least step with at most ten ticks.
    private static func step(_ span: Double, _ steps: [Int]) -> Int {
        steps.first { span / Double($0) <= 10 } ?? steps[steps.count - 1]
    }

    private func months(every step: Int) -> [(time: Double, label: String)] {
        var ticks: [(Double, String)] = []
        let start = Self.date(times.first).parts
        var month = start.year * 12 + start.month - 1
        month += (step - month % step) % step
        while let date = CalendarDate(year: month / 12, month: month % 12 + 1, day: 1) {
            let time = Double(date.daysSinceEpoch) * 86_400
            guard time <= times.last else { break }
            let label = step % 12 == 0 ? "\(month / 12)" : String(date.description.prefix(7))
            if time >= times.first { ticks.append((time, label)) }
            month += step
        }
        return ticks
    }

    private func dates(every step: Int) -> [(time: Double, label: String)] {
        ticks(every: Double(step) * 86_400) { Self.date($0).description }
    }

    private func clock(every minutes: Int) -> [(time: Double, label: String)] {
        ticks(every: Double(minutes) * 60) { time in
            let instant = Instant(secondsSinceEpoch: Int64(time))
            return String(instant.description.dropFirst(11).prefix(5))
        }
    }

    private func ticks(
        every step: Double,
        _ label: (Double) -> String
    ) -> [(time: Double, label: String)] {
        var result: [(Double, String)] = []
        var time = (times.first / step).rounded(.up) * step
        while time <= times.last, result.count < 40 {
            result.append((time, label(time)))
            time += step
        }
        return result
    }

    private static func date(_ time: Double) -> CalendarDate {
        CalendarDate(daysSinceEpoch: Int((time / 86_400).rounded(.down)))
    }
}
