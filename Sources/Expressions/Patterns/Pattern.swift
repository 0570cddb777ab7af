// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A compiled regular expression that tells in linear time whether a text contains a match.
struct Pattern: Sendable {
    /// How many instructions a pattern may compile to.
    static let maximumInstructions = 20_000

    enum Instruction: Sendable {
        /// Takes one character of the set with this number.
        case take(set: Int, ignoringCase: Bool)
        case assert(PatternNode.Assertion)
        case jump(Int)
        /// Goes on at both places.
        case split(Int, Int)
        case match
    }

    private(set) var instructions: [Instruction] = []
    private(set) var sets: [CharacterSet] = []
    private var setNumbers: [CharacterSet: Int] = [:]

    var instructionCount: Int { instructions.count }

    /// Compiles a pattern.
    init(_ source: String) throws(PatternError) {
        var parser = PatternParser(source)
        try emit(try parser.pattern())
        try append(.match)
    }

    private mutating func append(_ instruction: Instruction) throws(PatternError) {
        guard instructions.count < Pattern.maximumInstructions else {
            throw PatternError("its repetitions make it too large")
        }
        instructions.append(instruction)
    }

    private mutating func emit(_ node: PatternNode) throws(PatternError) {
        switch node {
        case .empty: break
        case .set(let characters, let ignoringCase):
            let number = setNumbers[characters] ?? sets.count
            if number == sets.count {
                sets.append(characters)
                setNumbers[characters] = number
            }
            try append(.take(set: number, ignoringCase: ignoringCase))
        case .assertion(let assertion): try append(.assert(assertion))
        case .sequence(let nodes):
            for node in nodes { try emit(node) }
        case .choice(let nodes): try emit(choice: nodes)
        case .repetition(let node, let least, let most):
            try emit(node, least: least, most: most)
        }
    }

    private mutating func emit(choice nodes: [PatternNode]) throws(PatternError) {
        var exits: [Int] = []
        for node in nodes.dropLast() {
            let fork = instructions.count
            try append(.match)
            try emit(node)
            exits.append(instructions.count)
            try append(.match)
            instructions[fork] = .split(fork + 1, instructions.count)
        }
        if let last = nodes.last { try emit(last) }
        for exit in exits { instructions[exit] = .jump(instructions.count) }
    }

    private mutating func emit(
        _ node: PatternNode,
        least: Int,
        most: Int?
    ) throws(PatternError) {
        // An empty body times a large count compiles to nothing but must not take long either.
        for _ in 0..<least {
            let before = instructions.count
            try emit(node)
            if instructions.count == before { return }
        }
        guard let most else {
            let fork = instructions.count
            try append(.match)
            try emit(node)
            try append(.jump(fork))
            instructions[fork] = .split(fork + 1, instructions.count)
            return
        }
        var forks: [Int] = []
        for _ in least..<max(least, most) {
            forks.append(instructions.count)
            try append(.match)
            try emit(node)
        }
        for fork in forks { instructions[fork] = .split(fork + 1, instructions.count) }
    }
}
