// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// A folder with one file of hashes a connector.
public struct PinFolder: PinStore {
    private let folder: Folder

    /// The most bytes of a file that are read.
    static let fileLimitBytes = 4 << 20

    /// Uses a folder, which is made with the first file.
    public init(_ folder: Folder) {
        self.folder = folder
    }

    /// What was accepted of a connector; nil when nothing has been yet.
    /// - Throws: A `FileError` or a `JSONError`.
    public func load(_ connector: String) throws -> ToolPins? {
        let file = "\(connector).json"
        guard let bytes = try folder.readIfPresent(file, limitBytes: Self.fileLimitBytes) else {
            return nil
        }
        return try ToolPins(JSON(parsing: bytes))
    }

    /// Keeps what is accepted from now on.
    /// - Throws: A `FileError`.
    public func save(_ pins: ToolPins, of connector: String) throws {
        try folder.create()
        try folder.replace("\(connector).json", with: pins.json.prettyBytes)
    }
}
