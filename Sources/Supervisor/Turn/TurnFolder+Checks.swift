// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// The name of a file in an outbox: `<number>-<topic>.json` or `<number>-note.md`.
struct OutboxName: Comparable {
    let name: String
    let number: Int
    /// The topic of a signal; nil for a note.
    let topic: Topic?

    init(_ name: String) throws(TurnFolder.Refusal) {
        self.name = name
        let parts = name.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, (1...4).contains(parts[0].utf8.count),
            parts[0].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(parts[0])
        else { throw Self.unknown(name) }
        self.number = number
        if parts[1] == "note.md" {
            topic = nil
        } else if parts[1].hasSuffix(".json"),
            let topic = Topic(rawValue: String(parts[1].dropLast(5)))
        {
            self.topic = topic
        } else {
            throw Self.unknown(name)
        }
    }

    private static func unknown(_ name: String) -> TurnFolder.Refusal {
        .init(
            description: "the outbox holds '\(name)'; allowed are <number>-<topic>.json and"
                + " <number>-note.md"
        )
    }

    static func < (left: OutboxName, right: OutboxName) -> Bool {
        (left.number, left.name) < (right.number, right.name)
    }
}

extension TurnFolder {
    func refusal(_ message: String) -> Refusal { Refusal(description: message) }

    func checked<Result>(
        _ body: () throws(DeskError) -> Result
    ) throws(Refusal) -> Result {
        do {
            return try body()
        } catch {
            throw refusal(error.description)
        }
    }

    /// Checks one file of the outbox and adds it to the harvest.
    func add(_ file: OutboxName, _ bytes: [UInt8], to harvest: inout Harvest) throws(Refusal) {
        guard let topic = file.topic else {
            guard String(validating: bytes, as: UTF8.self) != nil else {
                throw refusal("the note '\(file.name)' is not UTF-8")
            }
            try requireNoSecret(in: bytes, of: file.name)
            harvest.notes.append(bytes)
            return
        }
        guard agent.role.topics.contains(topic) else {
            let allowed = agent.role.topics.map(\.rawValue).joined(separator: ", ")
            throw refusal(
                "a \(agent.role.rawValue) may not say '\(topic.rawValue)'; allowed are \(allowed)"
            )
        }
        let signal = try checked { () throws(DeskError) in
            try Signal(committed: bytes, path: file.name)
        }
        guard signal.topic == topic else {
            throw refusal("the file '\(file.name)' holds the topic '\(signal.topic.rawValue)'")
        }
        try checked { () throws(DeskError) in
            try SignalSchema.check(topic, signal.body, file: file.name)
        }
        try requireNoSecret(in: bytes, of: file.name)
        if bytes.contains(0x5C) {
            // What is written with escapes is looked at as it will be read.
            try requireNoSecret(in: signal.body.compactBytes, of: file.name)
        }
        harvest.signals.append((topic, bytes))
    }

    func requireNoSecret(in bytes: [UInt8], of name: String) throws(Refusal) {
        guard let secret = secrets.find(in: bytes) else { return }
        throw refusal("the file '\(name)' seems to hold \(secret); it is not published")
    }

    /// Checks what an agent says of its turn, which becomes the message of the commit.
    func requireNoSecret(in story: TurnStory) throws(Refusal) {
        let text = ([story.subject] + story.details).joined(separator: "\n")
        guard let secret = secrets.find(in: Array(text.utf8)) else { return }
        throw refusal("the summary seems to hold \(secret); it is not published")
    }
}
