// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

@testable import Processes

/// What this computer and this checkout have of sandboxes.
enum SandboxHere {
    /// Why there is no level A here; nil when there is.
    static let reason: String? = {
        do {
            let outcome = try SandboxProbe(
                level: .full,
                sandbox: Sandbox(readable: [], writable: []),
                tools: try tools(),
                hidden: [],
                fixed: []
            ).run(inPlaceOf: idle, clock: SystemClock())
            guard case .unavailable(let reason) = outcome else { return nil }
            return "level A is not to be had: \(reason)"
        } catch {
            return "level A cannot be tried: \(error)"
        }
    }()

    static let idle = ChildCommand(program: .path("/usr/bin/true"), workingFolder: "/")

    static func tools() throws -> SandboxTools {
        .look(
            launcher: try BuiltProduct.path("loopdesk-launcher"),
            searchPath: ["/usr/local/bin", "/usr/bin", "/bin"]
        )
    }

    /// The page that describes the sandbox.
    static func page() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "docs/sandbox.md"), encoding: .utf8)
    }

    /// The words in code quotes between two marks of a page, sorted.
    static func names(in page: String, between mark: String) -> [String] {
        let parts = page.components(separatedBy: "<!-- \(mark) -->")
        guard parts.count == 3 else { return [] }
        return parts[1].components(separatedBy: "`").enumerated()
            .filter { $0.offset % 2 == 1 }.map(\.element).sorted()
    }
}
