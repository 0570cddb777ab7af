// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

extension TriggerRequest {
    /// The bytes of the request's file: a hash of the rest, one line of JSON, the payload.
    var fileBytes: [UInt8] {
        let head: JSON = [
            "agent": .string(agent.description), "kind": .string(kind.rawValue),
            "id": .string(id), "time": .string(time.description),
        ]
        let rest = head.compactBytes + [0x0A] + payload
        return Array("\(ContentHash(of: rest))\n".utf8) + rest
    }

    /// The most bytes of a file: hash, a line with an id of escaped characters, payload.
    static let fileLimitBytes = 65 + 8 * idLimitBytes + payloadLimitBytes

    /// Reads a request's file; nil when a byte of it is not what was written.
    init?(fileBytes bytes: [UInt8]) {
        guard bytes.count > 65, bytes[64] == 0x0A,
            ContentHash(of: bytes[65...]).description.utf8.elementsEqual(bytes[..<64]),
            let end = bytes[65...].firstIndex(of: 0x0A),
            // The hash is right, so what is no request was written by another version.
            let head = try? JSON(parsing: Array(bytes[65..<end])),
            let agent = head["agent"]?.stringValue.flatMap({ AgentName($0) }),
            let kind = head["kind"]?.stringValue.flatMap({ Kind(rawValue: $0) }),
            let id = head["id"]?.stringValue,
            let time = head["time"]?.stringValue.flatMap({ Instant($0) })
        else { return nil }
        self.init(
            agent: agent,
            kind: kind,
            id: id,
            payload: Array(bytes[(end + 1)...]),
            time: time
        )
    }
}
