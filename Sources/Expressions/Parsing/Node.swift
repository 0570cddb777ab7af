// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A node of a parsed expression.
///
/// Chains of operators of one level are one node each, so that neither parsing nor evaluating nor
/// releasing a long chain recurses.
final class Node: Sendable {
    let kind: Kind
    let site: Site
    /// The number of levels from here down.
    let height: Int

    init(_ kind: Kind, at site: Site) {
        self.kind = kind
        self.site = site
        var tallest = 0
        kind.forEachChild { tallest = max(tallest, $0.height) }
        height = tallest + 1
    }

    /// What a node is.
    enum Kind: Sendable {
        case literal(Value)
        /// A name, and whether a leading dot skips macro variables.
        case name(String, isRooted: Bool)
        case select(Node, field: String)
        case has(Node, field: String)
        case index(Node, Node)
        case call(String, [Node])
        case method(Node, String, [Node])
        case list([Node])
        case map([Entry])
        case chain(Node, [Link])
        /// So many minus signs in front.
        case negate(Node, count: Int)
        /// Whether an odd number of `!` stands in front; an even one still asks for a truth value.
        case not(Node, isOdd: Bool)
        case and([Node])
        case or([Node])
        case conditional([Branch], otherwise: Node)
        case macro(Macro)
    }

    /// One operator of a chain and its right operand.
    struct Link: Sendable {
        let operation: BinaryOperator
        let operand: Node
        let site: Site
    }

    /// One entry of a map literal.
    struct Entry: Sendable {
        let key: Node
        let value: Node
    }

    /// One condition of a conditional and what it chooses.
    struct Branch: Sendable {
        let condition: Node
        let value: Node
    }

    /// An iterating macro.
    struct Macro: Sendable {
        let kind: MacroKind
        let range: Node
        /// The name of the element, or of its place and of the element.
        let variables: [String]
        /// The condition; nil where every element is transformed.
        let predicate: Node?
        /// What `map` and its kin make of an element.
        let transform: Node?
    }
}

extension Node.Kind {
    /// Visits the nodes directly below.
    func forEachChild(_ visit: (Node) -> Void) {
        switch self {
        case .literal, .name: break
        case .select(let node, _), .has(let node, _), .negate(let node, _), .not(let node, _):
            visit(node)
        case .index(let node, let place):
            visit(node)
            visit(place)
        case .call(_, let nodes), .list(let nodes), .and(let nodes), .or(let nodes):
            nodes.forEach(visit)
        case .method(let target, _, let arguments):
            visit(target)
            arguments.forEach(visit)
        case .map(let entries):
            for entry in entries {
                visit(entry.key)
                visit(entry.value)
            }
        case .chain(let first, let links):
            visit(first)
            for link in links { visit(link.operand) }
        case .conditional(let branches, let otherwise):
            for branch in branches {
                visit(branch.condition)
                visit(branch.value)
            }
            visit(otherwise)
        case .macro(let macro):
            visit(macro.range)
            if let predicate = macro.predicate { visit(predicate) }
            if let transform = macro.transform { visit(transform) }
        }
    }
}
