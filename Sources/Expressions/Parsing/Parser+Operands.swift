// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Parser {
    /// Reads signs in front of an operand.
    mutating func unary() throws(ExpressionError) -> Node {
        let start = site
        var count = 0
        if token == .sign(.not) {
            while try accept(.not) { count += 1 }
            guard token != .sign(.minus) else { throw mixedSigns() }
            return try make(.not(try postfix(), isOdd: count % 2 == 1), at: start)
        }
        while try accept(.minus) { count += 1 }
        guard count > 0 else { return try postfix() }
        guard token != .sign(.not) else { throw mixedSigns() }
        if token == .int(1 << 63) {
            // The smallest integer has no positive counterpart, so its sign belongs to it.
            try advance()
            let smallest = try make(.literal(.int(.min)), at: start)
            let operand = try postfix(from: smallest)
            return count == 1 ? operand : try make(.negate(operand, count: count - 1), at: start)
        }
        let operand = try postfix()
        if case .literal(.int(let number)) = operand.kind, number != .min {
            return try make(.literal(.int(count % 2 == 1 ? -number : number)), at: start)
        }
        if case .literal(.double(let number)) = operand.kind {
            return try make(.literal(.double(count % 2 == 1 ? -number : number)), at: start)
        }
        return try make(.negate(operand, count: count), at: start)
    }

    private func mixedSigns() -> ExpressionError {
        ExpressionError(.syntax, "'-' and '!' cannot meet; put parentheses between", at: site)
    }

    private mutating func postfix() throws(ExpressionError) -> Node {
        let start = token
        let operand = try primary()
        if case .int = start, token == .sign(.dot) { beforeDot = start }
        defer { beforeDot = nil }
        return try postfix(from: operand)
    }

    /// Reads the fields, indexes and method calls that follow an operand.
    private mutating func postfix(from operand: Node) throws(ExpressionError) -> Node {
        var node = operand
        while true {
            let place = site
            if try accept(.dot) {
                node = try member(of: node, at: place)
            } else if try accept(.leftBracket) {
                let index = try expression()
                try require(.rightBracket)
                node = try make(.index(node, index), at: place)
            } else if token == .sign(.leftBrace), node.isPath {
                throw ExpressionError(
                    .unsupported,
                    "messages cannot be made; write a map such as {'name': 1}",
                    at: place
                )
            } else {
                return node
            }
        }
    }

    private mutating func member(of target: Node, at place: Site) throws(ExpressionError) -> Node {
        let fieldSite = site
        if case .quotedName(let field) = token {
            try advance()
            return try make(.select(target, field: field), at: fieldSite)
        }
        guard case .name(let field) = token else { throw unexpected("a field name after '.'") }
        beforeDot = nil
        try advance()
        guard token == .sign(.leftParenthesis) else {
            let node = try make(.select(target, field: field), at: fieldSite)
            return try typeLiteral(node) ?? node
        }
        let arguments = try self.arguments()
        if let kind = MacroKind(name: field), kind.takes(arguments.count) {
            return try macro(kind, over: target, arguments, at: fieldSite)
        }
        try rejectExtension(target, field, at: fieldSite)
        return try make(.method(target, field, arguments), at: fieldSite)
    }

    /// Names the extensions of the language that are left out, rather than a puzzling name in them.
    private func rejectExtension(
        _ target: Node,
        _ method: String,
        at place: Site
    ) throws(ExpressionError) {
        if let kind = MacroKind(name: method) {
            let message = "\(method)() takes \(kind.usage)"
            throw ExpressionError(.syntax, message, at: place)
        }
        let libraries = [
            "base64", "cel", "lists", "math", "net", "optional", "proto", "regex", "sets",
            "strings",
        ]
        guard case .name(let name, isRooted: false) = target.kind, libraries.contains(name),
            !Evaluator.methodNames.contains(method)
        else { return }
        let message = "the extension function \(name).\(method)() is not supported"
        throw ExpressionError(.unsupported, message, at: place)
    }

    /// The two type names that contain dots.
    private func typeLiteral(_ node: Node) throws(ExpressionError) -> Node? {
        switch node.path {
        case "google.protobuf.Timestamp", "google.protobuf.Duration":
            try make(.literal(.type(node.path ?? "")), at: node.site)
        default: nil
        }
    }

    private mutating func primary() throws(ExpressionError) -> Node {
        let place = site
        switch token {
        case .keyword(.true): return try literal(.bool(true))
        case .keyword(.false): return try literal(.bool(false))
        case .keyword(.null): return try literal(.null)
        case .uint(let number): return try literal(.uint(number))
        case .double(let number): return try literal(.double(number))
        case .string(let text): return try literal(.string(text))
        case .bytes(let octets): return try literal(.bytes(octets))
        case .int(let number):
            guard let small = Int64(exactly: number) else {
                let message = "the integer \(number) does not fit 64 bits; write \(number)u"
                throw ExpressionError(.syntax, message, at: place)
            }
            return try literal(.int(small))
        case .name: return try name(isRooted: false, at: place)
        case .sign(.dot):
            try advance()
            return try name(isRooted: true, at: place)
        case .sign(.leftParenthesis):
            try advance()
            let node = try expression()
            try require(.rightParenthesis)
            return node
        case .sign(.leftBracket): return try list(at: place)
        case .sign(.leftBrace): return try map(at: place)
        default: throw unexpected("an operand")
        }
    }

    private mutating func literal(_ value: Value) throws(ExpressionError) -> Node {
        let place = site
        try advance()
        return try make(.literal(value), at: place)
    }

    private mutating func name(isRooted: Bool, at place: Site) throws(ExpressionError) -> Node {
        guard case .name(let name) = token else { throw unexpected("a name after '.'") }
        guard !Token.reserved.contains(name) else {
            throw ExpressionError(.syntax, "'\(name)' is reserved and cannot be a name", at: site)
        }
        try advance()
        guard token == .sign(.leftParenthesis) else {
            return try make(.name(name, isRooted: isRooted), at: place)
        }
        let arguments = try self.arguments()
        if name == "has", arguments.count == 1 { return try has(arguments[0], at: place) }
        return try make(.call(name, arguments), at: place)
    }

    private mutating func arguments() throws(ExpressionError) -> [Node] {
        try require(.leftParenthesis)
        guard try !accept(.rightParenthesis) else { return [] }
        var arguments = [try expression()]
        while try accept(.comma) { arguments.append(try expression()) }
        try require(.rightParenthesis)
        return arguments
    }
}
