// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// One of the five fields of a cron expression: what it is called and what may stand in it.
enum CronField: Int, CaseIterable {
    case minute, hour, dayOfMonth, month, dayOfWeek

    /// The name, for messages.
    var name: String {
        switch self {
        case .minute: "minute"
        case .hour: "hour"
        case .dayOfMonth: "day of month"
        case .month: "month"
        case .dayOfWeek: "day of week"
        }
    }

    /// The numbers that may be written.
    var range: ClosedRange<Int> {
        switch self {
        case .minute: 0...59
        case .hour: 0...23
        case .dayOfMonth: 1...31
        case .month: 1...12
        case .dayOfWeek: 0...7
        }
    }

    /// The names that may be written instead of numbers, in their order.
    private var names: [String] {
        switch self {
        case .month:
            [
                "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
            ]
        case .dayOfWeek: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
        default: []
        }
    }

    /// What may stand in the field, for messages.
    var allowed: String {
        let numbers = "\(range.lowerBound) to \(range.upperBound)"
        guard let first = names.first, let last = names.last else {
            return "numbers from \(numbers), as in 1, 1-5, 1,3, */2 or *"
        }
        return "numbers from \(numbers) or \(first) to \(last), as in 1, 1-5, \(first),\(last) or *"
    }

    /// A number or a name; nil for anything else.
    func value(_ text: Substring) -> Int? {
        if let place = names.firstIndex(of: text.lowercased()) { return place + range.lowerBound }
        guard text.utf8.count <= 4, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(text), range.contains(number)
        else { return nil }
        return number
    }

    /// The end of a range, where `sun` is the day after `sat`.
    func end(_ text: Substring) -> Int? {
        self == .dayOfWeek && text.lowercased() == "sun" ? 7 : value(text)
    }
}
