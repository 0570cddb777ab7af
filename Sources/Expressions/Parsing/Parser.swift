// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Reads an expression by recursive descent, with macros recognised on the way.
struct Parser {
    private var lexer: Lexer
    let limits: ExpressionLimits
    private(set) var token: Token = .end
    private(set) var site = Site()
    /// The token before, for hints.
    private var previous: Token = .end
    private var depth = 0

    /// Parses a whole text.
    static func parse(
        _ source: String,
        limits: ExpressionLimits
    ) throws(ExpressionError) -> Node {
        guard source.utf8.count <= limits.sourceBytes else {
            throw ExpressionError(
                .limitExceeded,
                "the expression is longer than \(limits.sourceBytes) bytes",
                at: Site()
            )
        }
        var parser = Parser(lexer: Lexer(source), limits: limits)
        try parser.advance()
        let node = try parser.expression()
        guard parser.token == .end else { throw parser.unexpected("an operator or the end") }
        return node
    }

    private init(lexer: Lexer, limits: ExpressionLimits) {
        self.lexer = lexer
        self.limits = limits
    }

    mutating func advance() throws(ExpressionError) {
        previous = token
        (token, site) = try lexer.next()
    }

    mutating func accept(_ sign: Token.Sign) throws(ExpressionError) -> Bool {
        guard token == .sign(sign) else { return false }
        try advance()
        return true
    }

    mutating func require(_ sign: Token.Sign) throws(ExpressionError) {
        guard try accept(sign) else { throw unexpected("'\(sign.rawValue)'") }
    }

    /// Makes a node, unless that would nest too deeply.
    func make(_ kind: Node.Kind, at site: Site) throws(ExpressionError) -> Node {
        let node = Node(kind, at: site)
        guard node.height <= limits.nestingDepth else { throw tooDeep(at: site) }
        return node
    }

    /// Reads a conditional or anything that binds tighter.
    mutating func expression() throws(ExpressionError) -> Node {
        depth += 1
        defer { depth -= 1 }
        guard depth <= limits.nestingDepth else { throw tooDeep(at: site) }
        let start = site
        var branches: [Node.Branch] = []
        var current = try disjunction()
        while try accept(.question) {
            let value = try disjunction()
            try require(.colon)
            branches.append(Node.Branch(condition: current, value: value))
            current = try disjunction()
        }
        guard !branches.isEmpty else { return current }
        return try make(.conditional(branches, otherwise: current), at: start)
    }

    private mutating func disjunction() throws(ExpressionError) -> Node {
        let start = site
        var operands = [try conjunction()]
        while try accept(.or) { operands.append(try conjunction()) }
        return operands.count == 1 ? operands[0] : try make(.or(operands), at: start)
    }

    private mutating func conjunction() throws(ExpressionError) -> Node {
        let start = site
        var operands = [try chain(.relation)]
        while try accept(.and) { operands.append(try chain(.relation)) }
        return operands.count == 1 ? operands[0] : try make(.and(operands), at: start)
    }

    private mutating func chain(_ level: BinaryOperator.Level) throws(ExpressionError) -> Node {
        let start = site
        let first = try chainOperand(level)
        var links: [Node.Link] = []
        while let operation = BinaryOperator(token, level: level) {
            let place = site
            try advance()
            let operand = try chainOperand(level)
            links.append(Node.Link(operation: operation, operand: operand, site: place))
        }
        return links.isEmpty ? first : try make(.chain(first, links), at: start)
    }

    private mutating func chainOperand(
        _ level: BinaryOperator.Level
    ) throws(ExpressionError) -> Node {
        guard let tighter = level.tighter else { return try unary() }
        return try chain(tighter)
    }

    func tooDeep(at site: Site) -> ExpressionError {
        let message = "the expression nests deeper than \(limits.nestingDepth) levels"
        return ExpressionError(.limitExceeded, message, at: site)
    }

    /// The error of a token that does not belong here, with a hint for common slips.
    func unexpected(_ wanted: String) -> ExpressionError {
        var message = "expected \(wanted), found \(token.description)"
        switch (previous, token) {
        case (_, .name("and")), (_, .name("AND")): message += "; write '&&' for and"
        case (_, .name("or")), (_, .name("OR")): message += "; write '||' for or"
        case (.name("not"), _), (.name("NOT"), _): message += "; write '!' for not"
        case (.sign(.remainder), _):
            message += "; '%' is the remainder, write 0.1 for ten percent"
        case (.int(let number), .sign(.dot)): message += "; write \(number).0 for a double"
        case (.sign(.dot), _):
            if case .int(let number)? = beforeDot { message += "; write \(number).0 for a double" }
        default: break
        }
        return ExpressionError(.syntax, message, at: site)
    }

    /// Set when a dot follows a whole number, to explain `1.`.
    var beforeDot: Token?
}
