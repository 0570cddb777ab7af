// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What a sandboxed child may use; each number is for one process but that of processes.
public struct SandboxLimits: Sendable, Hashable {
    /// Memory that it writes to, in bytes.
    public var memoryBytes: Int64
    /// Processes and threads at one time.
    public var processes: Int
    /// The size of one file, in bytes.
    public var fileBytes: Int64
    /// Open files at one time.
    public var openFiles: Int
    /// Seconds of processor time in its whole life; nil for no limit.
    public var cpuSeconds: Int64?
    /// What fits into `/tmp`, and again into `/dev/shm`, in bytes.
    public var temporaryBytes: Int64

    /// Names the limits.
    public init(
        memoryBytes: Int64 = 2 << 30,
        processes: Int = 128,
        fileBytes: Int64 = 64 << 20,
        openFiles: Int = 256,
        cpuSeconds: Int64? = nil,
        temporaryBytes: Int64 = 64 << 20
    ) {
        self.memoryBytes = memoryBytes
        self.processes = processes
        self.fileBytes = fileBytes
        self.openFiles = openFiles
        self.cpuSeconds = cpuSeconds
        self.temporaryBytes = temporaryBytes
    }

    /// Whether the limit of processes holds for children of this process.
    ///
    /// The kernel counts by user, but nothing that root starts. That is counted in control groups,
    /// where root can make some.
    public static var countsProcesses: Bool {
        !CountedGroupPlace.isNeeded || CountedGroupPlace.here != nil
    }

    /// How much address space a byte of memory comes with: programs map more than they touch, and
    /// what they share among themselves counts here alone.
    static let spacePerMemory: Int64 = 4

    /// The options of the launcher.
    var options: [String] {
        let (space, isTooLarge) = memoryBytes.multipliedReportingOverflow(by: Self.spacePerMemory)
        return [
            "processes=\(processes)", "files=\(openFiles)", "file=\(fileBytes)",
            "memory=\(memoryBytes)", "space=\(isTooLarge ? Int64.max : space)",
        ] + (cpuSeconds.map { ["cpu=\($0)"] } ?? [])
    }
}
