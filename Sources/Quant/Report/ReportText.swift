// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Numbers and texts as the pages of a report need them.
enum ReportText {
    /// A text that HTML shows as it is.
    static func escaped(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }

    /// A number with so many decimals, thousands set apart by thin spaces.
    static func fixed(_ value: Double, _ places: Int) -> String {
        let scale = [1.0, 10, 100, 1000, 10_000, 100_000, 1_000_000][places]
        let scaled = (abs(value) * scale).rounded(.toNearestOrEven)
        guard scaled < 0x1p53 else { return value.description }
        let units = Int(scaled)
        let whole = grouped(units / Int(scale))
        let sign = value < 0 && units != 0 ? "−" : ""
        guard places > 0 else { return sign + whole }
        let digits = String(units % Int(scale))
        let zeros = String(repeating: "0", count: places - digits.count)
        return "\(sign)\(whole).\(zeros)\(digits)"
    }

    /// A number for a person, or a dash when it is not defined.
    static func number(_ value: Double?, _ places: Int) -> String {
        value.map { fixed($0, places) } ?? "–"
    }

    /// A share as a percentage, or a dash.
    static func percent(_ value: Double?, _ places: Int = 2) -> String {
        value.map { "\(fixed($0 * 100, places)) %" } ?? "–"
    }

    /// A coordinate of a drawing, with one decimal; what no drawing reaches is put at its end.
    static func coordinate(_ value: Double) -> String {
        guard abs(value) < 1e6 else { return value > 0 ? "1000000" : "-1000000" }
        let units = Int((value * 10).rounded(.toNearestOrEven))
        let tenths = units.magnitude % 10
        let whole = "\(units < 0 ? "-" : "")\(units.magnitude / 10)"
        return tenths == 0 ? whole : "\(whole).\(tenths)"
    }

    private static func grouped(_ value: Int) -> String {
        let digits = Array(String(value))
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result += "\u{202F}" }
            result.append(digit)
        }
        return result
    }
}
