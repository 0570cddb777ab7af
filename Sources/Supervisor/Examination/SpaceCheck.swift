// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Looks whether the desk's file system has room.
struct SpaceCheck: ExaminationCheck {
    let facts: SystemFacts

    var name: String { "space" }

    /// Below these, a desk cannot be trusted to finish a turn; below the others, days are left.
    static let leastBytes: UInt64 = 100 << 20
    static let fewBytes: UInt64 = 1 << 30
    static let leastFiles: UInt64 = 1000
    static let fewFiles: UInt64 = 10_000

    func look() throws -> ExaminationResult {
        guard let space = facts.space else {
            throw SupervisorError(.storage, "the file system does not say how much room it has")
        }
        var findings: [Finding] = []
        let megabytes = space.freeBytes >> 20
        if space.isReadOnly {
            findings.append(
                Finding(
                    .diskReadOnly,
                    at: "disk",
                    "nothing can be written to the file system",
                    remedy: "look into the kernel's log, and mount it for writing"
                )
            )
        }
        if space.freeBytes < Self.fewBytes {
            findings.append(
                Finding(
                    space.freeBytes < Self.leastBytes ? .spaceExhausted : .spaceLow,
                    at: "disk",
                    "only \(megabytes) MB are free",
                    remedy: "free some space"
                )
            )
        }
        if let files = space.freeFiles, files < Self.fewFiles {
            findings.append(
                Finding(
                    files < Self.leastFiles ? .filesExhausted : .filesLow,
                    at: "disk",
                    "only \(files) files can still be made",
                    remedy: "remove files, or make the file system larger"
                )
            )
        }
        return ExaminationResult(findings, detail: "\(megabytes) MB are free")
    }
}
