// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import TestSupport

/// Zones that tests need, from their rules.
enum TestZones {
    static let rules = [
        "America/New_York": "EST5EDT,M3.2.0,M11.1.0",
        "Asia/Kolkata": "IST-5:30",
        "Australia/Lord_Howe": "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
        "Australia/Sydney": "AEST-10AEDT,M10.1.0,M4.1.0/3",
        "Africa/Cairo": "EET-2EEST,M4.5.5/0,M10.5.4/24",
        "Europe/Dublin": "IST-1GMT0,M10.5.0,M3.5.0/1",
    ]

    static let database = ZoneDatabase { name in
        rules[name].map { ZoneFile.make(rule: $0) }
    }

    static func zone(_ name: String) -> Zone { database.zone(named: name) ?? .utc }

    /// A zone that skips the 30th of December 2011 and repeats a day in 2012, as by a correction.
    static let corrected: Zone = {
        let file = ZoneFile.make(
            [(1_325_239_200, 1), (1_340_000_040, 0)],
            [-36_000, 50_400],
            rule: "<-10>10"
        )
        return ZoneRules(file).map { Zone("Test/Corrected", rules: $0) } ?? .utc
    }()
}
