// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Waits until the condition holds, and says whether it did before the time was up.
///
/// The condition is asked at once, then every few milliseconds, and a last time at the end, so a
/// test waits no longer than it must and a slow machine gets the whole limit.
/// - Throws: What the condition throws, or `CancellationError`.
/// - Returns: Whether the condition held.
public func eventually(
    within limit: Duration = .seconds(10),
    _ condition: () async throws -> Bool
) async throws -> Bool {
    let clock = ContinuousClock()
    let end = clock.now.advanced(by: limit)
    var pause = Duration.milliseconds(1)
    while clock.now < end {
        if try await condition() { return true }
        try await Task.sleep(for: min(pause, clock.now.duration(to: end)))
        pause = min(pause * 2, .milliseconds(20))
    }
    return try await condition()
}
