// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Everything that starts an agent's turns.
public struct TriggerConfiguration: Sendable, Hashable {
    /// What a desk does about fires of schedules that it missed while it did not run.
    public enum MissedFires: String, Sendable, Hashable, CaseIterable {
        /// However many were missed, the agent runs once.
        case once
        /// The agent waits for the next one.
        case skip
    }

    /// The times at which it runs: first `every`, then those of `cron`.
    public let schedules: [Schedule]
    /// The topics whose signals start a turn.
    public let topics: [Topic]
    /// How programs may start a turn; nil when they may not.
    public let webhook: WebhookConfiguration?
    /// What is done about missed fires.
    public let missed: MissedFires
    /// What the agent works towards, turn after turn; nil when it waits for the other triggers.
    public let goal: GoalConfiguration?

    /// Whether a live desk runs the agent at each bar; in a replay, any `every:` does.
    public var runsEveryBar: Bool { schedules.contains(.bar) }

    /// The keys of an agent that are read here.
    static let keys = ["every", "cron", "on", "webhook", "missed", "goal"]

    init(
        _ reader: inout YAMLReader,
        in node: YAMLNode,
        path: String,
        zone: Zone,
        zones: ZoneDatabase
    ) {
        schedules =
            Self.readEvery(&reader, in: node, path: path)
            + Self.readCron(&reader, in: node, path: path, zone: zone, zones: zones)
        topics = reader.list("on", in: node, path: path, expected: "one of \(Self.known)") { text in
            Topic.deliverable.first { $0.rawValue == text }
        }
        webhook = WebhookConfiguration.read(&reader, in: node, path: path)
        missed =
            reader.scalar(
                "missed",
                in: node,
                path: path,
                expected: "once or skip",
                default: .once
            ) { MissedFires(rawValue: $0) } ?? .once
        goal = GoalConfiguration.read(&reader, in: node, path: path)
        // A trigger that could not be read is a fault of its own, reported above.
        let areOthersAbsent =
            ["every", "cron", "goal"].allSatisfy { node[$0] == nil }
            && (node["webhook"] == nil || node["webhook"]?.scalar == "false")
        if areOthersAbsent, node["on"]?.elements?.isEmpty ?? (node["on"] == nil) {
            reader.report(
                line: node.line,
                "\(path.dropLast()): nothing starts it; give 'every: bar', 'cron:',"
                    + " 'webhook: true', 'goal:' or 'on:' with topics (\(Self.known))"
            )
        }
    }

    private static let known = Topic.deliverable.map(\.rawValue).joined(separator: ", ")

    private static func readEvery(
        _ reader: inout YAMLReader,
        in node: YAMLNode,
        path: String
    ) -> [Schedule] {
        guard node["every"] != nil else { return [] }
        let schedule = reader.scalar(
            "every",
            in: node,
            path: path,
            expected: "'bar' or a time such as 1m, with the unit ms, s, m, h or d, at most 365d"
        ) { text in
            text == "bar" ? Schedule.bar : TimeLimit(text).map { Schedule.interval($0) }
        }
        return schedule.map { [$0] } ?? []
    }

    private static func readCron(
        _ reader: inout YAMLReader,
        in node: YAMLNode,
        path: String,
        zone: Zone,
        zones: ZoneDatabase
    ) -> [Schedule] {
        guard let value = node["cron"] else { return [] }
        let entries = value.elements ?? [value]
        if entries.isEmpty {
            reader.report(line: value.line, "\(path)cron: empty; expected cron expressions")
        }
        var schedules: [Schedule] = []
        for entry in entries {
            guard let text = entry.scalar else {
                reader.report(
                    line: entry.line,
                    "\(path)cron: found \(entry.summary); expected a text such as"
                        + " '30 9 * * mon-fri'"
                )
                continue
            }
            do throws(CronExpression.Fault) {
                let schedule = try cron(text, zone: zone, zones: zones)
                if schedules.contains(schedule) {
                    throw CronExpression.Fault(message: "found '\(text)' twice; once is enough")
                }
                schedules.append(schedule)
            } catch {
                reader.report(line: entry.line, "\(path)cron: \(error.message)")
            }
        }
        return schedules
    }

    /// Reads one expression with the zone in front of it, if there is one.
    private static func cron(
        _ text: String,
        zone: Zone,
        zones: ZoneDatabase
    ) throws(CronExpression.Fault) -> Schedule {
        let (name, rest) = CronExpression.splitZone(text)
        guard let zone = name.map({ zones.zone(named: $0) }) ?? zone else {
            throw CronExpression.Fault(
                message: "CRON_TZ '\(name ?? "")': no such time zone; expected a name such as"
                    + " America/New_York"
            )
        }
        let expression = try CronExpression(parsing: rest)
        if expression.neverFires {
            throw CronExpression.Fault(
                message: "'\(expression)' never fires: none of its months has such a day"
            )
        }
        return .cron(expression, zone)
    }
}
