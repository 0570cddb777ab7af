// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import CSandbox
internal import Synchronization

/// The children that were started here and not reaped yet, to tell them from orphans.
enum KnownChildren {
    /// By process number: the entries of the environment that mark a child's descendants.
    private static let marks = Mutex<[Int32: [[UInt8]]]>([:])

    /// The beginning of the variables that mark.
    private static let prefix = "LOOPDESK_"

    /// The entries that descendants of a command's process have in their environment, unless
    /// they clear it.
    static func marks(of command: ChildCommand) -> [[UInt8]] {
        command.environment.filter { $0.name.hasPrefix(prefix) }
            .map { Array("\($0.name)=\($0.value)".utf8) }
    }

    /// Starts a child and notes it, so that nobody sees it in between and takes it for an orphan.
    static func noting(_ childMarks: [[UInt8]], start: () -> Int32) {
        marks.withLock { marks in
            let number = start()
            if number > 0 { marks[number] = childMarks }
        }
    }

    static func forget(_ processID: Int32) {
        marks.withLock { $0[processID] = nil }
    }

    /// The orphans that this process has taken in, and the marks of its own children.
    static func orphans(
        among children: () -> [Int32]
    ) -> (orphans: [Int32], marks: [[[UInt8]]]) {
        marks.withLock { marks in
            (children().filter { marks[$0] == nil }, Array(marks.values))
        }
    }

    /// Reaps the orphans that have ended.
    static func reapOrphans(among children: () -> [Int32]) {
        // Under the lock, so that no number can become that of a child of ours meanwhile.
        marks.withLock { marks in
            for number in children() where marks[number] == nil { _ = desk_reap(number) }
        }
    }
}
