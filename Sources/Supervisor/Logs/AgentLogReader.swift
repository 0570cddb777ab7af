// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Desk

/// Reads the log of an agent in order, each line once, while it is written.
public final class AgentLogReader {
    private let reader: RotatedReader

    /// Begins with the oldest line that is kept.
    public init(_ desk: DeskFolder, _ agent: AgentName) {
        reader = RotatedReader(desk.logFiles(agent))
    }

    /// Hands over the lines written since the last call.
    ///
    /// Lines that are no JSON object, such as one that a power cut tore, are passed over.
    /// - Parameters:
    ///   - limit: The most lines, the newest of them; nil for all.
    ///   - body: Is given the lines in order.
    /// - Throws: A `FileError` when the files cannot be read, or what the body throws.
    public func read(last limit: Int? = nil, _ body: (JSON) throws -> Void) throws {
        guard let limit else {
            try reader.read { line throws in
                if let json = Self.object(line) { try body(json) }
            }
            return
        }
        var lines: [[UInt8]] = []
        var next = 0
        try reader.read { line throws in
            if lines.count < limit {
                lines.append(Array(line))
            } else if limit > 0 {
                lines[next] = Array(line)
                next = (next + 1) % limit
            }
        }
        for line in lines[next...] + lines[..<next] {
            if let json = Self.object(line[...]) { try body(json) }
        }
    }

    private static func object(_ line: ArraySlice<UInt8>) -> JSON? {
        // A torn line is no object.
        guard let json = try? JSON(parsing: line), json.objectValue != nil else { return nil }
        return json
    }
}
