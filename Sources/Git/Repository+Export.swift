// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Repository {
    /// Writes files into a folder, each only where nothing of its name is.
    ///
    /// A file that is there already with the same content and mode is left as it is. All names are
    /// looked at before the first file is written, so a refusal leaves the folder as it was. No
    /// link is followed below the folder, which is made if need be.
    ///
    /// - Parameters:
    ///   - files: The files, with their newer content; deleted ones are passed over.
    ///   - folder: Where to.
    /// - Returns: The files that were written, in their order.
    /// - Throws: `.exists` naming what is in the way, `.io` when the disk refuses.
    public func export(_ files: [Change], into folder: String) throws(GitError) -> [String] {
        let operation = "write files"
        try Files.makeFolders(folder, within: commonFolder, operation)
        let root = try Folder(path: folder, operation)
        var missing: [(path: String, parts: [[UInt8]], mode: FileMode, bytes: [UInt8])] = []
        var inTheWay: [String] = []
        for file in files {
            guard let id = file.newID else { continue }
            let parts = try Path.parts(of: file.path, operation)
            let bytes = try blob(id)
            switch try Self.look(parts[...], for: bytes, file.mode, in: root, operation) {
            case .free: missing.append((file.path, parts, file.mode, bytes))
            case .same: break
            case .other: inTheWay.append(file.path)
            }
        }
        guard inTheWay.isEmpty else {
            let rest = inTheWay.count > 3 ? " and \(inTheWay.count - 3) more" : ""
            let names = inTheWay.prefix(3).joined(separator: ", ")
            let reason = "something else is there already: \(names)\(rest); nothing was written"
            throw GitError(.exists, operation, at: folder, reason)
        }
        for file in missing {
            try Self.create(file.parts[...], file.mode, file.bytes, in: root, operation)
        }
        return missing.map(\.path)
    }

    private enum Place {
        case free, same, other
    }

    private static func look(
        _ parts: ArraySlice<[UInt8]>,
        for bytes: [UInt8],
        _ mode: FileMode,
        in folder: borrowing Folder,
        _ operation: String
    ) throws(GitError) -> Place {
        guard let name = parts.first else { return .other }
        guard try folder.status(name, operation) != nil else { return .free }
        if parts.count > 1 {
            guard let child = try folder.child(name, operation) else { return .other }
            return try look(parts.dropFirst(), for: bytes, mode, in: child, operation)
        }
        let limit = visibleFileLimitBytes
        guard let found = try folder.load(name, limitBytes: limit, operation) else {
            return .other
        }
        return found.mode == mode && found.bytes == bytes ? .same : .other
    }

    private static func create(
        _ parts: ArraySlice<[UInt8]>,
        _ mode: FileMode,
        _ bytes: [UInt8],
        in folder: borrowing Folder,
        _ operation: String
    ) throws(GitError) {
        guard let name = parts.first else { return }
        guard parts.count > 1 else { return try folder.create(name, mode, bytes, operation) }
        let child = try folder.newChild(name, operation)
        try create(parts.dropFirst(), mode, bytes, in: child, operation)
    }
}
