// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import Trading

@Suite("What a verdict lets an order do")
struct OrderPermitTests {
    /// A verdict on a tenth of equity at a close of 100, with a stop, a target and a limit in time.
    private static let narrow: [String: JSON] = [
        "size": "0.01", "close": "100", "stop": "0.05", "target": "0.1", "hold": 20,
    ]

    private func verdict(
        _ changes: [String: JSON] = [:],
        _ change: (inout ControlScene) throws -> Void = { _ in }
    ) throws -> ControlVerdict {
        var scene = try ControlScene()
        scene.holdLimit = 20
        scene.facts.permits["s-a"] = try scene.permit(
            changing: Self.narrow.merging(changes) { $1 }
        )
        scene.isPermitted = false
        try change(&scene)
        return try scene.verdict()
    }

    @Test("an order that is the verdict's own passes, and so does a smaller and safer one")
    func within() throws {
        let own = try verdict()
        let safer = try verdict {
            $0.quantity = "4"
            $0.stop = "97"
            $0.target = "105"
            $0.holdLimit = 1
        }

        #expect(own == .passed)
        #expect(safer == .passed)
    }

    @Test(
        "an order on what no verdict, another one or a stale one is on is refused",
        arguments: [
            (["intent": "s-b"], "none has passed on s-a"),
            (["symbol": "OTHER"], "verdict-1 is on OTHER, not on ACME"),
            (["strategy": "calm"], "verdict-1 is on another strategy"),
            (
                ["side": "short", "stop": .null, "target": .null],
                "verdict-1 allows to sell, not to"
            ),
            (["action": "exit"], "verdict-1 allows no entry"),
            (["goodThrough": "2000-01-10"], "verdict-1 was good through 2000-01-10"),
            (["size": "0.009"], "verdict-1 allows 9 units, not 10"),
            (["size": "0"], "verdict-1 allows 0 units, not 10"),
            (["size": "-1"], "verdict-1 allows 0 units, not 10"),
            (["stop": "0.04"], "verdict-1 has its stop at 96"),
            (["target": "0.09"], "verdict-1 has its target at 109"),
            (["hold": 19], "verdict-1 holds for 19 sessions"),
            (["invalidIf": "close < 90"], "verdict-1 closes when close < 90"),
        ] as [([String: JSON], String)]
    )
    func beyond(changes: [String: JSON], reason: String) throws {
        let refused = try verdict(changes) { scene in
            guard changes["intent"] != nil else { return }
            scene.facts.permits = ["s-b": try scene.permit(changing: changes)]
        }

        #expect(refused.broken == .verdict)
        #expect(refused.reason?.contains(reason) == true)
    }

    @Test(
        "an entry at a limit is no worse than the verdict's, from which its plan is measured",
        arguments: [
            ("98", "long", "95", "102", nil), ("97.5", "long", "95", "102", nil),
            (nil, "long", "95", "102", "enters at 98 or better"),
            ("98.000001", "long", "95", "102", "enters at 98 or better"),
            // 5 % and 10 % from 98.
            ("98", "long", "93", "102", "has its stop at 93.1"),
            ("98", "long", "95", "107.9", "has its target at 107.8"),
            ("102", "short", "105", "97", nil),
            ("101.9", "short", "105", "97", "enters at 102 or better"),
            ("102", "short", "107.2", "97", "has its stop at 107.1"),
        ] as [(String?, String, String, String, String?)]
    )
    func limit(
        price: String?,
        side: String,
        stop: String,
        target: String,
        objection: String?
    ) throws {
        let verdict = try verdict(["limit": "0.02", "side": .string(side)]) { scene in
            scene.price = price
            scene.stop = stop
            scene.target = target
            if side == "short" { scene.side = .sell }
        }

        if let objection {
            #expect(verdict.broken == .verdict && verdict.reason?.contains(objection) == true)
        } else {
            #expect(verdict == .passed)
        }
    }

    @Test(
        "a limit that no market reaches lets nothing pass",
        arguments: [
            ("long", "1"), ("long", "1000000000"), ("short", "1000000000"),
            ("long", "92233720368"), ("short", "92233720368"), ("long", "-92233720368"),
        ]
    )
    func noLimit(side: String, limit: String) throws {
        let permit: [String: JSON] = [
            "limit": .string(limit), "side": .string(side), "stop": .null, "target": .null,
        ]
        let verdict = try verdict(permit) { scene in
            scene.price = side == "long" ? "98" : "102"
            guard side == "short" else { return }
            (scene.side, scene.stop, scene.target) = (.sell, "105", "97")
        }

        #expect(verdict.broken == .verdict)
        #expect(verdict.reason?.contains("enters at no price") == true)
    }

