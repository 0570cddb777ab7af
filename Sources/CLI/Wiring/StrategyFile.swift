// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant

/// A strategy as a person wrote it: YAML, or JSON when the file's name ends in `.json`.
///
/// What a desk must state may be left out here: `schema`, `name` (the file's), `family`,
/// `universe` (every symbol of the data), `side` (long), `size` (1).
struct StrategyFile {
    let file: NamedFile
    /// The file as it is.
    let text: String
    /// The members that are written.
    let json: JSON
    private let lines: YAMLDocument?

    init(_ path: String) throws {
        file = NamedFile(path)
        let bytes = try file.read(limitBytes: YAMLDocument.mostBytes)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure("\(path): the file is no UTF-8 text", .badData)
        }
        self.text = text
        if file.suffix == "json" {
            do {
                json = try JSON(parsing: bytes)
            } catch {
                throw Failure(Self.place(path, error.line) + Self.words(error), .badData)
            }
            // The text is whole; its lines only make messages better.
            lines = try? YAMLDocument(text, file: path)
        } else {
            let document = try YAMLDocument(text, file: path)
            json = document.json
            lines = document
        }
        guard case .object(let members) = json else {
            throw Failure("\(path): expected an object, found \(json.kind)", .badData)
        }
        for name in members.map(\.name) where name != Self.walkForward {
            // The strategy does not know this member, so it cannot say that it was meant.
            guard NearestName(to: name, among: [Self.walkForward]).name == nil else {
                let words = "unknown member '\(name)'; did you mean '\(Self.walkForward)'?"
                throw Failure(Self.place(path, lines?.line(of: [name])) + words, .badData)
            }
        }
    }

    /// The member that makes of a strategy one that is chosen anew as time goes by.
    private static let walkForward = "walk_forward"

    /// The only symbol that the file names; nil when it names none or several.
    var onlySymbol: Symbol? {
        guard let universe = json["universe"]?.arrayValue, universe.count == 1 else { return nil }
        return universe[0].stringValue.flatMap { Symbol($0) }
    }

    /// The symbols that the file names; nil when it names none and trades whatever is there.
    var universe: Set<Symbol>? {
        guard let universe = json["universe"]?.arrayValue else { return nil }
        return Set(universe.compactMap { $0.stringValue.flatMap { Symbol($0) } })
    }

    /// Reads the strategy; symbols are what it trades when the file does not say.
    func strategy(of symbols: [Symbol]) throws -> Strategy {
        try explained { () throws(QuantError) in try Strategy(completed(symbols)) }
    }

    /// Reads a strategy that is a program, with the hashes of its files.
    func program(of symbols: [Symbol], _ runner: ProgramRunner) throws -> PositionStrategy {
        let completed = completed(symbols, isProgram: true)
        var strategy = try explained { () throws(QuantError) in try PositionStrategy(completed) }
        for (index, word) in strategy.arguments.enumerated() {
            strategy.files[word] = try runner.hash(of: word, isProgram: index == 0)
        }
        return strategy
    }

    /// Runs something that may find fault with the strategy, and says where in the file it is.
    func explained<Result>(_ body: () throws(QuantError) -> Result) throws -> Result {
        do throws(QuantError) {
            return try body()
        } catch {
            throw located(error)
        }
    }

    /// The members with what was left out, expressions always as texts.
    ///
    /// What belongs to a walk-forward run is none of the strategy itself.
    func completed(_ symbols: [Symbol], isProgram: Bool = false) -> JSON {
        let written = (json.objectValue ?? []).filter { $0.name != Self.walkForward }
        var members = written.map { member in
            switch member.name {
            case "enter", "exit", "invalidation": JSON.Member(member.name, Self.text(member.value))
            case "features": JSON.Member(member.name, Self.texts(member.value))
            default: member
            }
        }
        let defaults: [(String, JSON)] = [
            ("schema", 1), ("name", .string(String(file.stem.prefix(30)))), ("family", "custom"),
            ("universe", .array(symbols.map { .string($0.description) })),
        ]
        for (name, value) in defaults where json[name] == nil {
            members.append(JSON.Member(name, value))
        }
        guard !isProgram else { return .object(members) }
        if json["side"] == nil { members.append(JSON.Member("side", "long")) }
        if json["size"] == nil, json["units"] == nil { members.append(JSON.Member("size", 1)) }
        return .object(members)
    }

    /// The words for an error of a strategy, with the line of the member that it names.
    func located(_ error: QuantError) -> Failure {
        guard error.code == .badStrategy || error.code == .badExpression,
            error.reason.hasPrefix("strategy")
        else { return Failure("\(file.path): \(error.reason)", .badData) }
        let end = error.reason.firstIndex(of: ":") ?? error.reason.endIndex
        var path = error.reason[..<end].split { ".[]".contains($0) }.dropFirst().map(String.init)
        var words = error.reason
        if path.isEmpty {
            // What stands in quotes is the member's name.
            let quoted = error.reason.split(separator: "'", omittingEmptySubsequences: false)
            if quoted.count > 1, json[String(quoted[1])] != nil { path = [String(quoted[1])] }
            words = String(words[end...].dropFirst(2))
        } else {
            words = String(words.dropFirst("strategy.".count))
        }
        return Failure(Self.place(file.path, lines?.line(of: path)) + words, .badData)
    }

    private static func place(_ path: String, _ line: Int?) -> String {
        line.map { "\(path):\($0): " } ?? "\(path): "
    }

    private static func words(_ error: JSONError) -> String {
        error.column.map { "column \($0): \(error.message)" } ?? error.message
    }

    /// YAML reads `true` and `1` as values; where an expression stands they are one.
    private static func text(_ value: JSON) -> JSON {
        switch value {
        case .bool, .int, .double: .string(value.compactText)
        default: value
        }
    }

    private static func texts(_ value: JSON) -> JSON {
        guard let members = value.objectValue else { return value }
        return .object(
            members.map { member in
                guard let inner = member.value.objectValue else {
                    return JSON.Member(member.name, text(member.value))
                }
                let changed = inner.map {
                    $0.name == "value" ? JSON.Member($0.name, text($0.value)) : $0
                }
                return JSON.Member(member.name, .object(changed))
            }
        )
    }
}
