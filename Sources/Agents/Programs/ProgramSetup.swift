// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// The command line and the files with which a program is started for a turn.
///
/// Whatever the owner's command says stands; what is needed beside it is added.
struct ProgramSetup {
    let kind: ProgramConfiguration.Kind
    /// The owner's words, files of the desk by their whole paths.
    let command: [String]
    /// The program's own folder.
    let home: String
    /// Where its model answers, if the desk knows.
    let modelAddress: String?
    /// Where its tools answer; nil for none.
    let toolsAddress: String?

    /// The name by which the desk's tools are known to it.
    static let server = "loopdesk"

    /// The words to start it with, before a prompt.
    var words: [String] {
        switch kind {
        case .claude: claudeWords
        case .codex: codexWords
        case .lines, .once: command
        }
    }

    /// Variables that it is given beside the others: a desk tries a turn again itself, and sooner
    /// than a program that asks for half an hour.
    var variables: [(name: String, value: String)] {
        kind == .claude ? [("CLAUDE_CODE_MAX_RETRIES", "2")] : []
    }

    /// Files of its own folder, by name.
    var files: [(name: String, text: String)] {
        switch kind {
        case .claude: toolsAddress.map { [(name: "mcp.json", text: Self.servers($0))] } ?? []
        case .codex: [(name: "codex/config.toml", text: codexSettings)]
        case .lines, .once: []
        }
    }

    private func has(_ options: String...) -> Bool {
        command.contains { word in
            options.contains { word == $0 || word.hasPrefix("\($0)=") }
        }
    }

    private var claudeWords: [String] {
        var words = command
        if !has("-p", "--print") { words.append("--print") }
        if !has("--output-format") { words += ["--output-format", "json"] }
        if !has("--no-session-persistence") { words.append("--no-session-persistence") }
        if !has("--permission-mode", "--dangerously-skip-permissions") {
            words += ["--permission-mode", "acceptEdits"]
        }
        if !has("--allowedTools", "--allowed-tools", "--dangerously-skip-permissions") {
            let tools = toolsAddress == nil ? [] : ["mcp__\(Self.server)"]
            words += ["--allowedTools", (["Read", "Glob", "Grep"] + tools).joined(separator: ",")]
        }
        if toolsAddress != nil, !has("--mcp-config") {
            words += ["--mcp-config", "\(home)/mcp.json"]
        }
        // What lies in a repository must not start programs.
        if !has("--strict-mcp-config") { words.append("--strict-mcp-config") }
        return words
    }

    private var codexWords: [String] {
        var words = command
        if !command.contains("exec"), !command.contains("e") { words.insert("exec", at: 1) }
        for option in ["--json", "--skip-git-repo-check", "--ephemeral"] where !has(option) {
            words.append(option)
        }
        // The agent's sandbox is around all of it, and another one does not fit inside.
        let unboxed = "--dangerously-bypass-approvals-and-sandbox"
        if !has("-s", "--sandbox", "--full-auto", unboxed) { words.append(unboxed) }
        words.append("-")
        return words
    }

    private static func servers(_ address: String) -> String {
        let entry: JSON = ["type": "http", "url": .string(address)]
        return (["mcpServers": .object([.init(server, entry)])] as JSON).compactText
    }

    private var codexSettings: String {
        var text = ""
        if let modelAddress {
            text += """
                model_provider = "\(Self.server)"

                [model_providers.\(Self.server)]
                name = "\(Self.server)"
                base_url = \(JSON.string(modelAddress).compactText)
                env_key = "OPENAI_API_KEY"
                wire_api = "responses"

                """
        }
        if let toolsAddress {
            text += """
                [mcp_servers.\(Self.server)]
                url = \(JSON.string(toolsAddress).compactText)

                """
        }
        return text
    }
}
