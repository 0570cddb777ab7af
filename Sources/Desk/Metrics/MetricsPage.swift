// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Writes the text format of Prometheus.
struct MetricsPage {
    typealias Labels = [(name: String, value: String)]
    typealias Sample = (labels: Labels, value: Double)

    enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    private(set) var text = ""

    /// Adds a metric of one value.
    mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
        add(name, kind, help, [(labels: [], value: value)])
    }

    /// Adds a metric with labels; nothing when it has no values.
    mutating func add(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
        guard !samples.isEmpty else { return }
        begin(name, kind, help)
        for line in samples.map({ Self.line(name, $0.labels, $0.value) }).sorted() { text += line }
    }

    /// Adds histograms; nothing when there are none.
    mutating func add(
        _ name: String,
        _ help: String,
        _ samples: [(labels: Labels, histogram: Histogram)]
    ) {
        guard !samples.isEmpty else { return }
        begin(name, .histogram, help)
        let blocks = samples.map { labels, histogram -> (key: String, text: String) in
            (Self.text(of: labels), Self.block(name, labels, histogram))
        }
        for block in blocks.sorted(by: { $0.key < $1.key }) { text += block.text }
    }

    private mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    private static func block(_ name: String, _ labels: Labels, _ histogram: Histogram) -> String {
        var (text, total) = ("", 0)
        for (bound, count) in zip(histogram.bounds, histogram.counts) {
            total += count
            text += line("\(name)_bucket", labels + [("le", number(bound))], Double(total))
        }
        text += line("\(name)_bucket", labels + [("le", "+Inf")], Double(histogram.count))
        text += line("\(name)_sum", labels, histogram.sum)
        return text + line("\(name)_count", labels, Double(histogram.count))
    }

    private static func line(_ name: String, _ labels: Labels, _ value: Double) -> String {
        "\(name)\(text(of: labels)) \(number(value))\n"
    }

    private static func text(of labels: Labels) -> String {
        guard !labels.isEmpty else { return "" }
        return "{\(labels.map { "\($0.name)=\"\(escaped($0.value))\"" }.joined(separator: ","))}"
    }

    private static func escaped(_ value: String) -> String {
        var text = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(character)
            }
        }
        return text
    }

    /// Whole numbers without a decimal point, all others as short as they can be read back.
    private static func number(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-Inf" : "+Inf" }
        return abs(value) < 1e15 && value == value.rounded()
            ? String(Int64(value)) : value.description
    }
}
