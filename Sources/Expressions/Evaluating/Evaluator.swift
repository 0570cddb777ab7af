// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Evaluates the nodes of one expression for one set of values.
struct Evaluator {
    /// What one visited node costs; work on contents is counted in fractions of it.
    static let stepFuel = 64
    /// How many compiled patterns are kept at a time.
    static let keptPatterns = 64

    let bindings: Bindings
    let limits: ExpressionLimits
    let zones: TimeZoneResolver?
    var locals: [(name: String, value: Value)] = []
    var patterns: [MapKey: Pattern] = [:]
    var zoneRules: [String: ZoneRules] = [:]
    /// Set once something large was put into a list or map: shared contents can then be larger than
    /// the work spent on them.
    var hasNested = false
    /// What is suggested for names that have no value, so that it is found once for each.
    private var hints: [String: String] = [:]
    private var sortedNames: [String]?
    private(set) var fuel: Int

    init(bindings: Bindings, limits: ExpressionLimits, zones: TimeZoneResolver?) {
        self.bindings = bindings
        self.limits = limits
        self.zones = zones
        fuel = max(0, limits.evaluationSteps) * Evaluator.stepFuel
    }

    /// Evaluates a whole expression and bounds the size of what it built.
    mutating func result(of root: Node) throws(ExpressionError) -> Value {
        let value = try evaluate(root)
        if hasNested { try spend(onContentsOf: value, at: root.site) }
        return value
    }

    /// Counts work, and stops an evaluation that did too much.
    mutating func spend(_ amount: Int, at site: Site) throws(ExpressionError) {
        fuel -= amount
        guard fuel < 0 else { return }
        fuel = 0
        let message = "the evaluation took more than \(limits.evaluationSteps) steps"
        throw ExpressionError(.limitExceeded, message, at: site)
    }

    /// Evaluates a node.
    mutating func evaluate(_ node: Node) throws(ExpressionError) -> Value {
        try spend(Evaluator.stepFuel, at: node.site)
        switch node.kind {
        case .literal(let value): return value
        case .name(let name, let isRooted):
            return try lookUp(name, isRooted: isRooted, at: node.site)
        case .select(let target, let field):
            if bindings.hasQualifiedNames, let value = qualified(node) { return value }
            return try select(field, from: try evaluate(target), at: node.site)
        case .has(let target, let field):
            return try has(field, in: try evaluate(target), at: node.site)
        case .index(let target, let place):
            let container = try evaluate(target)
            return try element(of: container, at: try evaluate(place), site: node.site)
        case .call(let name, let arguments):
            let values = try evaluate(all: arguments)
            return try call(name, values, at: node.site)
        case .method(let target, let name, let arguments):
            let receiver = try evaluate(target)
            return try callMethod(name, on: receiver, try evaluate(all: arguments), at: node.site)
        case .list(let nodes): return .list(try elements(nodes))
        case .map(let entries): return try map(entries)
        case .chain(let first, let links): return try chain(first, links)
        case .negate(let operand, let count):
            return try negate(try evaluate(operand), count: count, at: node.site)
        case .not(let operand, let isOdd):
            return try not(try evaluate(operand), isOdd: isOdd, at: node.site)
        case .and(let operands): return try logical(operands, absorbing: false)
        case .or(let operands): return try logical(operands, absorbing: true)
        case .conditional(let branches, let otherwise):
            return try conditional(branches, otherwise: otherwise)
        case .macro(let macro): return try evaluate(macro, at: node.site)
        }
    }

    private mutating func evaluate(all nodes: [Node]) throws(ExpressionError) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(nodes.count)
        for node in nodes { values.append(try evaluate(node)) }
        return values
    }

    private mutating func elements(_ nodes: [Node]) throws(ExpressionError) -> [Value] {
        let values = try evaluate(all: nodes)
        if values.contains(where: \.isLarge) { hasNested = true }
        return values
    }

    private mutating func map(_ entries: [Node.Entry]) throws(ExpressionError) -> Value {
        var map = ValueMap()
        for entry in entries {
            let key = try evaluate(entry.key)
            guard key.isMapKey else {
                let message = "\(key.typeName) cannot be a map key; use int, uint, bool or string"
                throw ExpressionError(.noMatchingOverload, message, at: entry.key.site)
            }
            let value = try evaluate(entry.value)
            if value.isLarge || key.isLarge { hasNested = true }
            try spend(key.octetCount / 4, at: entry.key.site)
            guard map.insert(value, forKey: key) else {
                let message = "the map literal names the key \(key.excerpt) twice"
                throw ExpressionError(.duplicateKey, message, at: entry.key.site)
            }
        }
        return .map(map)
    }

    /// The value bound to the dotted name that a selection spells; nil if there is none.
    private func qualified(_ node: Node) -> Value? {
        guard let (root, isRooted) = node.rootName, isRooted || !isLocal(root),
            let path = node.path
        else { return nil }
        return isRooted ? bindings[path] : bindings.value(of: path)
    }

    private func isLocal(_ name: String) -> Bool { locals.contains { $0.name == name } }

    private mutating func lookUp(
        _ name: String,
        isRooted: Bool,
        at site: Site
    ) throws(ExpressionError) -> Value {
        if !isRooted, let local = locals.last(where: { $0.name == name }) { return local.value }
        if let value = isRooted ? bindings[name] : bindings.value(of: name) { return value }
        if Node.typeNames.contains(name) { return .type(name) }
        throw ExpressionError(
            .unknownIdentifier,
            "unknown name '\(name)'\(hint(for: name))",
            at: site
        )
    }

    /// What may have been meant by a name, looked for only once.
    private mutating func hint(for name: String) -> String {
        if let known = hints[name] { return known }
        let names = sortedNames ?? bindings.names
        let hint = Spelling.suggestion(for: name, among: names)
        sortedNames = names
        hints[name] = hint
        return hint
    }
}
