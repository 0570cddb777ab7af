// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Desk
public import Git

/// A desk whose repository is open and whose files have been checked.
public struct OpenDesk: Sendable {
    /// Where its parts stand on disk.
    public let folder: DeskFolder
    /// Its repository.
    public let repository: Repository
    /// What `orchestrator.yml` says.
    public let configuration: DeskConfiguration
    /// The text of `orchestrator.yml`.
    public let configurationText: String
    /// What must not appear in any output.
    let secrets: KnownSecrets

    /// Opens the desk in a folder and checks its configuration and skills as they stand in the
    /// work tree.
    ///
    /// Without `zones`, schedules are read on the clock of UTC only, and other zones are faults.
    /// - Throws: A `GitError` when the folder is no repository, a `DeskError` for files that are
    ///   missing or wrong.
    public static func open(at path: String, zones: ZoneDatabase = .none) throws -> OpenDesk {
        let folder = DeskFolder(path)
        let repository = try Repository.open(at: path)
        let text: String
        do throws(FileError) {
            let bytes = try folder.root.read(DeskConfiguration.fileName, limitBytes: 1 << 20)
            text = String(decoding: bytes, as: UTF8.self)
        } catch {
            throw DeskError(
                code: .configuration,
                file: DeskConfiguration.fileName,
                message: error.code == .notFound
                    ? "missing in \(path); a desk has one, and loopdesk init makes one"
                    : error.reason
            )
        }
        let configuration = try DeskConfiguration(parsing: text, zones: zones)
        try SkillSet.check(configuration, in: folder.root)
        return OpenDesk(
            folder: folder,
            repository: repository,
            configuration: configuration,
            configurationText: text,
            secrets: try KnownSecrets.load(folder)
        )
    }

    /// Opens the desk in a folder and checks configuration and skills as `main` has them.
    ///
    /// What somebody is just editing in the desk's own work tree does not count yet.
    /// - Throws: As ``open(at:zones:)``.
    public static func openCommitted(
        at path: String,
        zones: ZoneDatabase = .none
    ) throws -> OpenDesk {
        let repository = try Repository.open(at: path)
        let folder = DeskFolder(path)
        guard let main = try repository.reference("refs/heads/main") else {
            throw SupervisorError.noMain
        }
        guard let text = try repository.text(at: DeskConfiguration.fileName, of: main) else {
            throw DeskError(
                code: .configuration,
                file: DeskConfiguration.fileName,
                message: "missing on main; commit it there"
            )
        }
        let configuration = try DeskConfiguration(parsing: text, zones: zones)
        var problems: [DeskError.Problem] = []
        var skills: [String: Skill] = [:]
        for skill in SkillSet.paths(of: configuration) {
            do {
                guard let text = try repository.text(at: skill, of: main) else {
                    throw DeskError(code: .skill, file: skill, message: "missing on main")
                }
                skills[skill] = try Skill(parsing: text, file: skill)
            } catch let error as DeskError {
                problems += error.problems
            }
        }
        problems += SkillSet.sharedMinds(of: configuration, skills)
        guard problems.isEmpty else { throw DeskError(code: .skill, problems: problems) }
        return OpenDesk(
            folder: folder,
            repository: repository,
            configuration: configuration,
            configurationText: text,
            secrets: try KnownSecrets.load(folder)
        )
    }

    /// The commit that `main` points to.
    /// - Throws: A ``SupervisorError`` with code `notReady` when there is no such branch.
    public func mainHead() throws -> ObjectID {
        guard let head = try repository.reference("refs/heads/main") else {
            throw SupervisorError.noMain
        }
        return head
    }

    /// Checks that an agent without a branch never had one: a worktree would show that it did.
    /// - Throws: A ``SupervisorError`` with code `notReady` that says what to do.
    public func requireNew(_ agent: AgentName) throws {
        guard try repository.worktrees().contains(where: { $0.name == agent.description }) else {
            return
        }
        throw SupervisorError(
            .notReady,
            "the branch \(agent.branch) is gone, but its worktree is there",
            hint: "bring it back with: git branch \(agent.branch) <commit>, where git fsck"
                + " --lost-found names the commit; or start over with --fresh"
        )
    }

    /// Checks that git takes no settings from where agents' worktrees have theirs.
    /// - Throws: A ``SupervisorError`` with code `notReady` that says what to do.
    func requireSafeSettings() throws {
        guard try repository.hasWorktreeSettings() else { return }
        throw SupervisorError(
            .notReady,
            "extensions.worktreeConfig is set, so git would run programs that the settings of an"
                + " agent's worktree name",
            hint: "move what main's .git/config.worktree holds to .git/config, then: git config"
                + " --unset extensions.worktreeConfig"
        )
    }

    /// Checks that the repository has all of its history, which a desk reads back.
    /// - Throws: A ``SupervisorError`` with code `notReady` that says what to do.
    func requireWholeHistory() throws {
        guard try repository.isShallow() else { return }
        throw SupervisorError(
            .notReady,
            "the repository is a shallow clone, so its history is cut off",
            hint: "fetch the rest with: git fetch --unshallow"
        )
    }

    /// Checks that agents can start from what `main` holds.
    /// - Throws: A ``SupervisorError`` with code `notReady` that says what to do.
    public func requireReady() throws {
        _ = try mainHead()
        let branch = try repository.headBranch()
        guard branch == "main" else {
            throw SupervisorError(
                .notReady,
                "the desk's own work tree has \(branch ?? "no branch") checked out",
                hint: "check out main with: git checkout main"
            )
        }
        let owned = ["orchestrator.yml", "agents/", "skills/", "data/"]
        let changed = try repository.status().map(\.path).filter { path in
            owned.contains { path == $0 || path.hasPrefix($0) }
        }
        guard changed.isEmpty else {
            let names = changed.prefix(5).joined(separator: ", ")
            let rest = changed.count > 5 ? " and \(changed.count - 5) more" : ""
            throw SupervisorError(
                .notReady,
                "main has changes that are not committed: \(names)\(rest)",
                hint: "commit them, or put them aside with: git stash -u"
            )
        }
    }
}

extension SupervisorError {
    fileprivate static var noMain: SupervisorError {
        SupervisorError(
            .notReady,
            "the desk has no branch main",
            hint: "create it with: git branch main <commit>"
        )
    }
}

extension Repository {
    /// The text of a file as a commit has it; nil when it has none.
    func text(at path: String, of commit: ObjectID) throws -> String? {
        guard let entry = try entry(atPath: path, in: try self.commit(commit).tree) else {
            return nil
        }
        return String(decoding: try blob(entry.id), as: UTF8.self)
    }
}
