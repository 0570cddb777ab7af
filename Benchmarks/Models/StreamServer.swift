// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// A model server that answers every request with the same stream at once, and nothing else.
final class StreamServer: Sendable {
    /// The port at which it listens on the loopback.
    let port: Int
    private let socket: Int32

    /// Listens, and serves each connection on a thread of its own.
    /// - Parameter pauseMilliseconds: How long it waits in the middle of each stream.
    init(pauseMilliseconds: Int = 0) {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let socket = socket
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { place in
                bind(socket, place, length) == 0 && listen(socket, 128) == 0
                    && getsockname(socket, place, &length) == 0
            }
        }
        precondition(bound, "the loopback has a free port")
        port = Int(UInt16(bigEndian: address.sin_port))
        let thread = Thread {
            while true {
                let connection = accept(socket, nil, nil)
                guard connection >= 0 else { return }
                let worker = Thread { Self.serve(connection, pauseMilliseconds) }
                worker.stackSize = 256 << 10
                worker.start()
            }
        }
        thread.start()
    }

    private static func serve(_ connection: Int32, _ pause: Int) {
        defer { close(connection) }
        var one: Int32 = 1
        setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
        while let isMessages = hear(connection) {
            let reply = isMessages ? anthropic : chat
            guard pause > 0 else {
                guard say(connection, reply[...]) else { return }
                continue
            }
            let half = reply.count / 2
            guard say(connection, reply[..<half]) else { return }
            poll(nil, 0, Int32(pause))
            guard say(connection, reply[half...]) else { return }
        }
    }

    /// Reads one request and tells whether it is one of Messages; nil at the end.
    private static func hear(_ connection: Int32) -> Bool? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        let gap = Array("\r\n\r\n".utf8)
        while true {
            if let head = bytes.firstRange(of: gap)?.upperBound {
                let text = String(decoding: bytes[..<head], as: UTF8.self).lowercased()
                let length = text.firstRange(of: "content-length: ").flatMap { range in
                    Int(text[range.upperBound...].prefix { $0.isNumber })
                }
                if bytes.count >= head + (length ?? 0) { return text.contains("/messages ") }
            }
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
        }
    }

    private static func say(_ connection: Int32, _ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// The words of an answer, in twenty pieces.
    static let pieces = (0..<20).map { "piece \($0) of an answer that takes a while to say. " }

    private static func chunked(_ events: [String]) -> [UInt8] {
        let head =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n"
        let chunks = events.map { "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n" }
        return Array((head + chunks.joined() + "0\r\n\r\n").utf8)
    }

    private static let anthropic: [UInt8] = {
        func event(_ type: String, _ rest: String) -> String {
            "event: \(type)\ndata: {\"type\":\"\(type)\"\(rest)}\n\n"
        }
        let message =
            #","message":{"id":"m","type":"message","role":"assistant","model":"m","content":[],"#
            + #""stop_reason":null,"stop_sequence":null,"#
            + #""usage":{"input_tokens":9,"output_tokens":1}}"#
        let deltas = pieces.map { piece in
            event(
                "content_block_delta",
                #","index":0,"delta":{"type":"text_delta","text":"\#(piece)"}"#
            )
        }
        return chunked(
            [
                event("message_start", message),
                event(
                    "content_block_start",
                    #","index":0,"content_block":{"type":"text","text":""}"#
                ),
            ] + deltas + [
                event("content_block_stop", #","index":0"#),
                event(
                    "message_delta",
                    #","delta":{"stop_reason":"end_turn","stop_sequence":null},"#
                        + #""usage":{"output_tokens":20}"#
                ),
                event("message_stop", ""),
            ]
        )
    }()

    private static let chat: [UInt8] = {
        func chunk(_ delta: String, _ end: String) -> String {
            #"data: {"id":"c","object":"chat.completion.chunk","created":0,"model":"m","#
                + #""choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(end)}]}"# + "\n\n"
        }
        let usage =
            #"data: {"id":"c","object":"chat.completion.chunk","created":0,"model":"m","#
            + #""choices":[],"usage":{"prompt_tokens":9,"completion_tokens":20,"total_tokens":29}}"#
            + "\n\n"
        let deltas = pieces.map { chunk(#"{"content":"\#($0)"}"#, "null") }
        return chunked(
            [chunk(#"{"role":"assistant","content":""}"#, "null")] + deltas
                + [chunk("{}", #""stop""#), usage, "data: [DONE]\n\n"]
        )
    }()
}
