// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Names that programs act on by themselves when somebody enters a folder or works in it.
enum HarmfulName {
    /// What git acts on wherever it is started.
    private static let git: Set<String> = [".git", "git~1", ".gitattributes", ".gitmodules"]

    /// What shells, editors, builders and agent programs act on.
    ///
    /// An agent may have such files in its `work/`; beside its memory and at the top of its
    /// worktree nobody puts them but to be found by somebody else.
    private static let tools: Set<String> = [
        ".envrc", ".env", ".mise.toml", "mise.toml", ".tool-versions", ".vscode", ".idea", ".zed",
        ".fleet", ".devcontainer", ".editorconfig", ".vimrc", ".exrc", "_exrc", "_vimrc", ".nvimrc",
        ".nvim.lua", ".lvimrc", ".dir-locals.el", ".emacs.d", ".helix", ".gdbinit", ".lldbinit",
        ".claude", "claude.md", "claude.local.md", "agents.md", "agents.override.md", ".mcp.json",
        "mcp.json", ".codex", "gemini.md", ".gemini", ".cursor", ".cursorrules", ".windsurf",
        ".windsurfrules", ".aider.conf.yml", ".continue", ".github", ".husky", ".npmrc", ".yarnrc",
        ".pre-commit-config.yaml", "makefile", "gnumakefile", "justfile", ".justfile",
        "package.json", "flake.nix", "shell.nix", ".direnv", ".pythonrc", "sitecustomize.py",
        "usercustomize.py", "conftest.py", ".pdbrc",
    ]

    /// Whether git acts on a name.
    static func isGits(_ name: [UInt8]) -> Bool {
        // Asked for every file in a worktree, and few begin like one of these.
        guard let first = name.first, first == 0x2E || first | 0x20 == 0x67 else { return false }
        return git.contains(plain(name))
    }

    /// Whether another program acts on a name.
    static func isTools(_ name: [UInt8]) -> Bool { tools.contains(plain(name)) }

    /// What it is renamed to: without the dot that hides it, and with an ending.
    static func defused(_ name: [UInt8]) -> [UInt8] {
        // A name has at most 255 bytes.
        Array(name.drop { $0 == 0x2E }.prefix(200)) + Array(".defused".utf8)
    }

    /// The name as file systems compare it that know no case and drop endings.
    private static func plain(_ name: [UInt8]) -> String {
        var text = String(decoding: name, as: UTF8.self).lowercased()
        while text.count > 1, let last = text.last, last == "." || last == " " {
            text.removeLast()
        }
        return text
    }
}
