// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// The parts of a broker's mapping.
extension YAMLReader {
    /// The three ways of placing an order: what they have in common, and what each adds.
    mutating func placing() -> (
        market: BrokerMapping.Call?, limit: BrokerMapping.Call?, stop: BrokerMapping.Call?
    )? {
        guard let node = mapping("place", in: root) else { return nil }
        allowOnly(["tool", "arguments", "market", "limit", "stop"], in: node, path: "place.")
        let words = ["id", "symbol", "side", "quantity"]
        guard let tool = string("tool", in: node, path: "place."),
            let common = template("arguments", in: node, path: "place.", words: words)
        else { return nil }
        func call(_ added: ArgumentTemplate?) -> BrokerMapping.Call? {
            added.map { BrokerMapping.Call(tool: tool, arguments: common.adding($0)) }
        }
        let market = template("market", in: node, path: "place.", words: words)
        let stop = template("stop", in: node, path: "place.", words: words + ["stop"])
        let limit =
            node["limit"] == nil
            ? nil : template("limit", in: node, path: "place.", words: words + ["limit"])
        for (name, added, word) in [
            ("market", market, nil), ("stop", stop, "stop"), ("limit", limit, "limit"),
        ] {
            guard let added else { continue }
            if let twice = added.names.first(where: { common.names.contains($0) }) {
                report(
                    line: node[name]?.line,
                    "place.\(name).\(twice): stands in place.arguments as well; once is enough"
                )
            }
            let whole = common.adding(added)
            for needed in words + [word].compactMap(\.self) where !whole.mentions(needed) {
                report(
                    line: node[name]?.line ?? node.line,
                    "place.\(name): nothing says {\(needed)}; every order needs it"
                )
            }
        }
        return (call(market), call(limit), call(stop))
    }

    /// A tool and its arguments.
    mutating func call(
        _ name: String,
        in parent: YAMLNode,
        words: [String]
    ) -> BrokerMapping.Call? {
        guard let node = mapping(name, in: parent) else { return nil }
        allowOnly(["tool", "arguments"], in: node, path: "\(name).")
        guard let tool = string("tool", in: node, path: "\(name)."),
            let arguments = template("arguments", in: node, path: "\(name).", words: words)
        else { return nil }
        guard words.contains(where: { arguments.mentions($0) }) else {
            report(
                line: node.line,
                "\(name).arguments: nothing says {\(words.joined(separator: "} or {"))}"
            )
            return nil
        }
        return BrokerMapping.Call(tool: tool, arguments: arguments)
    }

    /// A call whose answer is a list.
    mutating func list(_ name: String) -> BrokerMapping.List? {
        guard let node = mapping(name, in: root) else { return nil }
        let path = "\(name)."
        allowOnly(["tool", "arguments", "list", "full", "next"], in: node, path: path)
        let tool = string("tool", in: node, path: path)
        let first =
            node["arguments"] == nil
            ? ArgumentTemplate(.object([]))
            : template("arguments", in: node, path: path, words: [])
        let list = fieldPath("list", in: node, path: path)
        let hasFull = node["full"] != nil
        let full = int("full", in: node, path: path, range: 1...10_000, default: 1)
        let next =
            node["next"] == nil ? nil : template("next", in: node, path: path, words: ["last"])
        if next != nil, !hasFull {
            report(line: node.line, "\(path)full: missing; next needs the size of a page")
        }
        guard let tool, let first, let list else { return nil }
        return BrokerMapping.List(
            call: .init(tool: tool, arguments: first),
            path: list,
            full: hasFull ? full : nil,
            next: next.map { .init(tool: tool, arguments: first.adding($0)) }
        )
    }

    /// What is read of the account.
    mutating func account() -> BrokerMapping.AccountFields? {
        guard let node = mapping("account", in: root) else { return nil }
        allowOnly(
            ["tool", "arguments", "number", "play_prefix", "cash", "equity"],
            in: node,
            path: "account."
        )
        let tool = string("tool", in: node, path: "account.")
        let arguments =
            node["arguments"] == nil
            ? ArgumentTemplate(.object([]))
            : template("arguments", in: node, path: "account.", words: [])
        let number = fieldPath("number", in: node, path: "account.")
        func optional(_ name: String, _ reader: inout YAMLReader) -> String? {
            node[name] == nil ? nil : reader.fieldPath(name, in: node, path: "account.")
        }
        let cash = optional("cash", &self)
        let equity = optional("equity", &self)
        let prefix =
            node["play_prefix"] == nil
            ? nil : string("play_prefix", in: node, path: "account.")
        guard let tool, let arguments, let number else { return nil }
        return BrokerMapping.AccountFields(
            call: .init(tool: tool, arguments: arguments),
            number: number,
            playPrefix: prefix,
            cash: cash,
            equity: equity
        )
    }

