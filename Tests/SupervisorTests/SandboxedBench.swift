// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Glibc
import Processes
import TestSupport

@testable import Supervisor

/// A bench whose agents run a program that lies in the desk, as it has to for a sandbox.
enum SandboxedBench {
    /// Why there is no level A here; nil when there is.
    static let reason: String? = {
        do {
            return SandboxFacts.load(try tools(), clock: SystemClock()).noFull
        } catch {
            return "\(error)"
        }
    }()

    static func tools() throws -> SandboxTools {
        .look(
            launcher: try BuiltProduct.path("loopdesk-launcher"),
            searchPath: AgentLauncher.usualSearchPath
        )
    }

    static func keeper(_ tools: SandboxTools) -> SandboxKeeper {
        SandboxKeeper(tools: tools, clock: SystemClock())
    }

    /// Makes a desk with an ingestor and a researcher.
    static func make(
        _ name: String,
        _ confinement: Confinement,
        sandbox: String = "{}",
        attempts: Int = 3
    ) async throws -> Bench {
        var setting = Bench.Setting()
        setting.attempts = attempts
        setting.agents = [
            ("ingestor", "role: ingestor, every: bar"),
            ("researcher", "role: researcher, on: [bars]"),
        ]
        var bench = try await Bench.make(name, setting)
        bench.confinement = confinement
        try bench.write("desk/tools", "agent.py", program)
        guard chmod(bench.desk.path(of: "tools/agent.py"), 0o755) == 0 else {
            throw SupportError("cannot make the program executable")
        }
        let text = String(decoding: try bench.desk.read("orchestrator.yml"), as: UTF8.self)
            .replacing(
                "command: [python3, -ISs, ../../../scripts/agent.py]",
                with: "command: [tools/agent.py], sandbox: \(sandbox)"
            )
        try bench.write("desk", "orchestrator.yml", text)
        try await bench.commit("a program in the desk")
        return bench
    }

    /// Says bars as an ingestor; tells in its summary which of the paths below it can read.
    private static let program = #"""
        #!/usr/bin/python3 -ISs
        import json, os, sys

        def can_read(path):
            try:
                return len(os.listdir(path) if os.path.isdir(path) else open(path, "rb").read()) > 0
            except OSError:
                return False

        def turn(turn, time):
            desk, name, role = context["dataFolder"], context["agent"], context["role"]
            if role == "ingestor":
                bar = {"symbol": "MSFT", "open": 1, "high": 2, "low": 1, "close": 2, "volume": turn}
                body = {"time": time, "bars": [bar], "refused": []}
                with open("outbox/1.part", "w") as file:
                    json.dump({"schema": 1, "topic": "bars", "body": body}, file)
                os.rename("outbox/1.part", "outbox/1-bars.json")
            with open(f"agents/{name}/STATE.md", "w") as file:
                file.write(f"---\nturn: {turn}\n---\n")
            os.makedirs("work", exist_ok=True)
            open("work/scratch", "w").close()
            paths = sys.argv[1:] or ["SKILL.md"]
            found = [path for path in paths if can_read(os.path.join(desk, path))]
            return f"turn {turn} of {name}" + "".join(f" sees {path}" for path in found)

        for line in sys.stdin:
            request = json.loads(line)
            if request["method"] == "agent/start":
                context, result = request["params"], {}
            else:
                result = {"summary": turn(request["params"]["turn"], request["params"]["time"])}
            print(json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": result}), flush=True)
        """#
}
