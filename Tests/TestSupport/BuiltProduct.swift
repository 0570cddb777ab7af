// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The executables that the build put beside the running tests.
public enum BuiltProduct {
    /// The path of the executable with that name.
    /// - Throws: A ``SupportError`` when it has not been built.
    public static func path(_ name: String) throws -> String {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let folder = tests.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let path = folder.joined(separator: "/") + "/\(name)"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw SupportError("there is no executable \(path); run swift build --build-tests")
        }
        return path
    }
}
