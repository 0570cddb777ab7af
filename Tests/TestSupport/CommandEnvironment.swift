// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The variables that a command started by a test gets.
enum CommandEnvironment {
    /// What is handed on when it is set: where programs are, and where measuring tools write.
    private static let kept = [
        "PATH", "TMPDIR", "LD_LIBRARY_PATH", "LLVM_PROFILE_FILE", "ASAN_OPTIONS", "TSAN_OPTIONS",
    ]

    /// The same for every person and machine, so that no setting of theirs changes a result.
    static var minimal: [String: String] {
        let own = ProcessInfo.processInfo.environment
        var variables = ["LC_ALL": "C.UTF-8", "TZ": "UTC"]
        for name in kept { variables[name] = own[name] }
        return variables
    }

    /// The path of a program that PATH leads to.
    /// - Throws: A ``SupportError`` when it is not installed.
    static func requireProgram(_ name: String) throws -> String {
        let folders = (minimal["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        let paths = folders.map { "\($0)/\(name)" }
        guard let path = paths.first(where: FileManager.default.isExecutableFile(atPath:)) else {
            throw SupportError("\(name) is not installed; run make setup")
        }
        return path
    }
}
