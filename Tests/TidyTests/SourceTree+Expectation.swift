// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Testing

extension SourceTree {
    /// Expects that a check finds nothing, and otherwise lists every place that it finds.
    func expectNone(
        _ check: (SourceFile) -> [Violation],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let found = violations(check)
        let report = found.map { "\n\($0)" }.joined()
        let count = found.count
        #expect(count == 0, "\(report)", sourceLocation: sourceLocation)
    }
}
