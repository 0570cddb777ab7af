// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// An agent's memory between turns: values for code in front matter, prose for people below.
///
/// Each value stands on one line as `name: <JSON>`, which is YAML as well, so that a person can
/// read it, a diff shows what changed, and nothing is rounded.
public struct StateFile: Sendable, Hashable {
    /// The values, sorted by name.
    public private(set) var values: [JSON.Member]
    /// The Markdown below; empty lines before it are dropped and it ends in a line feed.
    public var prose: String {
        didSet { prose = Self.tidied(prose) }
    }

    /// The size beyond which a state file is refused.
    public static let limitBytes = 1 << 20

    /// Creates a state from values with unique names.
    public init(values: [JSON.Member] = [], prose: String = "") {
        precondition(values.allSatisfy { Self.isName($0.name) }, Self.nameRule)
        self.values = values.sorted { $0.name < $1.name }
        self.prose = Self.tidied(prose)
    }

    private static let nameRule =
        "a state's name is one word of letters, digits, '_', '-', '.' or '/'"

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || $0.properties.numericType != nil
                    || "_-./".unicodeScalars.contains($0)
            } && name != "---"
    }

    /// The prose in the one form that reads back as itself.
    private static func tidied(_ prose: String) -> String {
        let text = FrontMatter.lines(of: prose).joined(separator: "\n").drop { $0 == "\n" }
        return text.isEmpty || text.hasSuffix("\n") ? String(text) : "\(text)\n"
    }

    /// The value of a name; setting nil removes it.
    public subscript(name: String) -> JSON? {
        get { values.first { $0.name == name }?.value }
        set {
            values.removeAll { $0.name == name }
            guard let newValue else { return }
            precondition(Self.isName(name), Self.nameRule)
            let place = values.firstIndex { $0.name > name } ?? values.endIndex
            values.insert(JSON.Member(name, newValue), at: place)
        }
    }

    /// Reads a state file; an empty one is an empty state.
    /// - Throws: A ``DeskError`` with code `state` and the line of the fault.
    public init(parsing bytes: [UInt8], file: String) throws(DeskError) {
        func fault(_ line: Int?, _ message: String) -> DeskError {
            DeskError(code: .state, file: file, line: line, message: message)
        }
        guard bytes.count <= Self.limitBytes else {
            throw fault(nil, "has \(bytes.count) bytes; at most \(Self.limitBytes) are allowed")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw fault(nil, "not UTF-8")
        }
        guard !bytes.isEmpty else {
            self.init()
            return
        }
        guard let split = FrontMatter(text) else {
            throw fault(1, "no front matter; the file must begin with '---' and close it again")
        }
        var values: [JSON.Member] = []
        var names: Set<String> = []
        for (offset, line) in split.header.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated() where !line.isEmpty
        {
            guard let colon = line.firstIndex(of: ":") else {
                throw fault(offset + 2, "found '\(line.prefix(40))'; expected 'name: value'")
            }
            let name = String(line[..<colon])
            guard Self.isName(name) else {
                throw fault(offset + 2, "found the name '\(name.prefix(40))'; \(Self.nameRule)")
            }
            guard names.insert(name).inserted else {
                throw fault(offset + 2, "'\(name)' is given twice")
            }
            do {
                let value = try JSON(parsing: String(line[line.index(after: colon)...]))
                values.append(JSON.Member(name, value))
            } catch {
                throw fault(offset + 2, "the value of '\(name)': \(error.message)")
            }
        }
        self.init(values: values, prose: split.body)
    }

    /// The file's bytes; the same state gives the same bytes.
    public var bytes: [UInt8] {
        var text: [UInt8] = Array("---\n".utf8)
        for member in values {
            text += Array("\(member.name): ".utf8)
            text += member.value.compactBytes
            text.append(0x0A)
        }
        text += Array("---\n".utf8)
        if !prose.isEmpty { text += Array("\n\(prose)".utf8) }
        return text
    }
}
