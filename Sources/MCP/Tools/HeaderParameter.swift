// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// An argument that its schema marks with `x-mcp-header`: HTTP carries it in a header as well.
struct HeaderParameter: Sendable, Hashable {
    /// The members that lead to the argument.
    let path: [String]
    /// The header, without its beginning `Mcp-Param-`.
    let header: String

    private static let key = "x-mcp-header"
    /// How deep properties are looked into.
    private static let depthLimit = 16

    /// The headers of a call.
    static func headers(
        _ parameters: [HeaderParameter],
        _ arguments: JSON
    ) -> [(name: String, value: String)] {
        parameters.compactMap { parameter in
            let value = parameter.path.reduce(Optional(arguments)) { $0?[$1] }
            return value.flatMap { HeaderValue.encode($0) }.map {
                (name: "Mcp-Param-\(parameter.header)", value: $0)
            }
        }
    }

    /// Finds the marks in a schema.
    /// - Throws: A ``Fault`` when one stands where it must not, or names no header.
    static func find(in schema: JSON, tool: String) throws(Fault) -> [HeaderParameter] {
        var found: [HeaderParameter] = []
        var marks = 0
        collect(schema, [], into: &found, depth: 0)
        count(schema, into: &marks, depth: 0)
        let names = Set(found.map { $0.header.lowercased() })
        guard marks == found.count, names.count == found.count else {
            throw Fault(Fault.invalidRequest, "tool \(tool): \(key) stands where it must not")
        }
        return found
    }

    /// Follows properties only, because below lists and alternatives no single value is meant.
    private static func collect(
        _ schema: JSON,
        _ path: [String],
        into found: inout [HeaderParameter],
        depth: Int
    ) {
        guard depth < depthLimit else { return }
        if let header = schema[key]?.stringValue, isHeader(header),
            ["string", "integer", "boolean"].contains(schema["type"]?.stringValue), !path.isEmpty
        {
            found.append(HeaderParameter(path: path, header: header))
        }
        for member in schema["properties"]?.objectValue ?? [] {
            collect(member.value, path + [member.name], into: &found, depth: depth + 1)
        }
    }

    /// Counts every mark, wherever it stands; a property may have that name, though.
    private static func count(_ json: JSON, into marks: inout Int, depth: Int) {
        guard depth < JSON.deepestNesting else { return }
        switch json {
        case .array(let elements):
            for element in elements { count(element, into: &marks, depth: depth + 1) }
        case .object(let members):
            for member in members {
                if member.name == key, member.value.objectValue == nil { marks += 1 }
                count(member.value, into: &marks, depth: depth + 1)
            }
        default: break
        }
    }

    private static func isHeader(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte)
                    || byte == 0x2D || byte == 0x5F
            }
    }
}
