// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// What an agent works towards, turn after turn, and what that may cost.
public struct GoalConfiguration: Sendable, Hashable {
    /// How it is decided that the goal is met; an agent's word never does.
    public enum Test: Sendable, Hashable {
        /// A condition over the signals that are committed.
        case until(GoalPredicate)
        /// A command that the supervisor runs in the agent's worktree; met when it exits with 0.
        case check(command: [String], timeout: TimeLimit)
    }

    /// How it is decided that the goal is met.
    public let test: Test
    /// The model that has to agree once the test holds; nil for none.
    public let judge: String?
    /// What may be spent on it.
    public let limits: GoalLimits

    /// The goal's name in history: it changes when the test does, and not when the limits do.
    public var id: TriggerID {
        let text =
            switch test {
            case .until(let predicate): "until\n\(predicate)"
            case .check(let command, _): "check\n\(command.joined(separator: "\n"))"
            }
        let judged = judge.map { "\(text)\njudge\n\($0)" } ?? text
        let name = ContentHash(of: Array(judged.utf8)).short
        guard let id = TriggerID(name) else {
            preconditionFailure("a content hash is written in hexadecimal digits")
        }
        return id
    }

    /// Reads `goal:`; nil when it is absent or wrong.
    static func read(
        _ reader: inout YAMLReader,
        in agent: YAMLNode,
        path: String
    ) -> GoalConfiguration? {
        guard agent["goal"] != nil else { return nil }
        guard let node = reader.mapping("goal", in: agent, path: path) else { return nil }
        let inner = "\(path)goal."
        reader.allowOnly(
            ["until", "check", "check_timeout", "judge", "turns", "wall_time", "tokens", "money"],
            in: node,
            path: inner
        )
        let limits = GoalLimits(&reader, in: node, path: inner)
        let judge = node["judge"] == nil ? nil : reader.string("judge", in: node, path: inner)
        guard let test = readTest(&reader, in: node, path: inner) else { return nil }
        return GoalConfiguration(test: test, judge: judge, limits: limits)
    }

    private static func readTest(
        _ reader: inout YAMLReader,
        in node: YAMLNode,
        path: String
    ) -> Test? {
        guard (node["until"] == nil) != (node["check"] == nil) else {
            reader.report(
                line: node.line,
                "\(path.dropLast()): expected either 'until' with a condition or 'check' with a"
                    + " command"
            )
            return nil
        }
        let timeout = reader.span(
            "check_timeout",
            in: node,
            path: path,
            default: TimeLimit(milliseconds: 600_000)
        )
        guard let until = node["until"] else {
            let command = reader.list(
                "check",
                in: node,
                path: path,
                expected: "a text that is not empty",
                isSet: false
            ) { $0.isEmpty || $0.utf8.contains(0) ? nil : $0 }
            if node["check"]?.elements?.isEmpty == true {
                reader.report(line: node["check"]?.line, "\(path)check: empty; expected a command")
            }
            return command.isEmpty ? nil : .check(command: command, timeout: timeout)
        }
        guard let text = reader.string("until", in: node, path: path) else { return nil }
        do throws(GoalPredicate.Fault) {
            return .until(try GoalPredicate(parsing: text))
        } catch {
            reader.report(line: until.line, "\(path)until: \(error.message)")
            return nil
        }
    }
}
