// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Parser {
    mutating func list(at place: Site) throws(ExpressionError) -> Node {
        try require(.leftBracket)
        var elements: [Node] = []
        while token != .sign(.rightBracket) {
            elements.append(try expression())
            guard try accept(.comma) else { break }
        }
        try require(.rightBracket)
        var values: [Value] = []
        for element in elements {
            guard case .literal(let value) = element.kind else { break }
            values.append(value)
        }
        // A list of literals is itself one, so that `x in [1, 2, 3]` builds nothing.
        guard values.count < elements.count || elements.isEmpty else {
            return try make(.literal(.list(values)), at: place)
        }
        return try make(.list(elements), at: place)
    }

    mutating func map(at place: Site) throws(ExpressionError) -> Node {
        try require(.leftBrace)
        var entries: [Node.Entry] = []
        while token != .sign(.rightBrace) {
            let key = try expression()
            try require(.colon)
            entries.append(Node.Entry(key: key, value: try expression()))
            guard try accept(.comma) else { break }
        }
        try require(.rightBrace)
        return try make(.map(entries), at: place)
    }

    func has(_ argument: Node, at place: Site) throws(ExpressionError) -> Node {
        guard case .select(let target, let field) = argument.kind else {
            let message = "has() takes a field selection such as has(a.b)"
            throw ExpressionError(.syntax, message, at: place)
        }
        return try make(.has(target, field: field), at: place)
    }

    func macro(
        _ kind: MacroKind,
        over range: Node,
        _ arguments: [Node],
        at place: Site
    ) throws(ExpressionError) -> Node {
        let count = kind.variables(of: arguments.count)
        var variables: [String] = []
        for argument in arguments.prefix(count) {
            variables.append(try variable(argument, of: kind, besides: variables))
        }
        let rest = arguments.dropFirst(count)
        let node = try make(
            .macro(
                Node.Macro(
                    kind: kind,
                    range: range,
                    variables: variables,
                    predicate: kind.transforms && rest.count == 1 ? nil : rest.first,
                    transform: kind.transforms ? rest.last : nil
                )
            ),
            at: place
        )
        guard rest.allSatisfy({ $0.macroNesting < limits.macroNesting }) else {
            let message = "macros nest deeper than \(limits.macroNesting) levels"
            throw ExpressionError(.limitExceeded, message, at: place)
        }
        return node
    }

    private func variable(
        _ node: Node,
        of kind: MacroKind,
        besides others: [String]
    ) throws(ExpressionError) -> String {
        guard case .name(let name, isRooted: false) = node.kind else {
            let message = "the first argument of \(kind.rawValue)() must be a plain name"
            throw ExpressionError(.syntax, message, at: node.site)
        }
        guard !others.contains(name) else {
            let message = "the two variables of \(kind.rawValue)() must have different names"
            throw ExpressionError(.syntax, message, at: node.site)
        }
        return name
    }
}
