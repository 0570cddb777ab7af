// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Durations of one kind, in milliseconds.
struct Samples {
    private let sorted: [Double]
    private let total: Double

    init(_ milliseconds: some Sequence<Double>) {
        sorted = milliseconds.sorted()
        total = sorted.reduce(0, +)
    }

    var median: Double { quantile(0.5) }

    var mean: Double { sorted.isEmpty ? 0 : total / Double(sorted.count) }

    func row(_ name: String) -> String {
        let pad = String(repeating: " ", count: max(0, 40 - name.count))
        let rate = total > 0 ? Double(sorted.count) * 1000 / total : 0
        return "\(name)\(pad)\(Self.text(median))\(Self.text(quantile(0.99)))\(Self.text(rate))"
    }

    /// The number with two decimals, right-aligned.
    static func text(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let fraction = hundredths % 100
        let digits = "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
        return String(repeating: " ", count: max(1, 10 - digits.count)) + digits
    }

    private func quantile(_ share: Double) -> Double {
        guard !sorted.isEmpty else { return 0 }
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }
}
