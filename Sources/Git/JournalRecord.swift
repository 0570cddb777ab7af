// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What one call of ``Publisher/keep(by:)`` adds to the journal.
struct JournalRecord {
    let signature: Signature
    let updates: [RefUpdate]
    let items: [ObjectBatch.Item]

    init(signature: Signature, updates: [RefUpdate], items: [ObjectBatch.Item]) {
        self.signature = signature
        self.updates = updates
        self.items = items
    }

    /// The record as bytes: counts and lengths before what they count, highest byte first.
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(items.reduce(256) { $0 + $1.content.count + 8 })
        Self.append(Array(signature.line.utf8), to: &bytes)
        bytes.appendBigEndian(UInt32(updates.count))
        for update in updates {
            Self.append(Array(update.reference.utf8), to: &bytes)
            update.target.append(to: &bytes)
            (update.expected ?? .zero).append(to: &bytes)
            // Nothing at all differs from an empty line.
            Self.append(update.message.map { [0x2B] + Array($0.utf8) } ?? [], to: &bytes)
        }
        bytes.appendBigEndian(UInt32(items.count))
        for item in items {
            bytes.append(item.kind.rawValue)
            Self.append(item.content, to: &bytes)
        }
        return bytes
    }

    /// Reads a record; nil when the bytes are none.
    init?(_ bytes: [UInt8]) {
        var reader = Reader(bytes: bytes)
        guard let line = reader.chunk(), let signature = Signature(line: line.text[...]),
            let updateCount = reader.number()
        else { return nil }
        var updates: [RefUpdate] = []
        for _ in 0..<updateCount {
            guard let reference = reader.chunk(), let target = reader.id(),
                let expected = reader.id(), let message = reader.chunk()
            else { return nil }
            updates.append(
                RefUpdate(
                    reference: reference.text,
                    to: target,
                    expecting: expected == .zero ? nil : expected,
                    message: message.isEmpty ? nil : Array(message.dropFirst()).text
                )
            )
        }
        guard let itemCount = reader.number() else { return nil }
        var batch = ObjectBatch()
        for _ in 0..<itemCount {
            guard let byte = reader.byte(), let kind = ObjectKind(rawValue: byte),
                let content = reader.chunk()
            else { return nil }
            batch.add(content, kind)
        }
        guard reader.isAtEnd else { return nil }
        self.init(signature: signature, updates: updates, items: batch.items)
    }

    private static func append(_ chunk: [UInt8], to bytes: inout [UInt8]) {
        bytes.appendBigEndian(UInt32(chunk.count))
        bytes.append(contentsOf: chunk)
    }

    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        var isAtEnd: Bool { position == bytes.count }

        mutating func byte() -> UInt8? {
            guard position < bytes.count else { return nil }
            position += 1
            return bytes[position - 1]
        }

        mutating func number() -> Int? {
            guard position + 4 <= bytes.count else { return nil }
            position += 4
            return Int(bytes.bigEndian32(at: position - 4))
        }

        mutating func chunk() -> [UInt8]? {
            guard let count = number(), position + count <= bytes.count else { return nil }
            position += count
            return Array(bytes[(position - count)..<position])
        }

        mutating func id() -> ObjectID? {
            guard position + 20 <= bytes.count else { return nil }
            position += 20
            return ObjectID(from: bytes, at: position - 20)
        }
    }
}
