// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A living process that was started for a folder.
public struct MarkedProcess: Sendable, Hashable {
    /// Its process number.
    public let processID: Int32
    /// The processes above it, its parent first.
    public let ancestors: [Int32]

    let environment: Set<[UInt8]>

    /// Whether its environment had this variable when it was started.
    public func has(_ name: String, _ value: String) -> Bool {
        environment.contains(Array("\(name)=\(value)".utf8))
    }
}

extension ProcessTree {
    /// The living processes of this user whose environment holds a mark, by number.
    ///
    /// This process and those above it are left out.
    public static func processes(mark: String) -> [MarkedProcess] {
        marked(mark).compactMap { number in
            guard let status = ProcessTable.status(of: number), !status.hasEnded,
                let environment = ProcessTable.environment(of: number)
            else { return nil }
            return MarkedProcess(
                processID: number,
                ancestors: Array(ancestors(of: number).dropFirst()),
                environment: environment
            )
        }
        .sorted { $0.processID < $1.processID }
    }
}
