// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Foundation
public import Testing

/// Gives each test case a fresh folder below the temporary folder, and removes it afterwards.
///
/// Used as a trait, `.scratchFolder`, on a test or a suite; the test reads ``path``.
public struct ScratchFolder: TestTrait, SuiteTrait, TestScoping {
    @TaskLocal private static var current: String?

    /// Whether a suite hands the trait on to its tests, so that no two of them share a folder.
    public var isRecursive: Bool { true }

    /// The folder of the running test case.
    /// - Throws: A ``SupportError`` when the test has no `.scratchFolder` trait.
    public static var path: String {
        get throws {
            guard let current else {
                throw SupportError("this test has no folder; add the trait .scratchFolder to it")
            }
            return current
        }
    }

    /// Runs one test case inside its own folder.
    @concurrent
    public func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let path = try Self.makeFolder()
        defer { Self.remove(path) }
        try await Self.$current.withValue(path) { try await function() }
    }

    /// Creates an empty folder with a name of its own; only its owner may enter it.
    static func makeFolder() throws -> String {
        let parent = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
        var template = Array("\(parent)/loopdesk-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw SupportError("cannot create a folder in \(parent): \(lastSystemReason())")
        }
        return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Removes the folder; what cannot be removed makes the test fail, so that nothing piles up.
    static func remove(_ path: String) {
        do {
            try Folder(path).removeAll()
        } catch {
            Issue.record("the scratch folder stays behind: \(error)")
        }
    }
}

extension Trait where Self == ScratchFolder {
    /// A fresh folder for each test case; its path is `ScratchFolder.path`.
    public static var scratchFolder: Self { Self() }
}

/// Runs the closure with the path of a fresh folder, which is removed when the closure is done.
/// - Throws: What the closure throws, or a ``SupportError`` when no folder can be made.
public func withScratchFolder<Result>(
    _ body: (_ path: String) async throws -> Result
) async throws -> Result {
    let path = try ScratchFolder.makeFolder()
    defer { ScratchFolder.remove(path) }
    return try await body(path)
}
