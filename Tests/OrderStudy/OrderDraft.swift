// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// An order before it is written down: its numbers, and the words that stand for them.
struct OrderDraft {
    /// A number that a text may or may not mean.
    struct Word {
        var text: String
        /// Hundredths; nil when the text is no number that an order may have.
        var value: Int?

        init(_ hundredths: Int) {
            value = hundredths
            let rest = hundredths.magnitude % 100
            let sign = hundredths < 0 ? "-" : ""
            text = "\"\(sign)\(hundredths.magnitude / 100).\(rest < 10 ? "0" : "")\(rest)\""
            if hundredths <= 0 { value = nil }
        }

        init(garbage: String) {
            text = garbage
            value = nil
        }
    }

    var id: String
    var signal: String
    var strategy: String
    var product: Int
    var isBuy: Bool
    var quantity: Word
    var limit: Word?
    var stop: Word?
    var target: Word?
    var holdLimit = "20"
    var risk = "\"100\""
    var confidence = "\"0.6\""
    /// The entry to close; nil for an entry.
    var exitOf: String?
    var reason = "exit"
    /// Seconds before now.
    var askedAgo = 0
    /// What stands where the side belongs, if it is no side.
    var sideWord: String?
    /// Members behind the last one.
    var more = ""
    /// Bytes cut off at the end.
    var cut = 0
    /// Whether the words cannot be an order, whatever the numbers.
    var isMalformed = false

    /// The order as a line of JSON.
    func text(in world: OrderWorld) -> String {
        let asked = OrderWorld.instant(world.now - askedAgo)
        let side = sideWord ?? (isBuy ? "\"buy\"" : "\"sell\"")
        var text = """
            {"id":"\(id)","instrument":"\(world.products[product].name)","side":\(side),\
            "quantity":\(quantity.text),"asked":"\(asked)","signal":"\(signal)",\
            "strategy":"\(strategy)"
            """
        if let exitOf {
            text += ",\"of\":\"\(exitOf)\",\"reason\":\"\(reason)\""
        } else {
            text += """
                ,"plan":{"stop":\(stop?.text ?? "null"),"target":\(target?.text ?? "null"),\
                "holdLimit":\(holdLimit),"invalidation":"none","confidence":\(confidence),\
                "risk":\(risk)}
                """
            if let limit { text += ",\"limit\":\(limit.text)" }
        }
        return String((text + more + "}").dropLast(cut))
    }

    /// An order that nobody has reason to refuse, but for what the world itself forbids.
    init(number: Int, in world: OrderWorld, _ random: inout SeededRandom) {
        id = "o-\(number)"
        signal = "intent-\(number)"
        strategy = "strategy-\(Int.random(in: 0..<400, using: &random))"
        product = Int.random(in: 0..<world.products.count, using: &random)
        isBuy = Bool.random(using: &random)
        quantity = Word(Int.random(in: 1...3_000, using: &random))
        guard Int.random(in: 0..<8, using: &random) > 0 else {
            let holding = world.holdings[Int.random(in: 0..<world.holdings.count, using: &random)]
            exitOf = holding.entry
            strategy = OrderWorld.strategyOfHoldings
            product = holding.product
            isBuy = !holding.isLong
            quantity = Word(holding.quantity)
            return
        }
        let last = world.products[product].last ?? 10_000
        let (loss, gain) = (last * 95 / 100, last * 110 / 100)
        if Bool.random(using: &random) { stop = Word(isBuy ? loss : last * 105 / 100 + 1) }
        if Bool.random(using: &random) { target = Word(isBuy ? gain + 1 : last * 90 / 100) }
        if Int.random(in: 0..<3, using: &random) == 0 {
            limit = Word(last * Int.random(in: 96...104, using: &random) / 100)
        }
    }
}
