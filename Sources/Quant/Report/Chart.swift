// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A drawing of one curve with axes, as SVG.
struct Chart {
    /// A place on the curve that is marked.
    struct Mark {
        /// What a mark stands for, as the style sheet calls it.
        enum Kind: String {
            case entry
            case gain
            case loss
        }

        let kind: Kind
        let time: Double
        let value: Double
        let title: String
    }

    static let width = 1000.0
    private static let left = 76.0
    private static let bottom = 24.0

    let title: String
    let curve: Curve
    let height: Double
    /// The class of the line in the style sheet.
    let style: String
    /// Whether the area between the curve and zero is filled.
    var isFilled = false
    var marks: [Mark] = []
    /// How a value is written at the edge, with as many decimals as neighbours need.
    var label: (Double, Int) -> String = { ReportText.fixed($0, $1) }

    var svg: String {
        let range = curve.range
        let marked = marks.map(\.value)
        let low = min(range.low, marked.min() ?? range.low)
        let high = max(range.high, marked.max() ?? range.high)
        let scale = ChartScale(
            width: Self.width - Self.left - 8,
            height: height,
            times: (curve.times.first ?? 0, curve.times.last ?? 1),
            // An area without any height still has an edge with a number or two.
            values: isFilled ? (min(low, high > 0 ? 0 : -0.01), max(high, 0)) : (low, high)
        )
        let full = ReportText.coordinate(height + Self.bottom + 8)
        return """
            <figure><figcaption>\(ReportText.escaped(title))</figcaption>
            <svg viewBox="0 0 1000 \(full)" role="img" aria-label="\(ReportText.escaped(title))">
            <g transform="translate(\(ReportText.coordinate(Self.left)) 8)">
            \(axes(scale))
            \(line(scale))
            \(drawnMarks(scale))</g></svg></figure>
            """
    }

    private func axes(_ scale: ChartScale) -> String {
        var lines: [String] = []
        let ticks = scale.valueTicks
        for value in ticks.values {
            let y = ReportText.coordinate(scale.y(value))
            let right = ReportText.coordinate(scale.width)
            let text = label(value, ticks.places)
            lines.append(
                "<path class=\"grid\" d=\"M0 \(y)H\(right)\"/>"
                    + "<text class=\"value\" x=\"-8\" y=\"\(y)\">\(text)</text>"
            )
        }
        for (time, label) in scale.timeTicks {
            let x = scale.x(time)
            let place = ReportText.coordinate(x)
            let end = ReportText.coordinate(scale.height)
            lines.append("<path class=\"grid\" d=\"M\(place) 0V\(end)\"/>")
            // A label at the very edge would be cut.
            guard x < scale.width - 24 else { continue }
            let y = ReportText.coordinate(scale.height + 17)
            lines.append("<text class=\"time\" x=\"\(place)\" y=\"\(y)\">\(label)</text>")
        }
        return lines.joined(separator: "\n")
    }

    private func line(_ scale: ChartScale) -> String {
        if curve.times.count == 1, let value = curve.values.first {
            // A single point is a level.
            let level = "M0 \(ReportText.coordinate(scale.y(value)))"
            let right = ReportText.coordinate(scale.width)
            return "<path class=\"line \(style)\" d=\"\(level)H\(right)\"/>"
        }
        let path = curve.path(scale)
        var text = ""
        if isFilled, let first = curve.times.first, let last = curve.times.last {
            let zero = ReportText.coordinate(scale.y(0))
            text += "<path class=\"area \(style)\" d=\"\(path)L"
            text += "\(ReportText.coordinate(scale.x(last))) \(zero)L"
            text += "\(ReportText.coordinate(scale.x(first))) \(zero)Z\"/>\n"
        }
        return text + "<path class=\"line \(style)\" d=\"\(path)\"/>"
    }

    /// An entry points up from below the price, an exit lies on it.
    private func drawnMarks(_ scale: ChartScale) -> String {
        var text = ""
        for mark in marks {
            let x = ReportText.coordinate(scale.x(mark.time))
            let y = ReportText.coordinate(scale.y(mark.value))
            let shape = mark.kind == .entry ? "M0 1l4 7h-8z" : "M0 -4l4 4l-4 4l-4 -4z"
            text += "<path class=\"mark \(mark.kind.rawValue)\" transform=\"translate(\(x) \(y))\""
            text += " d=\"\(shape)\"><title>\(ReportText.escaped(mark.title))</title></path>\n"
        }
        return text
    }
}
