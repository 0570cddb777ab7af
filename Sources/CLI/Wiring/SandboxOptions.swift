// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The one way to run a desk without sandboxes, for harnesses that trace or count processes.
struct SandboxOptions: ParsableArguments {
    @Flag(
        name: .customLong("unsafe-without-sandbox"),
        help: "Start every agent without a sandbox. Unsafe: it can do what you can."
    )
    var isUnsafe = false

    /// The words that say the same to another process of this program.
    var words: [String] { isUnsafe ? ["--unsafe-without-sandbox"] : [] }
}
