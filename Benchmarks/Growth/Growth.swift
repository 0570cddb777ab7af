// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Git
import Glibc
import Processes

/// Six agents that take turns: a signal, a note now and then, and a new state at each.
final class Growth {
    private static let agents = [
        "backtester", "executor", "ingestor", "researcher", "risk", "verifier",
    ]
    /// Turns between two publications, as on a desk where sixteen instants wait.
    private static let turnsPerPublication = 32
    private static let sampleTurns = 1000

    private let path: String
    private let clock: SystemClock
    private let repository: Repository
    private let publisher: Publisher
    private var trees: [TreeEditor] = []
    private var heads: [ObjectID] = []
    /// Turns between two rounds of maintenance, as in a minute of a busy desk.
    private static let turnsPerMaintenance = 6400

    /// Microseconds of each turn: by the clock, and of the processor for the thread that commits
    /// and for the whole process, which merges packs on another thread.
    private var costs: [Double] = []
    private var processor: [Double] = []
    private var everything: [Double] = []

    init(path: String, clock: SystemClock) throws {
        self.path = path
        self.clock = clock
        repository = try Repository.create(at: path)
        try repository.prepareSettings()
        publisher = Publisher(repository, isDurable: false)
        var batch = ObjectBatch()
        var tree = try TreeEditor(repository, tree: nil)
        for agent in Self.agents {
            try tree.set("agents/\(agent)/SKILL.md", content: Array("# \(agent)\n".utf8))
        }
        let root = try tree.write(into: &batch)
        let main = batch.addCommit(tree: root, parents: [], author: Self.author(0), message: "desk")
        try repository.objects.write(batch, isDurable: false)
        try repository.createBranch("main", at: main, by: Self.author(0))
        for agent in Self.agents {
            try repository.createBranch("agents/\(agent)", at: main, by: Self.author(0))
            trees.append(try TreeEditor(repository, tree: root))
            heads.append(main)
        }
    }

    func run(turns: Int) throws {
        var maintenance = 0.0
        var merged = 0
        for turn in 0..<turns {
            let begun = clock.now()
            let work = Self.microseconds(CLOCK_THREAD_CPUTIME_ID)
            let all = Self.microseconds(CLOCK_PROCESS_CPUTIME_ID)
            try commit(turn)
            if (turn + 1) % Self.turnsPerPublication == 0 {
                try publish(turn)
                merged += try repository.mergePacksBeside()
            }
            if (turn + 1) % Self.turnsPerMaintenance == 0, !repository.isMergingPacks {
                let before = clock.now()
                _ = try repository.maintain(by: Self.author(turn)) { false }
                maintenance = max(maintenance, Self.seconds(before, clock.now()))
            }
            costs.append(Self.seconds(begun, clock.now()) * 1e6)
            processor.append(Self.microseconds(CLOCK_THREAD_CPUTIME_ID) - work)
            everything.append(Self.microseconds(CLOCK_PROCESS_CPUTIME_ID) - all)
            if (turn + 1) % 20_000 == 0 { try report(after: turn + 1) }
        }
        try publish(turns)
        try repository.finishMerging()
        publisher.close()
        print(
            "\(merged) packs were merged beside; the longest maintenance took"
                + " \(Self.text(maintenance)) s"
        )
        print(verify())
    }

    private func commit(_ turn: Int) throws {
        let index = turn % Self.agents.count
        let agent = Self.agents[index]
        let number = turn / Self.agents.count + 1
        let digits = String(number + 1_000_000_000).dropFirst()
        let name = "\(digits.suffix(8).prefix(4))/\(digits.suffix(4).prefix(2))/\(number)"
        let body = Self.body(turn)
        try trees[index].set("agents/\(agent)/signals/\(name)-1-bars.json", content: body)
        if turn % 10 == 0 {
            let note = Array("note \(turn)\n".utf8)
            try trees[index].set("agents/\(agent)/notes/\(name)-1.md", content: note)
        }
        let state = Array("---\nturn: \(number)\n---\n".utf8) + body
        try trees[index].set("agents/\(agent)/STATE.md", content: state)
        let head = publisher.batch.addCommit(
            tree: try trees[index].write(into: &publisher.batch),
            parents: [heads[index]],
            author: Self.author(turn),
            message: "bars \(turn)\n\nTurn: \(number)\nRound: 1\n"
        )
        publisher.add(
            RefUpdate(
                reference: "refs/heads/agents/\(agent)",
                to: head,
                expecting: heads[index],
                message: "turn \(number): bars \(turn)"
            )
        )
        heads[index] = head
    }

    private func publish(_ turn: Int) throws {
        try publisher.keep(by: Self.author(turn))
        guard try publisher.publish(by: Self.author(turn)) == .moved else {
            print("a reference was moved by somebody else")
            exit(1)
        }
        for index in trees.indices { trees[index].trim() }
    }

    private func report(after turns: Int) throws {
        func story(_ costs: [Double]) -> String {
            func mean(_ part: ArraySlice<Double>) -> Double {
                part.reduce(0, +) / Double(max(1, part.count))
            }
            let first = mean(costs.prefix(Self.sampleTurns))
            let last = mean(costs.suffix(Self.sampleTurns))
            let all = mean(costs[...])
            return "first thousand \(Self.text(first)), last \(Self.text(last))"
                + " (\(Self.text(last / first)) times), all \(Self.text(all)) us"
                + " (\(Self.text(all / first)) times)"
        }
        print("\(turns) turns, \(try repository.objects.packCount()) packs:")
        print("  by the clock: \(story(costs))")
        print("  of the processor, committing: \(story(processor))")
        print("  of the processor, everything: \(story(everything))")
        print("  \(Self.peakMegabytes()) MB at most")
    }

    private func verify() -> String {
        // The git command says whether it finds the same.
        let status = system(
            "cd '\(path)' && du -sm .git && git rev-list --count --all && "
                + "git fsck --connectivity-only --no-dangling"
        )
        return status == 0 ? "git fsck finds nothing wrong" : "git fsck failed"
    }

    private static func author(_ turn: Int) -> Signature {
        Signature(name: "bench", email: "bench@loopdesk.invalid", seconds: Int64(turn))
    }

    /// About a kilobyte that compresses as signals do.
    private static func body(_ turn: Int) -> [UInt8] {
        var text = "{\n"
        var value = UInt64(turn) &* 0x9E37_79B9_7F4A_7C15
        for field in 0..<24 {
            value = value &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            text += "  \"field-\(field)\": \"\(value >> 32)\",\n"
        }
        return Array((text + "  \"turn\": \(turn)\n}\n").utf8)
    }

    private static func seconds(_ from: MonotonicInstant, _ to: MonotonicInstant) -> Double {
        Double(to.nanoseconds - from.nanoseconds) / 1e9
    }

    /// The most memory that this process has had at a time.
    private static func peakMegabytes() -> Int {
        var usage = rusage()
        guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
        return usage.ru_maxrss >> 10
    }

    private static func microseconds(_ kind: clockid_t) -> Double {
        var time = timespec()
        guard clock_gettime(kind, &time) == 0 else { return 0 }
        return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
    }

    private static func text(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
}
