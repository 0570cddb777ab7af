// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant

/// Adds to proposals in an outbox what a language model cannot reckon: the hash of the strategy.
///
/// What cannot be read is left as it is; the supervisor says what is wrong with it.
struct ProposalCompletion {
    private let outbox: Folder

    /// The largest file that is looked at.
    private static let limitBytes = 1 << 20
    /// The most files that are looked at.
    private static let fileLimit = 200

    init(_ outbox: Folder) {
        self.outbox = outbox
    }

    func run() throws {
        let names = try outbox.names().filter { $0.hasSuffix("-proposal.json") }
        for name in names.sorted().prefix(Self.fileLimit) {
            // As above: the supervisor refuses links, pipes and files that are too large.
            guard let bytes = try? outbox.readUntrusted(name, limitBytes: Self.limitBytes),
                // As above.
                let file = try? JSON(parsing: bytes), let whole = Self.completed(file)
            else { continue }
            try outbox.replace(name, with: whole.prettyBytes)
        }
    }

    /// A proposal with hash and family; nil when it has them or cannot be read.
    static func completed(_ file: JSON) -> JSON? {
        guard let members = file.objectValue, let body = file["body"]?.objectValue,
            file["topic"] == "proposal", file["body"]?["strategy_hash"] == nil,
            let draft = file["body"]?["strategy"]?.objectValue
        else { return nil }
        let schema = draft.contains { $0.name == "schema" } ? [] : [JSON.Member("schema", 1)]
        // A strategy that is none is refused with its reason by whoever tests it.
        guard let strategy = try? Strategy(.object(schema + draft)) else { return nil }
        let added: [JSON.Member] = [
            .init("family", .string(strategy.family)),
            .init("strategy_hash", .string(strategy.hash.description)),
            .init("strategy", strategy.json),
        ]
        let kept = body.filter { member in !added.contains { $0.name == member.name } }
        return .object(
            members.map { $0.name == "body" ? .init("body", .object(added + kept)) : $0 }
        )
    }
}
