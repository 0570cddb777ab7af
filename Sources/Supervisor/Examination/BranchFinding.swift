// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk
import Git

/// Looks whether the branch of one agent is there and can be moved.
struct BranchFinding {
    private let desk: OpenDesk
    private let agent: AgentName

    init(_ desk: OpenDesk, _ agent: AgentName) {
        self.desk = desk
        self.agent = agent
    }

    /// What is the matter with the branch; nil when it is in order.
    func look() throws -> Finding? {
        if let fault = try desk.repository.fault(of: agent.reference) { return try tell(fault) }
        guard try desk.repository.reference(agent.reference) == nil else { return nil }
        return try missing()
    }

    private func tell(_ fault: ReferenceFault) throws -> Finding {
        switch fault {
        case .link(let other):
            finding(
                .branchIsLink,
                "\(agent.branch) is a link to \(other), so no turn can be published",
                remedy: "remove the link with: git symbolic-ref -d \(agent.reference), which loses"
                    + " nothing; the next start makes the branch again where it was"
            )
        case .taken(let other):
            finding(
                .branchTaken,
                "\(other) takes the name of \(agent.branch) as a folder",
                remedy: "give it another name with: git branch -m"
                    + " \(other.dropFirst("refs/heads/".count)) <name>; the next start makes the"
                    + " agent's branch where it was"
            )
        case .unreadable(let path): try unreadable(path)
        case .gone(let commit): try gone(commit)
        }
    }

    private func gone(_ commit: ObjectID) throws -> Finding {
        var remedy = Self.objectsRemedy
        if let left = try mark()?.head, left != commit, try !desk.repository.isGone(left) {
            remedy +=
                "; the desk left the branch at a commit that is there: git update-ref"
                + " \(agent.reference) \(left)"
        }
        return finding(
            .objectsDamaged,
            "the newest commit of \(agent.branch) is missing: \(commit)",
            remedy: remedy
        )
    }

    private func unreadable(_ path: String) throws -> Finding {
        let mark = try mark()
        let target = mark.map { "\($0.head)" } ?? "<commit>"
        let hint = mark == nil ? " (git fsck --lost-found names its last commit)" : ""
        return finding(
            .branchUnreadable,
            "\(path) holds no object id, so nobody can read \(agent.branch)",
            remedy: "remove that one file, which loses nothing, then: git update-ref"
                + " \(agent.reference) \(target)\(hint)"
        )
    }

    private func missing() throws -> Finding {
        if let mark = try mark() {
            guard try !desk.repository.isGone(mark.head) else {
                return finding(
                    .objectsDamaged,
                    "\(agent.branch) is gone, and so is its last commit \(mark.head)",
                    remedy: Self.objectsRemedy + "; without, the next start begins it from main"
                )
            }
            return finding(
                .branchLost,
                "the branch \(agent.branch) is gone; the desk left it at \(mark.head)",
                remedy: "start the desk, which makes it again there"
            )
        }
        do {
            try desk.requireNew(agent)
        } catch let error as SupervisorError {
            return finding(
                .branchLost,
                "\(error.message), and the desk has no mark of where it was",
                remedy: error.hint
            )
        }
        return finding(
            .branchMissing,
            "no branch yet",
            remedy: "nothing is wrong; the next start makes it"
        )
    }

    /// Where the desk left the branch; nil when it has not noted that.
    private func mark() throws -> BranchMark? {
        try desk.repository.keptPublication()?.publisher.branchMarks()[agent.reference]
    }

    private func finding(_ code: FindingCode, _ message: String, remedy: String) -> Finding {
        Finding(code, at: agent.description, message, remedy: remedy)
    }

    /// What helps when something that git has stored cannot be read.
    static let objectsRemedy =
        "remove nothing; git fsck --full says what is damaged or missing. Bring it back from a"
        + " backup, or with git fetch from another clone"
}
