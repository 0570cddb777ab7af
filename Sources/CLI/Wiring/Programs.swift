// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Glibc
import Processes
import Supervisor

/// Where the programs of Loopdesk are: beside the one that runs.
struct Programs {
    /// This program.
    let loopdesk: String
    /// The program of the native agents.
    let agent: String
    /// The program that confines agents.
    let launcher: String

    init() throws {
        var buffer = [CChar](repeating: 0, count: 4096)
        let length = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        guard length > 0 else {
            throw Failure("cannot find the running program through /proc/self/exe", .unavailable)
        }
        let bytes = buffer[..<length].map { UInt8(bitPattern: $0) }
        loopdesk = String(decoding: bytes, as: UTF8.self)
        let folder = loopdesk.split(separator: "/").dropLast().joined(separator: "/")
        agent = "/\(folder)/loopdesk-agent"
        launcher = "/\(folder)/loopdesk-launcher"
    }

    /// The sandboxes of agents.
    func sandboxes(clock: any MonotonicClock) -> SandboxKeeper {
        SandboxKeeper(
            tools: .look(launcher: launcher, searchPath: AgentLauncher.usualSearchPath),
            clock: clock
        )
    }

    /// Whether agents run in sandboxes: unless somebody says that they should not.
    func confinement(isUnsafe: Bool, clock: any MonotonicClock) -> Confinement {
        isUnsafe ? .unconfined : .sandboxed(sandboxes(clock: clock))
    }

    /// The command line of the gateway of a desk, with further words.
    func gateway(for desk: OpenDesk, _ words: [String]) -> (Int32) -> ChildCommand {
        let folder = desk.folder
        let secrets = words.contains("--live") ? Self.brokerSecrets(of: desk) : []
        return { socket in
            ChildCommand(
                program: .path(loopdesk),
                arguments: ["gateway", "--desk", folder.root.path] + words,
                environment: [("LANG", "C.UTF-8"), ("TZ", "UTC")] + secrets
                    // No agent's name has a space.
                    + DeskProcesses.marks(of: folder, part: "the gateway"),
                workingFolder: folder.root.path,
                errorLogPath: folder.logs.path(of: "gateway.log"),
                inherited: [.init(source: socket, target: 3)]
            )
        }
    }

    /// The variables of the environment in which the broker's connector finds its secrets: the
    /// gateway starts it, and has no other variables of this process.
    private static func brokerSecrets(of desk: OpenDesk) -> [(name: String, value: String)] {
        guard let name = desk.configuration.broker?.connector,
            let connector = desk.configuration.connectors.first(where: { $0.name == name })
        else { return [] }
        return connector.secretVariables.compactMap { variable in
            getenv(variable).map { (variable, String(cString: $0)) }
        }
    }
}