    @Test("a stop or a target of any size is no price or one, and never the end of the process")
    func anyLevel() throws {
        for close in ["0.00000001", "100", "1000000000"] {
            for level in ["92233720368", "-92233720368", "1000000000", "-1000000000", "0", "1"] {
                for side in ["long", "short"] {
                    let permit = try ControlScene().permit(
                        changing: [
                            "close": .string(close), "stop": .string(level),
                            "target": .string(level), "side": .string(side),
                        ]
                    )
                    let prices = [permit.stopPrice, permit.targetPrice].compactMap(\.self)
                    #expect(prices.allSatisfy { $0.value <= Price.highest })
                }
            }
        }
    }

    @Test("lots by risk are those from the limit to its stop")
    func lotsFromLimit() throws {
        let instrument = try InstrumentID("rb2505")
        let session = try ContractBook([instrument.description], holding: .init()).session(
            of: instrument,
            endingAt: try #require(Instant("2025-02-10T07:00:00Z")),
            after: nil
        )
        let terms = try #require(session?.terms)
        func lots(close: String, limit: JSON) throws -> Decimal8 {
            var scene = try ControlScene()
            scene.instrument = instrument.description
            return try scene.permit(
                changing: ["size": "9", "close": .string(close), "limit": limit, "stop": "0.02"]
            ).lots(
                of: terms,
                equity: Samples.money("1500000"),
                cash: Samples.money("1500000"),
                risk: Samples.decimal("0.02")
            )
        }

        let resting = try lots(close: "3500", limit: "0.02")

        #expect(try resting == lots(close: "3430", limit: .null))
        #expect(try resting > lots(close: "3500", limit: .null))
    }

    @Test(
        "a plan that leaves out what was judged is refused",
        arguments: ["stop", "target", "hold"]
    )
    func leftOut(member: String) throws {
        let refused = try verdict { scene in
            switch member {
            case "stop": scene.stop = nil
            case "target": scene.target = nil
            default: scene.holdLimit = nil
            }
        }

        #expect(refused.broken == .verdict)
    }

    @Test("an exit needs a verdict on an exit, and closes only what its own strategy holds")
    func exit() throws {
        func exit(_ changes: [String: JSON], strategy: String = "trend") throws -> ControlVerdict {
            var scene = try ControlScene()
            try scene.hold("e", .buy, "10")
            scene.exitOf = "e"
            scene.side = .sell
            scene.strategy = strategy
            scene.facts.permits["s-a"] = try scene.permit(changing: changes)
            return try scene.verdict()
        }

        let own = try exit([:])
        let entry = try exit(["action": "enter"])
        let others = try exit([:], strategy: "calm")

        #expect(own == .passed)
        #expect(entry.reason == "verdict: verdict-1 allows no exit")
        #expect(others.reason == "verdict: verdict-1 is on what another strategy holds")
    }

    @Test(
        "units are counted exactly and never cost more than the stake",
        arguments: [
            ("1000000", "0.02", "30", 666), ("1000000", "0.02", "20000", 1),
            ("1000000", "0.02", "20000.00000001", 0), ("999999.99999999", "0.02", "20000", 0),
            ("-5", "0.02", "1", 0), ("10000000000", "1", "0.00000001", nil),
        ] as [(String, String, String, Int?)]
    )
    func units(equity: String, size: String, close: String, units: Int?) throws {
        let permit = try ControlScene().permit(
            changing: ["size": .string(size), "close": .string(close)]
        )

        #expect(permit.units(equity: try Samples.money(equity)) == units)
    }

    @Test("a permit reads back as it was written, and refuses members that it does not know")
    func form() throws {
        let permit = try ControlScene().permit(changing: Self.narrow)
        let again = try OrderPermit(try MessageReader(permit.json, path: "permit"))
        let more = JSON.object((permit.json.objectValue ?? []) + [.init("also", 1)])
        let full = try ControlScene().permit(changing: ["limit": "0.02", "confidence": "0.5"])

        #expect(again == permit)
        #expect(try OrderPermit(try MessageReader(full.json, path: "permit")) == full)
        #expect(full.limit?.description == "0.02")
        #expect(throws: TradingError.self) {
            try OrderPermit(try MessageReader(more, path: "permit"))
        }
    }
}
