// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Who holds a lock, as it wrote about itself.
public struct HolderInfo: Sendable, Hashable {
    /// Its process number.
    public let processID: Int32
    /// The boot of the computer in which it took the lock.
    public let bootID: String
    /// What it does, for people; one line.
    public let note: String

    /// Creates the description of a holder.
    public init(processID: Int32, bootID: String, note: String) {
        self.processID = processID
        self.bootID = bootID
        self.note = String(note.map { $0.isNewline ? " " : $0 })
    }

    /// The text in the lock file: three lines.
    var text: String {
        "\(processID)\n\(bootID)\n\(note)\n"
    }

    /// Reads the text; nil when it is not whole.
    init?(text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 4, lines[3].isEmpty, let processID = Int32(lines[0]) else {
            return nil
        }
        self.init(processID: processID, bootID: String(lines[1]), note: String(lines[2]))
    }
}
