// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Glibc

/// Where the units of this user lie, after the XDG Base Directory Specification.
struct ServiceFolder {
    let folder: Folder

    /// Finds the folder through the environment.
    /// - Throws: A ``Failure`` when neither variable names an absolute path.
    init() throws {
        try self.init { name in getenv(name).map { String(cString: $0) } }
    }

    init(environment: (String) -> String?) throws {
        func absolute(_ name: String) -> String? {
            guard let path = environment(name), path.hasPrefix("/") else { return nil }
            return path
        }
        guard let base = absolute("XDG_CONFIG_HOME") ?? absolute("HOME").map({ "\($0)/.config" })
        else {
            throw Failure(
                "neither XDG_CONFIG_HOME nor HOME names a folder: set one of them",
                .unavailable
            )
        }
        folder = Folder("\(base)/systemd/user")
    }

    /// The text of a unit that is there; nil when none is.
    func text(of unit: ServiceUnit) throws -> String? {
        do {
            let bytes = try folder.read(unit.fileName, limitBytes: 1 << 20)
            return String(decoding: bytes, as: UTF8.self)
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    /// Writes the unit; one of another desk or of somebody else is left alone.
    func install(_ unit: ServiceUnit) throws {
        if let text = try text(of: unit) { try requireOwn(text, unit) }
        try folder.create()
        try folder.replace(unit.fileName, with: Array(unit.text.utf8), durable: true)
    }

    /// Removes the unit, and says whether there was one.
    func uninstall(_ unit: ServiceUnit) throws -> Bool {
        guard let text = try text(of: unit) else { return false }
        try requireOwn(text, unit)
        try folder.removeFile(unit.fileName)
        return true
    }

    private func requireOwn(_ text: String, _ unit: ServiceUnit) throws {
        let first = text.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? ""
        guard first == unit.firstLine else {
            let owner =
                first.hasPrefix(ServiceUnit.signature)
                ? "belongs to the desk \(first.dropFirst(ServiceUnit.signature.count))"
                : "was not made by loopdesk"
            throw Failure(
                "\(folder.path(of: unit.fileName)) \(owner); choose another name with --name",
                .badData
            )
        }
    }
}
