// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

extension ResearcherMemory {
    /// Takes in a verdict on a strategy or on an intent.
    /// - Returns: What to say about it in the log.
    mutating func take(verdict signal: Signal) -> [String] {
        guard let hash = signal.body["strategy_hash"]?.stringValue,
            let passed = signal.body["passed"]?.boolValue
        else { return [] }
        if signal.body["kind"]?.stringValue == "report" {
            let until = signal.body["approved_until"]?.stringValue.flatMap { CalendarDate($0) }
            guard passed, let until else { return [] }
            approvals.removeAll { $0.hash == hash }
            approvals.append((hash, signal.id, until))
            return ["approved \(hash.prefix(12)) until \(until)"]
        }
        guard let symbol = signal.body["symbol"]?.stringValue,
            let index = holding(hash, symbol)
        else { return [] }
        let isEntry = signal.body["action"]?.stringValue == "enter"
        switch (isEntry, passed) {
        case (true, true):
            holdings[index].stage = .held
            holdings[index].intent = signal.body["subject"]?.stringValue ?? ""
        case (true, false): holdings.remove(at: index)
        case (false, true):
            holdings[index].exitIntent = signal.body["subject"]?.stringValue ?? ""
        case (false, false): holdings[index].stage = .held
        }
        return []
    }

    /// Takes in an order that came to nothing.
    mutating func take(fill body: JSON) {
        guard body["state"]?.stringValue != "filled", let order = body["order"]?.stringValue,
            let mark = order.split(separator: "-").last
        else { return }
        if let index = holdings.firstIndex(where: { $0.intent.hasSuffix("-\(mark)") }) {
            holdings.remove(at: index)
            return
        }
        // An exit that came to nothing may be asked for again.
        if let index = holdings.firstIndex(where: { $0.exitIntent.hasSuffix("-\(mark)") }) {
            holdings[index].stage = .held
            holdings[index].exitIntent = ""
        }
    }
}
