// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import Trading

@Suite("Ratio of a split")
struct SplitRatioTests {
    @Test(
        "quantities that are an exact multiple of one another tell the ratio",
        arguments: [
            ("10", "40", "4 for 1"), ("10", "20", "2 for 1"), ("10", "15", "3 for 2"),
            ("30", "3", "1 for 10"), ("-5", "-10", "2 for 1"), ("12", "16", "4 for 3"),
            ("25", "2", "1 for 10"), ("15", "1", "1 for 15"), ("0.5", "50", "100 for 1"),
        ]
    )
    func ratios(before: String, after: String, ratio: String) throws {
        let (before, after) = (try #require(Decimal8(before)), try #require(Decimal8(after)))

        #expect(SplitRatio(from: before, to: after)?.description == ratio)
    }

    @Test(
        "no other change is one",
        arguments: [
            ("10", "10"), ("10", "0"), ("0", "10"), ("10", "-20"), ("10", "10.1"), ("10", "9"),
            ("10", "1010"), ("100", "101"), ("90000000000", "-90000000000"),
        ]
    )
    func others(before: String, after: String) throws {
        let (before, after) = (try #require(Decimal8(before)), try #require(Decimal8(after)))

        #expect(SplitRatio(from: before, to: after) == nil)
    }
}
