// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// How things stand at the broker, for people.
struct BrokerStatus {
    private let standing: JSON

    init(_ standing: JSON) {
        self.standing = standing
    }

    /// A line of its own for each thing that there is to say.
    var text: String {
        let number = standing["account"]?.stringValue ?? "not known yet"
        let worth = standing["equity"]?.stringValue.map { ", worth \($0)" } ?? ""
        let orders = standing["orders"]?.arrayValue ?? []
        let doubtful = orders.filter { $0["standing"] == "unknown" }.count
        var lines = [
            "Broker: account \(number)\(worth), \(orders.count) open orders"
                + (doubtful == 0 ? "" : ", \(doubtful) of them in doubt")
        ]
        if standing["surveyed"] == false { lines.append("Broker: not looked at yet") }
        for (name, what) in [("positions", "held"), ("external", "held by hand")] {
            guard case .object(let members) = standing[name], !members.isEmpty else { continue }
            let amounts = members.map { "\($0.value.stringValue ?? "?") \($0.name)" }
            lines.append("Broker: \(amounts.joined(separator: ", ")) \(what)")
        }
        if let trouble = standing["trouble"]?.stringValue {
            lines.append("Broker: \(trouble)")
        }
        return lines.map { PlainText.line($0) }.joined(separator: "\n")
    }
}
