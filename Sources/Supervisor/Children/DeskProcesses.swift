// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
public import Desk
public import Logging
public import Processes

/// The processes that belong to a desk, whoever started them.
public enum DeskProcesses {
    /// The variable that names the agent or part that a process was started for.
    static let partName = "LOOPDESK_AGENT"

    /// Ends what an earlier supervisor of the desk left behind, and makes this process the parent
    /// of every descendant that loses its own.
    ///
    /// To be called once, before the first child is started. From then on the process must start
    /// its children with `Child` only.
    /// - Parameters:
    ///   - desk: The desk.
    ///   - lock: The proof that nobody else runs it.
    ///   - clock: The clock of the wait for processes to end.
    ///   - logger: Where it is told what was found.
    /// - Throws: A `ProcessError` when the desk's folder is gone or the kernel refuses.
    public static func takeCharge(
        of desk: DeskFolder,
        _ lock: borrowing DeskLock,
        clock: any MonotonicClock,
        logger: Logger
    ) throws(ProcessError) {
        let mark = try ProcessTree.mark(ofFolder: desk.root.path)
        let killed = ProcessTree.endLeftovers(mark: mark, clock: clock)
        if !killed.isEmpty {
            logger.warning(
                "processes of an earlier supervisor were still there and are ended",
                metadata: ["pids": "\(killed.map(String.init).joined(separator: " "))"]
            )
        }
        try ProcessTree.adoptOrphans()
    }

    /// The variables by which the processes of a desk are known, and those of its agent or part.
    public static func marks(
        of desk: DeskFolder,
        part: String
    ) -> [(name: String, value: String)] {
        var marks = [(name: partName, value: part)]
        // Nothing can be started in a desk that is gone, and that error says more.
        if let mark = try? ProcessTree.mark(ofFolder: desk.root.path) {
            marks.append((name: ProcessTree.markName, value: mark))
        }
        return marks
    }
}
