// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant
import Supervisor

/// Keeps the market's views on disk from the bodies of `bars` signals.
final class ArchiveRecorder: MarketRecorder {
    private var archive: MarketArchive

    init(_ desk: OpenDesk) {
        archive = MarketArchive(
            folder: desk.folder.runtime.folder("market"),
            sealedYears: desk.configuration.market.sealedYears,
            recentBars: desk.configuration.market.recentBars
        )
    }

    func restart() throws {
        try archive.restart()
    }

    func record(_ bars: JSON) throws {
        archive.record(try JSONFields(bars, path: "bars").array("bars").map(Self.bar))
    }

    func publish(at time: Instant) throws {
        try archive.publish(at: time)
    }

    func hash(of view: MarketView) -> ContentHash? {
        switch view {
        case .none: nil
        case .full: archive.fullHash
        case .research: archive.researchHash
        }
    }

    private static func bar(_ json: JSON) throws -> Bar {
        let fields = try JSONFields(json, path: "bars.bars")
        func numberIfAny(_ name: String) throws -> Double? {
            try fields.optional(name).map { _ in try fields.double(name) }
        }
        let hasDay = DayPrices.names.contains { json[$0] != nil }
        return Bar(
            symbol: try Symbol(validating: try fields.string("symbol")),
            time: try fields.instant("time"),
            open: try fields.double("open"),
            high: try fields.double("high"),
            low: try fields.double("low"),
            close: try fields.double("close"),
            volume: try fields.double("volume"),
            day: hasDay
                ? DayPrices(
                    settlement: try numberIfAny("settlement"),
                    limitUp: try numberIfAny("limit_up"),
                    limitDown: try numberIfAny("limit_down")
                ) : nil
        )
    }
}
