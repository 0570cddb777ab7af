// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension AgentConfiguration {
    /// Whether its process lives for one turn only.
    public var isStartedEachTurn: Bool { program != nil }

    /// Whether a replay gives it no turns.
    public var restsInReplay: Bool { program?.inReplay == .rest }

    /// Whether it may call tools: the desk's own or those of connectors.
    public var hasTools: Bool {
        program.map { !$0.tools.isEmpty || !connectors.isEmpty } ?? false
    }

    /// Whether its sandbox has a way out, to hosts, to routes or to tools.
    public var hasWayOut: Bool { !sandbox.egress.isEmpty || hasTools }

    /// The words of its command, where a file of the desk is named by its whole path.
    ///
    /// A program that is found in the system, such as `python3`, is mostly given a file to run, and
    /// its process does not start in the desk's folder. So the first word that is no option is
    /// taken for such a file if one is there.
    /// - Parameters:
    ///   - root: The desk's folder.
    ///   - isFile: Whether a file stands at a path below it.
    /// - Returns: The words, and the path of the file if there is one.
    public func words(
        inDesk root: String,
        isFile: (String) -> Bool
    ) -> (words: [String], script: String?) {
        guard let first = command.first, !first.contains("/"),
            let place = command.dropFirst().firstIndex(where: { !$0.hasPrefix("-") })
        else { return (command, nil) }
        let word = command[place]
        let parts = word.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !["", ".", ".."].contains($0) }), isFile(word)
        else { return (command, nil) }
        var words = command
        words[place] = "\(root)/\(word)"
        return (words, words[place])
    }

    /// The variables that its process is given beside those of every agent.
    /// - Parameters:
    ///   - home: The folder of its own outside of the worktree.
    ///   - port: The port of the way out.
    /// - Returns: Names and values, in a fixed order.
    public func variables(
        home: String,
        port: Int
    ) -> [(name: String, value: String)] {
        var variables = sandbox.egress.environment(port: port)
        guard let program else { return variables }
        if variables.isEmpty, hasTools { variables += EgressConfiguration.ownAddresses }
        variables.append((name: "HOME", value: home))
        let origin = "http://127.0.0.1:\(port)"
        if hasTools {
            variables.append(
                (name: Self.toolsVariable, value: origin + EgressConfiguration.toolsPath)
            )
        }
        variables += program.kind.variables(home: home)
        if let name = program.kind.addressVariable, !variables.contains(where: { $0.name == name }),
            let route = sandbox.egress.routes.first
        {
            variables.append((name: name, value: "\(origin)/\(route.name)"))
        }
        return variables
    }

    /// The variable that tells a program where its tools are.
    public static let toolsVariable = "LOOPDESK_MCP_URL"

    /// Checks what the program needs beside its own section.
    func checkProgram(_ reader: inout YAMLReader, in node: YAMLNode, path: String) {
        if hasTools, let level = sandbox.level, level != .full {
            reader.report(
                line: node["sandbox"]?.line,
                "\(path)sandbox.level: tools need a network of the agent's own; give level: A, or"
                    + " program.tools: [] and no connectors"
            )
        }
        if let program, triggers.goal?.limits.money != nil, program.prices == nil,
            program.report?.cost == nil
        {
            reader.report(
                line: node["goal"]?.line,
                "\(path)goal.money: the program does not say what it costs; give program.prices"
            )
        }
        if let program, triggers.goal?.limits.tokens != nil, program.report?.output.isEmpty ?? true
        {
            reader.report(
                line: node["goal"]?.line,
                "\(path)goal.tokens: the program does not say how many it used; give program.report"
            )
        }
    }
}

extension ProgramConfiguration.Kind {
    /// What a program is given in place of a key, which the desk adds on the way.
    public static let placeholder = "the-desk-adds-the-key"

    /// The variable by which it is told where its model is.
    public var addressVariable: String? {
        switch self {
        case .claude: "ANTHROPIC_BASE_URL"
        case .codex: "OPENAI_BASE_URL"
        case .lines, .once: nil
        }
    }

    fileprivate func variables(home: String) -> [(name: String, value: String)] {
        switch self {
        case .claude:
            [
                ("ANTHROPIC_API_KEY", Self.placeholder),
                ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"), ("DISABLE_AUTOUPDATER", "1"),
                ("CLAUDE_CODE_DISABLE_CRON", "1"),
            ]
        case .codex: [("OPENAI_API_KEY", Self.placeholder), ("CODEX_HOME", "\(home)/codex")]
        case .lines, .once: []
        }
    }
}
