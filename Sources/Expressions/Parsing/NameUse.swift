// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What an expression reads from outside.
struct NameUse {
    var roots: Set<String> = []
    var paths: Set<String> = []
    var functions: Set<String> = []
}
