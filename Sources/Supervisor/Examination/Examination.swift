// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
import Desk
import Git
import Processes

/// Looks a desk over: computer, locks, registry, disk, references, processes, and what is unknown.
public struct Examination {
    private let path: String
    private let zones: ZoneDatabase
    private let facts: () -> SystemFacts
    private let further: (ExaminedDesk) -> [any ExaminationCheck]

    /// Prepares an examination.
    /// - Parameters:
    ///   - path: The desk's folder.
    ///   - zones: The time zones that `orchestrator.yml` may name.
    ///   - facts: Asks the computer.
    ///   - further: Checks of what a supervisor does not know, such as the ledger.
    public init(
        of path: String,
        zones: ZoneDatabase = .none,
        facts: @escaping () -> SystemFacts,
        further: @escaping (ExaminedDesk) -> [any ExaminationCheck] = { _ in [] }
    ) {
        self.path = path
        self.zones = zones
        self.facts = facts
        self.further = further
    }

    /// Looks, and changes nothing.
    public func run() -> ExaminationReport {
        let facts = facts()
        var report = ExaminationReport()
        for check in [
            SpaceCheck(facts: facts), KernelCheck(facts: facts), VersionCheck(facts: facts),
        ]
            as [any ExaminationCheck]
        {
            Self.perform(check, &report)
        }
        let repository: Repository
        do {
            repository = try Repository.open(at: path)
        } catch {
            report.findings.append(.unusable(path, error))
            return report
        }
        let folder = DeskFolder(path)
        Self.perform(DeskLockCheck(folder: folder), &report)
        Self.perform(GitLockCheck(folder: folder, repository: repository, now: facts.now), &report)
        Self.perform(SettingsCheck(repository: repository), &report)
        Self.perform(DamageCheck(repository: repository), &report)
        do {
            let scene = try ExaminedDesk(try OpenDesk.open(at: path, zones: zones), facts)
            for check in Self.checks(scene) + further(scene) { Self.perform(check, &report) }
        } catch {
            report.findings.append(.invalid(error))
        }
        return report
    }

    private static func checks(_ scene: ExaminedDesk) -> [any ExaminationCheck] {
        [
            ConfigurationCheck(scene: scene), SandboxCheck(scene: scene), MainCheck(scene: scene),
            ClockCheck(scene: scene), RegistryCheck(scene: scene), StrangerCheck(scene: scene),
            RefusedCheck(scene: scene), HealthCheck(scene: scene), ProcessCheck(scene: scene),
            RunningVersionCheck(scene: scene), PublicationCheck(scene: scene),
            RequestCheck(scene: scene), SupervisionCheck(scene: scene), GrowthCheck(scene: scene),
            ConnectorCheck(scene: scene),
        ]
    }

    private static func perform(_ check: any ExaminationCheck, _ report: inout ExaminationReport) {
        do {
            report.add(check.name, try check.look())
        } catch {
            let finding = Finding.failed(check.name, error, after: report.findings)
            if !report.findings.contains(finding) { report.findings.append(finding) }
        }
    }
}

extension Finding {
    fileprivate static func unusable(_ path: String, _ error: GitError) -> Finding {
        Finding(
            .repositoryUnusable,
            at: path,
            "\(error)",
            remedy: "make a desk with loopdesk init, or name its folder with --desk"
        )
    }

    fileprivate static func invalid(_ error: any Error) -> Finding {
        Finding(
            .configurationInvalid,
            at: "desk",
            "\(error)",
            remedy: "correct the file and ask again"
        )
    }

    /// A check that could not be done; nothing is to be removed because of it.
    fileprivate static func failed(
        _ check: String,
        _ error: any Error,
        after others: [Finding]
    ) -> Finding {
        if others.contains(where: { $0.code.isDamage }) {
            return Finding(
                .checkFailed,
                at: check,
                "\(error)",
                remedy: "put the other errors right first, then ask again"
            )
        }
        if let error = error as? GitError, error.isAboutObjects { return .damaged(error) }
        return Finding(
            .checkFailed,
            at: check,
            "\(error)",
            remedy: "see to what the message names, and that it can be read; then ask again"
        )
    }

    private static func damaged(_ error: GitError) -> Finding {
        Finding(
            .objectsDamaged,
            at: ".git/objects",
            "\(error)",
            remedy: BranchFinding.objectsRemedy
        )
    }
}
