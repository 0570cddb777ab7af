// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// How many new shares come for how many old ones, as far as two quantities tell.
public struct SplitRatio: Sendable, Hashable, CustomStringConvertible {
    /// The shares after.
    public let new: Int
    /// The shares before.
    public let old: Int

    /// The most shares that are thought to come for one, or one for them.
    static let most = 100
    /// The most shares after when they come for several, as in 3 for 2.
    static let mostUneven = 10

    /// Finds the ratio by which a quantity can have become another one; nil when there is none.
    ///
    /// What a reverse split leaves of a share is paid out, so a smaller quantity may be rounded
    /// down.
    public init?(from before: Decimal8, to after: Decimal8) {
        let (before, after) = (Int128(before.units), Int128(after.units))
        guard before != after, before.signum() * after.signum() > 0 else { return nil }
        func fits(_ new: Int, _ old: Int) -> Bool { before * Int128(new) == after * Int128(old) }
        guard let ratio = Self.exact(fits) ?? Self.rounded(before, after) else { return nil }
        self = ratio
    }

    private static func exact(_ fits: (_ new: Int, _ old: Int) -> Bool) -> SplitRatio? {
        for count in 2...most {
            if fits(count, 1) { return SplitRatio(new: count, old: 1) }
            if fits(1, count) { return SplitRatio(new: 1, old: count) }
        }
        for old in 2...mostUneven {
            for new in 2...mostUneven where new > old && fits(new, old) {
                return SplitRatio(new: new, old: old)
            }
        }
        return nil
    }

    /// A reverse split into whole shares.
    private static func rounded(_ before: Int128, _ after: Int128) -> SplitRatio? {
        let whole = Int128(Decimal8(1).units)
        guard after.isMultiple(of: whole) else { return nil }
        let counts = (2...most).filter { before / (Int128($0) * whole) * whole == after }
        // Several are possible; a round number is the likely one.
        return (counts.first { $0.isMultiple(of: 5) } ?? counts.first).map {
            SplitRatio(new: 1, old: $0)
        }
    }

    private init(new: Int, old: Int) {
        self.new = new
        self.old = old
    }

    /// The ratio as a person says it, as in `4 for 1`.
    public var description: String { "\(new) for \(old)" }
}
