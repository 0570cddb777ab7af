// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The names of a file of lines and of the older ones that were set aside.
public struct RotatedFiles: Sendable, Hashable {
    /// The folder of all of them.
    public let folder: Folder
    /// The name without ending.
    public let base: String

    /// Names the files.
    public init(in folder: Folder, base: String) {
        self.folder = folder
        self.base = base
    }

    /// The file that grows.
    public var newest: String { "\(base).jsonl" }

    /// The file that was set aside as the one of that number, from 1.
    public func name(_ number: Int) -> String {
        let digits = String(number)
        return "\(base).\(String(repeating: "0", count: max(0, 8 - digits.count)))\(digits).jsonl"
    }

    /// The numbers of the files that were set aside and are still there, oldest first.
    /// - Throws: A ``FileError``; a folder that is not there holds none.
    public func numbers() throws(FileError) -> [Int] {
        let names: [String]
        do {
            names = try folder.names()
        } catch {
            guard error.code == .notFound else { throw error }
            return []
        }
        return names.compactMap(number(of:)).sorted()
    }

    private func number(of name: String) -> Int? {
        guard name.hasPrefix("\(base)."), name.hasSuffix(".jsonl") else { return nil }
        guard let number = Int(name.dropFirst(base.utf8.count + 1).dropLast(6)) else { return nil }
        return number > 0 && self.name(number) == name ? number : nil
    }
}
