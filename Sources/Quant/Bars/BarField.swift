// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What a column of a file of bars may hold.
enum BarField: Int, CaseIterable {
    case symbol
    case timestamp
    case open
    case high
    case low
    case close
    case volume
    case adjustedClose
    case settlement
    case limitUp
    case limitDown

    /// Those that hold what the venue says of a day.
    static let ofDay: [BarField] = [.settlement, .limitUp, .limitDown]

    /// Whether a file may do without it.
    var isOptional: Bool { rawValue >= Self.adjustedClose.rawValue }

    /// The name that our own files give the column.
    var name: String {
        switch self {
        case .adjustedClose: "adj_close"
        case .limitUp: "limit_up"
        case .limitDown: "limit_down"
        default: "\(self)"
        }
    }

    /// The other names by which it is known, in lower case and with `_` between words.
    private var synonyms: [String] {
        switch self {
        case .symbol: ["ticker"]
        case .timestamp: ["date", "datetime", "time", "date_time"]
        case .volume: ["vol"]
        case .adjustedClose: ["adjclose", "adjusted_close"]
        case .settlement: ["settle"]
        case .limitUp: ["up_limit"]
        case .limitDown: ["down_limit"]
        case .open, .high, .low, .close: []
        }
    }

    /// Whether a name in a header means this field; case, spaces and dashes do not matter.
    func isMeant(by header: String) -> Bool {
        let plain = Self.plain(header)
        return plain == name || synonyms.contains(plain)
    }

    static func plain(_ header: String) -> String {
        let lowered = header.lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 }
        let edges = lowered.drop { $0 == "_" }
        return String(edges.reversed().drop { $0 == "_" }.reversed())
    }
}
