// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

extension Execution {
    /// The names of its settings where costs are read.
    static let names = ["volume_share", "latency", "impact"]

    /// Reads the settings among those of costs.
    init(_ fields: JSONFields, path: String) throws(JSONError) {
        func number(_ name: String) throws(JSONError) -> Double? {
            fields.optional(name) == nil ? nil : try fields.double(name)
        }
        let bars = try number("latency") ?? 0
        guard let latency = Int(exactly: bars) else {
            throw JSONError("\(path).latency: expected whole bars, found \(BarCSV.text(of: bars))")
        }
        self.init(
            volumeShare: try number("volume_share"),
            latency: latency,
            impact: try number("impact") ?? 0
        )
        if let fault { throw JSONError("\(path): \(fault)") }
    }

    /// What differs from ``immediate``, by name.
    public var members: [JSON.Member] {
        var members: [JSON.Member] = []
        if let volumeShare {
            members.append(JSON.Member("volume_share", StrategySettings.number(volumeShare)))
        }
        if latency != 0 { members.append(JSON.Member("latency", .int(Int64(latency)))) }
        if impact != 0 { members.append(JSON.Member("impact", StrategySettings.number(impact))) }
        return members
    }

    /// What differs from ``immediate``, as the end of a sentence about fills; empty for nothing.
    public var words: String {
        var words = ""
        if let volumeShare {
            words += ", of at most \(BarCSV.text(of: volumeShare)) of a bar's volume"
        }
        if latency != 0 { words += ", \(latency) bar\(latency == 1 ? "" : "s") later" }
        if impact != 0 {
            words += ", at \(BarCSV.text(of: impact)) of the price for a bar's whole volume"
        }
        return words
    }
}
