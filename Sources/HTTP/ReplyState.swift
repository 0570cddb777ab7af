// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What of a reply has come and not been taken, decided without threads.
struct ReplyState: Sendable {
    private(set) var head: HTTPHead?
    private var buffer: [UInt8] = []
    private(set) var isPaused = false
    private var end: Result<Void, HTTPError>?

    /// As many bytes may wait for the caller before the other side is made to wait.
    static let highWaterBytes = 256 << 10

    enum Step: Sendable, Equatable {
        /// Nothing to hand over yet.
        case wait
        case bytes([UInt8])
        case done
        case failed(HTTPError)
    }

    mutating func begin(_ head: HTTPHead) {
        if self.head == nil { self.head = head }
    }

    /// Takes bytes in; false when there is no room, and then they must be offered again.
    mutating func receive(_ bytes: some Collection<UInt8>) -> Bool {
        // One piece is always taken, so that no piece is too large to ever come through.
        guard buffer.isEmpty || buffer.count + bytes.count <= Self.highWaterBytes else {
            isPaused = true
            return false
        }
        buffer.append(contentsOf: bytes)
        return true
    }

    /// Ends the reply; only the first end counts.
    mutating func finish(_ result: Result<Void, HTTPError>) {
        if end == nil { end = result }
    }

    /// Whether nothing more comes in.
    var isOver: Bool { end != nil }

    /// What the caller gets next: all that waits, then the end.
    mutating func take() -> Step {
        if !buffer.isEmpty {
            defer { buffer = [] }
            return .bytes(buffer)
        }
        switch end {
        case nil: return .wait
        case .success: return .done
        case .failure(let error): return .failed(error)
        }
    }

    /// Whether the other side has to be told to go on, which is then taken for done.
    mutating func takePause() -> Bool {
        defer { isPaused = false }
        return isPaused
    }

    /// The head, or the error instead of it; nil while neither is there.
    var start: Result<HTTPHead, HTTPError>? {
        if let head { return .success(head) }
        guard let end else { return nil }
        switch end {
        case .failure(let error): return .failure(error)
        case .success:
            return .failure(HTTPError(.malformedReply, "read a reply", "it has no head"))
        }
    }
}
