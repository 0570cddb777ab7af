// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Everything that an examination can find, each with a code that stays and a word.
///
/// `docs/doctor.md` has a section for each.
public enum FindingCode: String, Sendable, CaseIterable {
    // Locks
    case deskRunning = "LD001 desk-running"
    case lockOurs = "LD002 lock-left-by-desk"
    case lockForeign = "LD003 lock-of-another-program"
    case collectionClaimDead = "LD004 gc-claim-left-by-desk"
    case collectionRunning = "LD005 gc-running"

    // Registry, disk, references, processes
    case branchMissing = "LD010 branch-missing"
    case branchLost = "LD011 branch-lost"
    case worktreeMissing = "LD012 worktree-missing"
    case worktreeForgotten = "LD013 worktree-forgotten"
    case worktreeMoved = "LD014 worktree-moved"
    case worktreeSwitched = "LD015 worktree-switched"
    case worktreeBusy = "LD016 worktree-busy"
    case worktreeEdited = "LD017 worktree-edited"
    case branchOfNobody = "LD018 branch-of-nobody"
    case worktreeOfNobody = "LD019 worktree-of-nobody"
    case processLeft = "LD020 process-left-behind"
    case processMissing = "LD021 process-missing"
    case rescueKept = "LD022 rescue-kept"
    case refusedKept = "LD023 refused-kept"
    case deskDegraded = "LD024 desk-degraded"
    case branchIsLink = "LD025 branch-is-link"
    case branchTaken = "LD026 branch-name-taken"
    case worktreeUnreadable = "LD027 worktree-unreadable"

    // Repository and configuration
    case repositoryUnusable = "LD030 repository-unusable"
    case configurationInvalid = "LD031 configuration-invalid"
    case mainNotReady = "LD032 main-not-ready"
    case settingsMissing = "LD033 settings-missing"
    case feedUnusable = "LD034 feed-unusable"
    case feedRowsRefused = "LD035 feed-rows-refused"
    case earningsMissing = "LD036 earnings-missing"
    case maintenanceDue = "LD037 maintenance-due"
    case worktreeSettings = "LD038 worktree-settings"
    case webhookUnusable = "LD039 webhook-unusable"

    // Clock
    case clockBehind = "LD040 clock-behind"
    case clockUnsynchronised = "LD041 clock-unsynchronised"
    case clockJumped = "LD042 clock-jumped"

    // Space
    case spaceExhausted = "LD050 space-exhausted"
    case spaceLow = "LD051 space-low"
    case filesExhausted = "LD052 files-exhausted"
    case filesLow = "LD053 files-low"
    case diskReadOnly = "LD054 disk-read-only"

    // Kernel
    case processDescriptorsMissing = "LD060 pidfd-missing"
    case landlockMissing = "LD061 landlock-missing"
    case userNamespacesMissing = "LD062 user-namespaces-missing"
    case watchersFew = "LD063 watchers-few"
    case controlGroupsOld = "LD064 cgroups-old"
    case sandboxBelowFull = "LD065 sandbox-below-a"
    case sandboxMissing = "LD066 sandbox-missing"
    case sandboxOff = "LD067 sandbox-off"
    case processesUncounted = "LD068 processes-uncounted"

    // Versions
    case gitCommandMissing = "LD070 git-command-missing"
    case versionOld = "LD071 version-old"
    case versionDiffers = "LD072 version-differs"

    // Unknown states
    case publicationWaiting = "LD080 publication-waiting"
    case requestBroken = "LD081 request-broken"
    case requestForNobody = "LD082 request-for-nobody"
    case agentQuarantined = "LD083 agent-quarantined"
    case supervisionUnreadable = "LD084 supervision-unreadable"
    case supervisionNewer = "LD085 supervision-newer"
    case ledgerUnreadable = "LD086 ledger-unreadable"
    case ledgerHalted = "LD087 ledger-halted"
    case requestUnfinished = "LD088 request-unfinished"
    case requestSetAside = "LD089 request-set-aside"

    // The examination itself
    case checkFailed = "LD090 check-failed"

    // Damage to the repository
    case objectsDamaged = "LD100 objects-damaged"
    case branchUnreadable = "LD101 branch-unreadable"
    case historyShallow = "LD102 history-shallow"
    case headUnreadable = "LD103 head-unreadable"
    case indexUnreadable = "LD104 index-unreadable"
    case repositoryBare = "LD105 repository-bare"

    // The count of trials
    case trialsDiffer = "LD120 trials-differ"

    // Money
    case deskHalted = "LD130 desk-halted"
    case limitsUnusable = "LD131 limits-unusable"
    case ledgerMissing = "LD132 ledger-missing"

    // Connectors that the desk itself uses
    case mappingUnusable = "LD140 mapping-unusable"
    case toolBarred = "LD141 tool-not-allowed"
    case toolMissing = "LD142 tool-not-accepted"
    case connectorUnknown = "LD143 connector-never-asked"

    /// How much a finding matters.
    public enum Severity: String, Sendable, CaseIterable {
        /// The desk cannot run, or would run wrongly.
        case error
        /// The desk runs, and something wants to be looked at.
        case warning
        /// Good to know.
        case note
    }

    /// The code alone, such as `LD012`.
    public var id: String { String(rawValue.prefix(5)) }

    /// The word alone, such as `worktree-missing`.
    public var word: String { String(rawValue.dropFirst(6)) }

    /// How much it matters.
    public var severity: Severity {
        switch self {
        case .branchLost, .repositoryUnusable, .configurationInvalid, .mainNotReady,
            .feedUnusable, .worktreeSettings, .clockBehind, .spaceExhausted, .filesExhausted,
            .diskReadOnly, .processDescriptorsMissing, .sandboxMissing, .supervisionNewer,
            .ledgerUnreadable, .ledgerMissing, .checkFailed, .limitsUnusable, .mappingUnusable,
            .toolBarred, .deskDegraded, .branchIsLink, .branchTaken, .objectsDamaged,
            .branchUnreadable, .historyShallow, .headUnreadable, .indexUnreadable,
            .repositoryBare, .webhookUnusable:
            .error
        case .deskRunning, .collectionRunning, .branchMissing, .branchOfNobody,
            .worktreeOfNobody, .rescueKept, .refusedKept, .feedRowsRefused, .earningsMissing,
            .maintenanceDue,
            .landlockMissing, .userNamespacesMissing, .controlGroupsOld, .gitCommandMissing,
            .versionDiffers, .requestUnfinished, .processesUncounted, .connectorUnknown:
            .note
        default: .warning
        }
    }

    /// The part of a repair that can settle it; nil when a person has to.
    public var repair: RepairStep? {
        switch self {
        case .processLeft: .processes
        case .lockOurs, .collectionClaimDead: .files
        case .settingsMissing: .settings
        case .publicationWaiting, .branchLost: .publication
        case .worktreeMissing, .worktreeForgotten, .worktreeMoved, .worktreeSwitched,
            .worktreeBusy, .worktreeEdited, .worktreeUnreadable:
            .worktrees
        case .supervisionUnreadable: .supervision
        case .requestBroken, .requestUnfinished: .requests
        case .maintenanceDue: .maintenance
        default: nil
        }
    }
}
