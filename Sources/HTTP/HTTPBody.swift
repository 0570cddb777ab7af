// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The body of a reply while it comes in.
///
/// When nobody holds it any more the transfer is given up.
public final class HTTPBody: Sendable {
    private let id: Int
    private let pipe: ReplyPipe
    private let engine: Engine
    /// Kept, because a client that nobody holds ends its transfers.
    private let client: HTTPClient

    init(_ id: Int, _ pipe: ReplyPipe, _ engine: Engine, of client: HTTPClient) {
        self.client = client
        self.id = id
        self.pipe = pipe
        self.engine = engine
    }

    deinit {
        // What is over already need not be given up, for which the engine's thread has to wake.
        if !pipe.isOver { engine.cancel(id) }
    }

    /// The bytes that have come since the last call, as soon as there are any; nil at the end.
    ///
    /// For one task at a time. While nobody asks, at most 256 KiB wait here and the other side is
    /// made to wait.
    /// - Throws: What ended the transfer, after all bytes that came before it.
    public func next() async throws(HTTPError) -> [UInt8]? {
        let result = await withTaskCancellationHandler {
            await pipe.bytes()
        } onCancel: {
            engine.cancel(id)
        }
        if pipe.takePause() { engine.resume(id) }
        return try result.get()
    }

    /// All bytes that are still to come.
    /// - Throws: As ``next()``.
    public func rest() async throws(HTTPError) -> [UInt8] {
        var bytes: [UInt8] = []
        while let more = try await next() { bytes += more }
        return bytes
    }
}
