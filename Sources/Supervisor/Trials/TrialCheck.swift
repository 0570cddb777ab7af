// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Desk
import Git

/// Looks whether the ledger of trials says what the desk's history does.
public struct TrialCheck: ExaminationCheck {
    private let scene: ExaminedDesk
    private let strategies: any StrategyReader

    /// Prepares the look.
    public init(scene: ExaminedDesk, strategies: any StrategyReader) {
        self.scene = scene
        self.strategies = strategies
    }

    /// What is looked at.
    public var name: String { "trials" }

    /// Compares file, reference and history.
    public func look() throws -> ExaminationResult {
        // A running desk adds lines to the file and the reference follows when it stops.
        guard !scene.isRunning else { return ExaminationResult(detail: "not while the desk runs") }
        let desk = scene.desk
        let file = try TrialFile(desk.folder).load()
        let reference = try TrialReference(desk).load()
        let history = try TrialScan(of: desk.repository, TrialSource(strategies)).book
        var findings: [Finding] = []
        if file.damaged > 0 {
            findings.append(Self.finding("\(file.damaged) lines cannot be read"))
        }
        let unknown = history.lines(missingIn: file.book).count
        if unknown > 0 {
            findings.append(Self.finding("it lacks \(unknown) lines that the branches tell"))
        }
        let lost = reference.lines(missingIn: file.book).count
        if lost > 0 {
            findings.append(
                Self.finding("it lacks \(lost) lines that \(TrialReference.name) holds")
            )
        }
        return ExaminationResult(
            findings,
            detail: findings.isEmpty ? "\(file.book.count) hypotheses counted" : nil
        )
    }

    private static func finding(_ message: String) -> Finding {
        Finding(
            .trialsDiffer,
            at: ".loopdesk/trials/\(TrialFile.name)",
            message,
            remedy: "nothing is lost: the next replay or up writes them again; ask who changed it"
        )
    }
}
