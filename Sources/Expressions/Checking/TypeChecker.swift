// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Finds the types in one expression, and the first place where they cannot go together.
struct TypeChecker {
    let names: [String: ValueType]
    let functions: [String: ValueType]
    private var locals: [(name: String, type: ValueType)] = []

    init(names: [String: ValueType], functions: [String: ValueType]) {
        self.names = names
        self.functions = functions
    }

    /// Finds the type of a node.
    mutating func type(of node: Node) throws(ExpressionError) -> ValueType {
        switch node.kind {
        case .literal(let value): return ValueType(value)
        case .name: return try name(node)
        case .select(let target, let field):
            if let path = freePath(node) {
                if let type = names[path] { return type }
                if hasMembers(path) { return .map(.string, .dyn) }
                if isUnknown(target) { throw unknown(path, at: node.site) }
            }
            return try member(field, of: try type(of: target), at: node.site)
        case .has(let target, let field):
            _ = try member(field, of: try type(of: target), at: node.site)
            return .bool
        case .index(let target, let place):
            let container = try type(of: target)
            return try element(of: container, at: try type(of: place), site: node.site)
        case .call(let name, let arguments):
            return try call(name, try types(of: arguments), at: node.site)
        case .method(let target, let name, let arguments):
            let receiver = try type(of: target)
            return try method(name, of: receiver, try types(of: arguments), at: node.site)
        case .list(let nodes): return .list(.covering(try types(of: nodes)))
        case .map(let entries): return try map(entries)
        case .chain(let first, let links):
            var result = try type(of: first)
            for link in links {
                let operand = try type(of: link.operand)
                result = try binary(link.operation, result, operand, at: link.site)
            }
            return result
        case .negate(let operand, _): return try negated(try type(of: operand), at: node.site)
        case .not(let operand, _):
            try requireTruth(operand, "'!'")
            return .bool
        case .and(let operands):
            for operand in operands { try requireTruth(operand, "'&&'") }
            return .bool
        case .or(let operands):
            for operand in operands { try requireTruth(operand, "'||'") }
            return .bool
        case .conditional(let branches, let otherwise):
            return try conditional(branches, otherwise)
        case .macro(let macro): return try self.macro(macro, at: node.site)
        }
    }

    private mutating func types(of nodes: [Node]) throws(ExpressionError) -> [ValueType] {
        var types: [ValueType] = []
        for node in nodes { types.append(try type(of: node)) }
        return types
    }

    /// Refuses a node that can be no truth value.
    private mutating func requireTruth(_ node: Node, _ what: String) throws(ExpressionError) {
        let type = try type(of: node)
        guard type == .bool || type.isOpen else {
            throw ExpressionError(
                .noMatchingOverload,
                "\(what) takes bool, not \(type)",
                at: node.site
            )
        }
    }

    private mutating func map(_ entries: [Node.Entry]) throws(ExpressionError) -> ValueType {
        var keys: [ValueType] = []
        var values: [ValueType] = []
        for entry in entries {
            let key = try type(of: entry.key)
            guard key.isOpen || key.sample.isMapKey else {
                let message = "\(key) cannot be a map key; use int, uint, bool or string"
                throw ExpressionError(.noMatchingOverload, message, at: entry.key.site)
            }
            keys.append(key)
            values.append(try type(of: entry.value))
        }
        return .map(.covering(keys), .covering(values))
    }

    private mutating func conditional(
        _ branches: [Node.Branch],
        _ otherwise: Node
    ) throws(ExpressionError) -> ValueType {
        var result = ValueType.nothing
        for branch in branches {
            try requireTruth(branch.condition, "'?'")
            result = try joined(result, try type(of: branch.value), at: branch.condition.site)
        }
        return try joined(result, try type(of: otherwise), at: otherwise.site)
    }

    private func joined(
        _ left: ValueType,
        _ right: ValueType,
        at site: Site
    ) throws(ExpressionError) -> ValueType {
        if left == .nothing { return right }
        if left == .null || right == .null { return left == right ? .null : .dyn }
        guard let type = left.joined(with: right) else {
            let message = "no matching overload for bool ? \(left) : \(right)"
            throw ExpressionError(.noMatchingOverload, message, at: site)
        }
        return type
    }

    private mutating func macro(
        _ macro: Node.Macro,
        at site: Site
    ) throws(ExpressionError) -> ValueType {
        let range = try type(of: macro.range)
        let (key, element): (ValueType, ValueType)
        switch range {
        case .list(let type): (key, element) = (.int, type)
        case .map(let keys, let values): (key, element) = (keys, values)
        case .dyn, .nothing: (key, element) = (.dyn, .dyn)
        default:
            let message = "\(macro.kind.rawValue)() takes a list or a map, not \(range)"
            throw ExpressionError(.noMatchingOverload, message, at: site)
        }
        var isList = true
        if case .map = range { isList = false }
        let single = isList ? element : key
        let types = macro.variables.count == 1 ? [single] : [key, element]
        for (name, type) in zip(macro.variables, types) { locals.append((name, type)) }
        defer { locals.removeLast(macro.variables.count) }
        if let predicate = macro.predicate {
            try requireTruth(predicate, "\(macro.kind.rawValue)()")
        }
        let result: ValueType
        if let transform = macro.transform {
            result = try type(of: transform)
        } else {
            result = single
        }
        switch macro.kind {
        case .all, .exists, .existsOne: return .bool
        case .filter, .map, .transformList: return .list(result)
        case .transformMap: return .map(key, result)
        }
    }
}

// MARK: Names

extension TypeChecker {
    private func name(_ node: Node) throws(ExpressionError) -> ValueType {
        guard case .name(let name, let isRooted) = node.kind else { return .dyn }
        if !isRooted, let local = locals.last(where: { $0.name == name }) { return local.type }
        if let type = names[name] { return type }
        if hasMembers(name) { return .map(.string, .dyn) }
        if Node.typeNames.contains(name) { return .type }
        throw unknown(name, at: node.site)
    }

    /// The dotted form of a selection from a name that is no macro variable.
    private func freePath(_ node: Node) -> String? {
        guard let (root, isRooted) = node.rootName,
            isRooted || !locals.contains(where: { $0.name == root })
        else { return nil }
        return node.path
    }

    /// Whether names are declared that begin with this one and a dot.
    private func hasMembers(_ path: String) -> Bool {
        names.keys.contains { $0.hasPrefix(path + ".") }
    }

    /// Whether a name is known only by its declared members, of which there is no other.
    private func isUnknown(_ node: Node) -> Bool {
        guard let path = freePath(node) else { return false }
        return names[path] == nil && hasMembers(path)
    }

    private func unknown(_ name: String, at site: Site) -> ExpressionError {
        let hint = Spelling.suggestion(for: name, among: names.keys.sorted())
        return ExpressionError(.unknownIdentifier, "unknown name '\(name)'\(hint)", at: site)
    }
}
