// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import HTTP
import Synchronization
import TestSupport
import Testing

@Suite("The client and its replies", .timeLimit(.minutes(1)))
struct ClientTests {
    private let url = "http://127.0.0.1:9/path?q=1"

    /// Answers each request of a connection with what it was.
    private static let echo: ScriptedServer.Script = { peer in
        while true {
            let request = peer.hearRequest()
            guard !request.isEmpty else { return }
            peer.say(Peer.reply(200, request))
        }
    }

    @Test("a reply has status, headers and body, and the request was what was asked for")
    func whole() async throws {
        let server = ScriptedServer(Self.echo)
        let client = try server.client()
        let request = HTTPRequest(
            "GET",
            url,
            headers: [HTTPHeader("X-One", "1"), HTTPHeader("X-Empty", "")]
        )

        let answer = try await client.open(request)
        let body = String(decoding: try await answer.body.rest(), as: UTF8.self)

        #expect(answer.head.status == 200 && answer.attempts == 1)
        #expect(answer.head["Content-Length"] == String(body.utf8.count))
        #expect(
            body == "GET /path?q=1 HTTP/1.1\r\nHost: 127.0.0.1:9\r\nx-one: 1\r\nx-empty:\r\n\r\n"
        )
        #expect(server.dialled == ["127.0.0.1:9"])
    }

    @Test("requests to two places in turn go each to its own")
    func places() async throws {
        let server = ScriptedServer(Self.echo)
        let client = try server.client()
        var lines: [String] = []

        for place in ["a?q=1", "b", "b", "a?q=1", "a?q=2"] {
            let answer = try await client.open(HTTPRequest("GET", "http://127.0.0.1:9/\(place)"))
            let body = String(decoding: try await answer.body.rest(), as: UTF8.self)
            lines.append(String(body.prefix { $0 != "\r\n" }))
        }

        let wanted = ["a?q=1", "b", "b", "a?q=1", "a?q=2"].map { "GET /\($0) HTTP/1.1" }
        #expect(lines == wanted)
    }

    @Test(
        "a body is sent whole, with the length of it and nothing that was not asked for",
        arguments: [0, 5, 3_000_000]
    )
    func post(count: Int) async throws {
        let server = ScriptedServer(Self.echo)
        let client = try server.client()
        let body = [UInt8](repeating: 0x61, count: count)

        let answer = try await client.open(HTTPRequest("POST", url, body: body))
        let echoed = try await answer.body.rest()

        let head =
            "POST /path?q=1 HTTP/1.1\r\nHost: 127.0.0.1:9\r\nContent-Length: \(count)\r\n\r\n"
        #expect(echoed == Array(head.utf8) + body)
    }

    @Test("other methods go out under their names, and HEAD has no body to wait for")
    func methods() async throws {
        let server = ScriptedServer { peer in
            let request = peer.hearRequest()
            peer.say(
                request.hasPrefix("HEAD") ? "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n" : ""
            )
            peer.say(request.hasPrefix("DELETE") ? Peer.reply(204, "") : "")
            peer.say(request.hasPrefix("PUT") ? Peer.reply(201, "made") : "")
        }
        let client = try server.client { $0.connectionsPerHost = 1 }

        let head = try await client.open(HTTPRequest("HEAD", url))
        #expect(try await head.body.rest().isEmpty && head.head["content-length"] == "9")
        #expect(try await client.open(HTTPRequest("DELETE", url)).head.status == 204)
        let put = try await client.open(HTTPRequest("PUT", url, body: [1]))
        #expect(try await put.body.rest() == Array("made".utf8))
    }

    @Test("parts of a reply arrive while the rest is not there yet")
    func streamed() async throws {
        let heard = DispatchSemaphore(value: 0)
        let server = ScriptedServer { peer in
            peer.hearRequest()
            peer.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            peer.say("9\r\ndata: 1\n\n\r\n")
            heard.wait()
            peer.say("9\r\ndata: 2\n\n\r\n0\r\n\r\n")
        }
        let client = try server.client()
        let answer = try await client.open(HTTPRequest("GET", url))

        #expect(try await answer.body.next() == Array("data: 1\n\n".utf8))
        heard.signal()
        #expect(try await answer.body.rest() == Array("data: 2\n\n".utf8))
        #expect(try await answer.body.next() == nil)
    }

    @Test("pieces that came together are handed over together")
    func together() async throws {
        let server = ScriptedServer { peer in
            peer.hearRequest()
            peer.say(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n"
            )
        }
        let client = try server.client()

        let answer = try await client.open(HTTPRequest("GET", url))

        #expect(try await answer.body.next() == Array("abc".utf8))
        #expect(try await answer.body.next() == nil)
    }

    @Test("interim replies are passed over")
    func interim() async throws {
        let server = ScriptedServer { peer in
            peer.hearRequest()
            peer.say("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n")
            peer.say(Peer.reply(200, "late", headers: "X-Late: 1\r\n"))
        }

        let client = try server.client()
        let answer = try await client.open(HTTPRequest("GET", url))

        #expect(answer.head.status == 200)
        #expect(answer.head["x-late"] == "1" && answer.head["x-early"] == nil)
    }

    @Test("a connection is used again, but not for what must not be sent twice")
    func reuse() async throws {
        let connections = Mutex(0)
        let server = ScriptedServer.onLoopback { peer in
            connections.withLock { $0 += 1 }
            Self.echo(peer)
        }
        let client = try server.client { $0.dial = nil }
        let url = "http://127.0.0.1:\(server.port)/"

        for _ in 0..<5 { _ = try await client.open(HTTPRequest("GET", url)).body.rest() }
        #expect(connections.withLock { $0 } == 1)
        _ = try await client.open(HTTPRequest("POST", url, body: [1])).body.rest()
        #expect(connections.withLock { $0 } == 2)
    }

    @Test("100 requests at once are all answered")
    func concurrent() async throws {
        let connections = Mutex(0)
        let server = ScriptedServer.onLoopback { peer in
            connections.withLock { $0 += 1 }
            Self.echo(peer)
        }
        let port = server.port
        let client = try server.client {
            $0.dial = nil
            $0.connectionsPerHost = 10
        }

        let count = try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<100 {
                group.addTask {
                    let request = HTTPRequest("GET", "http://127.0.0.1:\(port)/\(index)")
                    let bytes = try await client.open(request).body.rest()
                    return bytes.starts(with: Array("GET /\(index) ".utf8))
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }

        #expect(count == 100 && connections.withLock { $0 } <= 10)
    }

    @Test("a reader that is slow makes the other side wait, and no deadline runs meanwhile")
    func slowReader() async throws {
        let went = Mutex<[Int]>([])
        let stuck = DispatchSemaphore(value: 0)
        let total = 8 << 20
        let server = ScriptedServer { peer in
            peer.hearRequest()
            peer.say("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
            let first = peer.sayUntilStuck([UInt8](repeating: 1, count: total))
            went.withLock { $0.append(first) }
            stuck.signal()
            peer.say([UInt8](repeating: 1, count: total - first))
        }
        let limits = HTTPLimits(idle: .milliseconds(100))
        let client = try server.client()
        let answer = try await client.open(HTTPRequest("GET", url, limits: limits))

        await WorkThread.wait(for: stuck)
        let sent = went.withLock { $0.first ?? 0 }
        let count = try await answer.body.rest().count

        #expect(sent < 2 << 20, "\(sent) bytes went although nobody read")
        #expect(count == total)
    }

    @Test("letting go of a reply ends its connection")
    func abandoned() async throws {
        let ended = Mutex(false)
        let done = DispatchSemaphore(value: 0)
        let server = ScriptedServer { peer in
            peer.hearRequest()
            peer.say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome")
            let end = peer.awaitEnd()
            ended.withLock { $0 = end }
            done.signal()
        }
        let client = try server.client()

        #expect(try await client.open(HTTPRequest("GET", url)).head.status == 200)

        await WorkThread.wait(for: done)
        #expect(ended.withLock { $0 })
    }

    @Test("cancelling the task ends a request before its reply and in the middle of it")
    func cancelled() async throws {
        let ends = Mutex(0)
        let (begun, done) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let server = ScriptedServer { peer in
            let request = peer.hearRequest()
            if request.hasPrefix("GET /middle") {
                peer.say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome")
            }
            begun.signal()
            let end = peer.awaitEnd()
            ends.withLock { $0 += end ? 1 : 0 }
            done.signal()
        }
        let client = try server.client()

        for path in ["head", "middle"] {
            // Ended below, by the cancellation that is tested.
            let task = Task { () -> HTTPError.Code? in
                do throws(HTTPError) {
                    let request = HTTPRequest("GET", "http://127.0.0.1:9/\(path)")
                    _ = try await client.open(request).body.rest()
                    return nil
                } catch {
                    return error.code
                }
            }
            await WorkThread.wait(for: begun)
            task.cancel()
            #expect(await task.value == .cancelled)
            await WorkThread.wait(for: done)
        }
        #expect(ends.withLock { $0 } == 2)
    }

    @Test("closing the client ends what is under way, and nothing begins afterwards")
    func closed() async throws {
        let server = ScriptedServer { peer in
            peer.hearRequest()
            peer.say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome")
            _ = peer.awaitEnd()
        }
        let client = try server.client()
        let answer = try await client.open(HTTPRequest("GET", url))

        client.close()

        let error = await #expect(throws: HTTPError.self) { _ = try await answer.body.rest() }
        #expect(error?.code == .closed)
        let later = await #expect(throws: HTTPError.self) {
            _ = try await client.open(HTTPRequest("GET", url))
        }
        #expect(later?.code == .closed)
    }

    @Test("a proxy is asked for the whole address")
    func proxy() async throws {
        let server = ScriptedServer(Self.echo)
        let client = try server.client { $0.proxy = "http://127.0.0.2:3128" }
        let request = HTTPRequest("GET", "http://api.example.com/x", allowsPlainText: true)

        let bytes = try await client.open(request).body.rest()

        #expect(bytes.starts(with: Array("GET http://api.example.com/x HTTP/1.1\r\n".utf8)))
        #expect(server.dialled == ["127.0.0.2:3128"])
    }
}
