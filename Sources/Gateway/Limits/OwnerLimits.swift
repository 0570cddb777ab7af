// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
import Desk
public import Trading

/// The limits in the owner's `limits.yml`, looked at again whenever the file has changed.
///
/// The file lies at the top of the desk, outside every worktree, where no agent can reach it.
public final class OwnerLimits {
    private let folder: Folder
    /// The limits where the file is silent.
    public let base: OrderLimits
    private let complain: (String) -> Void
    private var stamp: FileStamp?

    /// Remembers where the file is.
    /// - Parameters:
    ///   - folder: The desk's top folder.
    ///   - base: The limits where the file is silent, or absent.
    ///   - complain: Told why a file that has changed is not used.
    public init(
        in folder: Folder,
        base: OrderLimits,
        complain: @escaping (String) -> Void = { _ in }
    ) {
        self.folder = folder
        self.base = base
        self.complain = complain
    }

    /// Loads the limits; without a file they are the base.
    /// - Throws: A `FileError`, a `DeskError` or a `TradingError` that says what is wrong where.
    public func load() throws -> OrderLimits {
        // Before reading, so that a change in between is seen as one.
        stamp = folder.stamp(of: OrderLimits.fileName)
        guard
            let bytes = try folder.readIfPresent(
                OrderLimits.fileName,
                limitBytes: SettingsFile.limitBytes
            )
        else { return base }
        let text = String(decoding: bytes, as: UTF8.self)
        let file = try SettingsFile(parsing: text, file: OrderLimits.fileName)
        var limits = base
        try limits.set(
            file.entries.map { .init($0.name, $0.values, isList: $0.isList, line: $0.line) }
        )
        return limits
    }

    /// The limits when the file has changed since the last look; nil when it has not, and when it
    /// cannot be used, which is complained of once.
    public func loadChange() -> OrderLimits? {
        guard folder.stamp(of: OrderLimits.fileName) != stamp else { return nil }
        do {
            return try load()
        } catch {
            complain("\(error)")
            return nil
        }
    }
}
