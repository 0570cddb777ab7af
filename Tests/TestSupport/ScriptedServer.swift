// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A server that does on each connection exactly what it is told.
///
/// It listens at a local socket without a name in the file system, so that no test needs a port,
/// or at one that the system chooses on the loopback.
public final class ScriptedServer: Sendable {
    /// What is done on one connection, on a thread of its own.
    public typealias Script = @Sendable (Peer) -> Void

    private struct State {
        var scripts: [Script]
        var dialled: [String] = []
    }

    private let state: Mutex<State>
    private let listener: LocalListener

    /// One script a connection; the last one serves all further ones.
    public init(_ scripts: Script...) {
        state = Mutex(State(scripts: scripts))
        listener = LocalListener(kind: .unnamed)
    }

    private init(_ listener: LocalListener, _ script: @escaping Script) {
        state = Mutex(State(scripts: [script]))
        self.listener = listener
    }

    /// Serves connections to a port of the loopback, all by one script.
    public static func onLoopback(_ script: @escaping Script) -> ScriptedServer {
        let listener = LocalListener(kind: .loopback)
        WorkThread.start {
            while let peer = listener.accept() {
                WorkThread.start { script(peer) }
            }
        }
        return ScriptedServer(listener, script)
    }

    deinit { listener.stop() }

    /// The port on the loopback; 0 when it listens at no port.
    public var port: Int { listener.port }

    /// The addresses that were connected to, in order.
    public var dialled: [String] { state.withLock { $0.dialled } }

    /// Expects one connection that was meant for another place.
    /// - Returns: The name of the local socket at which it is served.
    public func dial(_ place: String) -> [UInt8] {
        let script = state.withLock { state in
            state.dialled.append(place)
            return state.scripts.count > 1 ? state.scripts.removeFirst() : state.scripts[0]
        }
        let listener = listener
        WorkThread.start {
            if let peer = listener.accept() { script(peer) }
        }
        return listener.name
    }
}
