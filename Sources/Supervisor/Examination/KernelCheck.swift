// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Processes

/// Looks whether the kernel offers what a desk uses.
struct KernelCheck: ExaminationCheck {
    let facts: SystemFacts

    var name: String { "kernel" }

    /// With fewer watchers for all programs of a user, a desk may find none left.
    static let fewWatchers = 64

    func look() -> ExaminationResult {
        let kernel = facts.kernel
        var findings: [Finding] = []
        func miss(_ code: FindingCode, _ message: String, _ remedy: String) {
            findings.append(Finding(code, at: "kernel", message, remedy: remedy))
        }
        if !kernel.hasProcessDescriptors {
            miss(
                .processDescriptorsMissing,
                "it has no pidfd_open, without which no agent can be started",
                "use Linux 5.3 or later, and let a container's seccomp profile allow the call"
            )
        }
        if kernel.landlockVersion == nil {
            miss(
                .landlockMissing,
                "it offers no Landlock, without which no agent has a sandbox",
                "use a kernel with CONFIG_SECURITY_LANDLOCK and landlock in its lsm list"
            )
        }
        if !kernel.allowsUserNamespaces {
            miss(
                .userNamespacesMissing,
                "it gives users no namespaces of their own, so no sandbox is more than level B",
                "set user.max_user_namespaces with sysctl, if you want that"
            )
        }
        if let limit = kernel.watcherLimit, limit < Self.fewWatchers {
            miss(
                .watchersFew,
                "a user may have \(limit) watchers of folders, and other programs need some too",
                "raise fs.inotify.max_user_instances with sysctl; a desk needs one watcher"
            )
        }
        if !kernel.hasUnifiedControlGroups {
            miss(
                .controlGroupsOld,
                "its control groups are not those of the second version",
                "boot with systemd.unified_cgroup_hierarchy=1, if you want limits for services"
            )
        }
        let landlock = kernel.landlockVersion.map { "Landlock \($0)" } ?? "no Landlock"
        return ExaminationResult(findings, detail: "process descriptors, \(landlock)")
    }
}