    /// Paths of fields, by name.
    mutating func fields(
        _ name: String,
        _ needed: [String],
        _ optional: [String]
    ) -> [String: String]? {
        guard let node = mapping(name, in: root) else { return nil }
        allowOnly(needed + optional, in: node, path: "\(name).")
        var paths: [String: String] = [:]
        for field in needed + optional where needed.contains(field) || node[field] != nil {
            paths[field] = fieldPath(field, in: node, path: "\(name).")
        }
        return needed.allSatisfy { paths[$0] != nil } ? paths : nil
    }

    /// Lists of the broker's words, by what they mean; no word may mean two things.
    mutating func words(
        _ name: String,
        _ needed: [String],
        _ optional: [String]
    ) -> [String: [String]]? {
        guard let node = mapping(name, in: root) else { return nil }
        allowOnly(needed + optional, in: node, path: "\(name).")
        var lists: [String: [String]] = [:]
        var meanings: [String: String] = [:]
        for meaning in needed + optional {
            let words = list(meaning, in: node, path: "\(name).", expected: "a word") {
                $0.isEmpty ? nil : $0
            }
            if words.isEmpty, needed.contains(meaning) {
                report(line: node.line, "\(name).\(meaning): missing; name the broker's words")
            }
            for word in words {
                if let other = meanings.updateValue(meaning, forKey: word) {
                    report(
                        line: node[meaning]?.line,
                        "\(name).\(meaning): '\(word)' means \(other) already"
                    )
                }
            }
            lists[meaning] = words
        }
        return lists
    }

    /// How errors are recognised.
    mutating func faults() -> [BrokerMapping.Fault: BrokerMapping.FaultRule] {
        guard let node = mapping("errors", in: root) else { return [:] }
        let names = BrokerMapping.Fault.allCases.map(\.rawValue)
        allowOnly(names, in: node, path: "errors.")
        var rules: [BrokerMapping.Fault: BrokerMapping.FaultRule] = [:]
        for fault in BrokerMapping.Fault.allCases {
            guard let rule = mapping(fault.rawValue, in: node, path: "errors.") else { continue }
            let path = "errors.\(fault.rawValue)."
            allowOnly(["texts", "at", "values"], in: rule, path: path)
            let texts = list("texts", in: rule, path: path, expected: "a part of a text") {
                $0.utf8.count < 3 ? nil : $0
            }
            let values = list("values", in: rule, path: path, expected: "a value") { $0 }
            let place = rule["at"] == nil ? nil : fieldPath("at", in: rule, path: path)
            if (place == nil) != values.isEmpty || (texts.isEmpty && values.isEmpty) {
                report(line: rule.line, "\(path.dropLast()): expected texts, or at with values")
            }
            rules[fault] = .init(texts: texts, path: place, values: values)
        }
        return rules
    }

    /// The step of which a broker's prices are multiples.
    mutating func priceStep() -> Decimal8? {
        scalar(
            "price_step",
            in: root,
            expected: "a step from 0.00000001 to 1000, such as 0.01",
            default: Decimal8(units: 1)
        ) { Decimal8($0).flatMap { $0 > .zero && $0 <= Decimal8(1000) ? $0 : nil } }
    }

    /// What numbers look like: whether quantities are whole, and whether they are no texts.
    mutating func forms() -> (isWhole: Bool, areNumbers: Bool) {
        (flag("whole_quantities", in: root), flag("numbers", in: root))
    }

    /// Whether no id is taken twice, which only counts if the refusal of one can be told.
    mutating func uniqueIDs(_ faults: [BrokerMapping.Fault: BrokerMapping.FaultRule]) -> Bool {
        let isUnique = flag("unique_ids", in: root)
        if isUnique, faults[.duplicate] == nil {
            report(
                line: root["unique_ids"]?.line,
                "unique_ids: true needs errors.duplicate, by which a refused id is told"
            )
        }
        return isUnique
    }

    mutating func flag(_ name: String, in node: YAMLNode) -> Bool {
        scalar(name, in: node, expected: "true or false", default: false) { Bool($0) } ?? false
    }
}
