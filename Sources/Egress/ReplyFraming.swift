// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import HTTP

/// Writes a reply as HTTP for the agent: in chunks, so that a cut is seen as a cut.
struct ReplyFraming: Sendable {
    /// The head with the empty line behind it.
    let head: [UInt8]
    private let hasBody: Bool

    init(_ reply: HTTPHead, method: String, secret: String?) {
        hasBody = method != "HEAD" && reply.status != 204 && reply.status != 304
        var text = "HTTP/1.1 \(reply.status) Reply\r\n"
        for header in PassedHeaders.reply(reply.headers, secret: secret) {
            text += "\(header.name): \(header.value)\r\n"
        }
        if hasBody { text += "transfer-encoding: chunked\r\n" }
        head = Array("\(text)connection: close\r\n\r\n".utf8)
    }

    /// A part of the body; nothing for nothing, since an empty chunk is the end.
    func part(_ bytes: [UInt8]) -> [UInt8] {
        guard hasBody, !bytes.isEmpty else { return [] }
        return Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + [0x0D, 0x0A]
    }

    /// What stands behind the last part.
    var end: [UInt8] { hasBody ? Array("0\r\n\r\n".utf8) : [] }
}
