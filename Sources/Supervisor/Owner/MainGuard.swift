// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Git

/// Follows `main` as long as it only grows; otherwise agents go on with the last good commit of it.
struct MainGuard {
    private let desk: OpenDesk
    /// The commit of `main` that agents work from.
    private(set) var good: ObjectID
    /// The last value that was looked at, so that each is reported once.
    private var seen: ObjectID?

    /// Starts from the commit that `main` stands for now.
    /// - Parameters:
    ///   - desk: The desk.
    ///   - last: What agents worked from until now, if there is no such branch at the moment.
    /// - Throws: A ``SupervisorError`` with code `notReady` when there is neither.
    init(desk: OpenDesk, last: ObjectID? = nil) throws {
        self.desk = desk
        seen = try desk.repository.reference("refs/heads/main")
        good = try seen ?? last ?? desk.mainHead()
    }

    /// Looks where `main` is; costs one small file when it has not moved.
    /// - Returns: A report when it was deleted, rewritten, or can be followed again.
    mutating func look() throws -> OwnerReport? {
        let actual = try desk.repository.reference("refs/heads/main")
        guard actual != seen else { return nil }
        let wasGood = seen == good
        seen = actual
        let place = "\(good)".prefix(10)
        guard let actual else {
            return OwnerReport(.mainDeleted, "main was deleted; agents go on with \(place)")
        }
        guard actual != good else { return OwnerReport(.mainReturned, "main is at \(place) again") }
        let isKept = try !desk.repository.isGone(good)
        guard isKept, try desk.repository.mergeBase(good, actual) == good else {
            return OwnerReport(
                .mainRewritten,
                "main was moved to \("\(actual)".prefix(10)), which does not contain \(place);"
                    + " agents go on with \(place) until the desk is started again"
            )
        }
        good = actual
        guard !wasGood else { return nil }
        return OwnerReport(.mainReturned, "main is followed again, at \("\(actual)".prefix(10))")
    }
}
