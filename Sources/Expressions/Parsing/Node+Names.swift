// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Node {
    /// The names of the types, which need no binding.
    static let typeNames: Set<String> = [
        "bool", "bytes", "double", "int", "list", "map", "null_type", "string", "type", "uint",
    ]

    /// The dotted form of a name and fields selected from it, nil for anything else.
    var path: String? {
        switch kind {
        case .name(let name, _): name
        case .select(let target, let field): target.path.map { "\($0).\(field)" }
        default: nil
        }
    }

    /// The name that fields are selected from, and whether a dot leads it; nil for anything else.
    var rootName: (name: String, isRooted: Bool)? {
        switch kind {
        case .name(let name, let isRooted): (name, isRooted)
        case .select(let target, _): target.rootName
        default: nil
        }
    }

    /// Whether the node is a name or fields selected from one.
    var isPath: Bool {
        switch kind {
        case .name: true
        case .select(let target, _): target.isPath
        default: false
        }
    }

    /// How many iterating macros stand inside one another, repetition in a range not counted.
    var macroNesting: Int {
        if case .macro(let macro) = kind {
            let body = max(macro.predicate?.macroNesting ?? 0, macro.transform?.macroNesting ?? 0)
            return max(body + 1, macro.range.macroNesting)
        }
        var deepest = 0
        kind.forEachChild { deepest = max(deepest, $0.macroNesting) }
        return deepest
    }

    /// The name at the root of a path, with its fields, if it is not a macro variable.
    private func freePath(scope: [String]) -> (root: String, path: String)? {
        switch kind {
        case .name(let name, let isRooted):
            return !isRooted && scope.contains(name) ? nil : (name, name)
        case .select(let target, let field), .has(let target, let field):
            guard let (root, path) = target.freePath(scope: scope) else { return nil }
            return (root, "\(path).\(field)")
        default:
            return nil
        }
    }

    /// Collects the names, paths and functions the node reads, macro variables excluded.
    func collect(into names: inout NameUse, scope: [String] = []) {
        if let (root, path) = freePath(scope: scope) {
            if root != path { names.paths.insert(path) }
            if root != path || !Node.typeNames.contains(root) { names.roots.insert(root) }
            return
        }
        switch kind {
        case .call(let name, _), .method(_, let name, _): names.functions.insert(name)
        case .macro(let macro):
            macro.range.collect(into: &names, scope: scope)
            macro.predicate?.collect(into: &names, scope: scope + macro.variables)
            macro.transform?.collect(into: &names, scope: scope + macro.variables)
            return
        default: break
        }
        kind.forEachChild { $0.collect(into: &names, scope: scope) }
    }
}
