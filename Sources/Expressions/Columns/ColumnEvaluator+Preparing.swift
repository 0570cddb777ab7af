// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension ColumnEvaluator {
    /// Lists the calls of a node on names and constants that are not known yet.
    mutating func announce(_ node: Node) {
        var waiting = [node]
        while let node = waiting.popLast() {
            switch node.kind {
            case .call(let name, let arguments):
                if !announce(name, arguments) { waiting += arguments }
            case .chain, .negate, .not, .and, .or, .conditional:
                node.kind.forEachChild { waiting.append($0) }
            default: continue
            }
        }
    }

    private mutating func announce(_ name: String, _ nodes: [Node]) -> Bool {
        guard functionNames.contains(name) else { return false }
        var places: [Int] = []
        for node in nodes {
            switch node.kind {
            case .literal, .name: break
            default: return false
            }
            // A fault shows again, with its place, when the expression itself is evaluated.
            guard let place = try? lower(node) else { return false }
            places.append(place)
        }
        let key = Key(operation: "call", constant: .string(name), operands: places)
        guard place(of: key) == nil, !announced.contains(where: { $0.key == key }) else {
            return true
        }
        var arguments: [ColumnArgument] = []
        for place in places {
            switch operands[place] {
            case .constant(let value): arguments.append(.constant(value))
            case .numbers(let rows): arguments.append(.column(rows))
            case .booleans, .streamed: return false
            }
        }
        announced.append((key, ColumnCall(name: name, arguments: arguments)))
        return true
    }

    /// Has the source compute what it can of the calls that were listed, if wanted as streams.
    mutating func computeAnnounced(asStreams: Bool = false) {
        var calls = announced
        announced = []
        while asStreams, let (chosen, stream) = source.stream(of: calls.map(\.call)) {
            let first = graph.add(stream)
            for (output, index) in chosen.enumerated() {
                let (key, call) = calls[index]
                _ = store(.streamed(first + output, call), for: key)
            }
            calls = calls.indices.filter { !chosen.contains($0) }.map { calls[$0] }
        }
        guard calls.count > 1 else { return }
        let columns = source.columns(of: calls.map(\.call))
        for (call, column) in zip(calls, columns) {
            guard let column, column.count == count, case .numbers(let rows) = column else {
                continue
            }
            _ = store(.numbers(rows), for: call.key)
        }
    }
}
