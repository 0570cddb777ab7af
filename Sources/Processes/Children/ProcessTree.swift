// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import CSandbox
internal import Glibc
internal import Synchronization

/// Ends processes that left the group and session of the child that started them.
///
/// A process can leave its group, but not its descent. Once orphans are adopted, one whose parent
/// has ended becomes a child of this process, whatever else it did, and is found there.
public enum ProcessTree {
    /// The variable by which a later supervisor knows what a dead one has left behind.
    public static let markName = "LOOPDESK_CHILD_OF"

    private static let adopts = Mutex(false)

    /// Makes this process the new parent of every descendant that loses its own.
    ///
    /// From then on each end of a child ends the orphans that belong to no other child. A process
    /// that adopts must start its children with ``Child`` only.
    /// - Throws: `systemCall` when the kernel refuses.
    public static func adoptOrphans() throws(ProcessError) {
        let number = desk_adopt_orphans()
        guard number == 0 else {
            throw ProcessError("adopt", "orphaned processes", errorNumber: number)
        }
        adopts.withLock { $0 = true }
    }

    /// The value of the mark for what is started for a folder: its path, device and inode, so that
    /// a folder of the same name elsewhere is another one.
    /// - Throws: `noSuchFolder` when it is not there.
    public static func mark(ofFolder path: String) throws(ProcessError) -> String {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw ProcessError(
                code: .noSuchFolder,
                operation: "look at folder",
                subject: path,
                errorNumber: errno,
                hint: "make it first"
            )
        }
        return "\(path)#\(status.st_dev)-\(status.st_ino)"
    }

    /// Reaps the orphans that have ended and ends those that belong to no running child.
    ///
    /// To be called now and then, such as with each heartbeat; costs a few system calls.
    public static func tidy(clock: any MonotonicClock) {
        guard adopts.withLock({ $0 }) else { return }
        end([], of: [], clock: clock)
    }

    /// Kills what a dead supervisor has left behind.
    ///
    /// That is every process of this user whose environment holds the mark, this one and those
    /// above it left out. The caller must hold the folder's lock. A process that has cleared its
    /// environment is not found.
    /// - Returns: The numbers of the processes that were killed, sorted.
    public static func endLeftovers(mark: String, clock: any MonotonicClock) -> [Int32] {
        var killed: Set<Int32> = []
        let deadline = clock.deadline(in: Child.killPatience)
        while true {
            let alive = Set(marked(mark).compactMap { ProcessTable.status(of: $0)?.entry })
                .filter(ProcessTable.isAlive)
            guard !alive.isEmpty, clock.now() < deadline else { return killed.sorted() }
            for entry in alive where kill(entry) { killed.insert(entry.processID) }
            for entry in alive { _ = desk_reap(entry.processID) }
            _ = poll(nil, 0, 1)
        }
    }

    /// The numbers of the processes that a mark belongs to, ended ones included.
    static func marked(_ mark: String) -> [Int32] {
        let entry = Array("\(markName)=\(mark)".utf8)
        let spared = Set(ancestors(of: getpid()))
        return ProcessTable.all().filter { number in
            !spared.contains(number) && ProcessTable.owner(of: number) == geteuid()
                && ProcessTable.environment(of: number)?.contains(entry) == true
        }
    }

    /// Kills processes, all that descends from them, and the orphans of a child that has ended.
    ///
    /// Goes on until none is left, because what is killed may have started another one before.
    static func end(
        _ seen: Set<ProcessTable.Entry>,
        of marks: [[UInt8]],
        clock: any MonotonicClock
    ) {
        var targets = seen
        let deadline = clock.deadline(in: Child.killPatience)
        while true {
            for target in targets {
                targets.formUnion(ProcessTable.descendants(of: target.processID))
            }
            if adopts.withLock({ $0 }) { targets.formUnion(orphans(of: marks)) }
            targets = targets.filter(ProcessTable.isAlive)
            guard !targets.isEmpty, clock.now() < deadline else { return }
            for target in targets { _ = kill(target) }
            _ = poll(nil, 0, 1)
            reapOrphans()
        }
    }

    /// The orphans that belong to a child of those marks, or to none that runs.
    private static func orphans(of marks: [[UInt8]]) -> Set<ProcessTable.Entry> {
        reapOrphans()
        let (orphans, living) = KnownChildren.orphans { ProcessTable.children(of: getpid()) }
        let ours = orphans.filter { number in
            let environment = ProcessTable.environment(of: number) ?? []
            func belongs(to marks: [[UInt8]]) -> Bool {
                !marks.isEmpty && marks.allSatisfy(environment.contains)
            }
            return belongs(to: marks) || !living.contains(where: belongs)
        }
        return Set(ours.compactMap { ProcessTable.status(of: $0)?.entry })
    }

    private static func reapOrphans() {
        guard adopts.withLock({ $0 }) else { return }
        KnownChildren.reapOrphans { ProcessTable.children(of: getpid()) }
    }

    /// Kills exactly this process, and never a later one with its number.
    private static func kill(_ entry: ProcessTable.Entry) -> Bool {
        let number = desk_open_process(entry.processID)
        guard number >= 0 else { return false }
        let descriptor = Descriptor(adopting: number)
        // The descriptor may belong to a later process, unless the same one is still there now.
        guard ProcessTable.isAlive(entry) else { return false }
        return desk_signal_process(descriptor.number, SIGKILL) == 0
    }

    static func ancestors(of processID: Int32) -> [Int32] {
        var found = [processID]
        while let last = found.last, let parent = ProcessTable.status(of: last)?.parent,
            parent > 0, !found.contains(parent)
        {
            found.append(parent)
        }
        return found
    }
}
