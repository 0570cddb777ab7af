// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Ways in which an order goes wrong, by accident or by intent.
enum OrderTwist: CaseIterable {
    case numberGarbage, negative, zero, tooManyPlaces, hundredfold, hundredth, unquoted
    case planGarbage, planHundredfold, planSwapped, planWithoutEnd, riskGarbage, confidenceGarbage
    case limitGarbage, limitDoubled, limitHalved, limitOfExit
    case stale, future, replayedSignal, repeatedAsk, wrongSide, strangeSide, strangeName
    case exchangeName, unknownMember, twoPurposes, flip, tooLargeExit, unknownEntry, ownReason
    case cutOff, nested, unlisted

    static let garbage = [
        "\"NaN\"", "\"nan\"", "NaN", "\"Infinity\"", "\"-Infinity\"", "\"inf\"", "1e400", "\"1e9\"",
        "\"0x10\"", "\"1,000\"", "\"~100\"", "\"\"", "\" 1\"", "\"1 \"", "null", "true", "[]", "{}",
        "\"+5\"", "\"1.\"", "\".5\"", "\"--1\"", "\"1.2.3\"", "\"１\"", "\"92233720369\"",
        "\"99999999999999999999999999\"", "\"1\\u0000\"", "\"1\\n\"", "-0", "\"-0\"", "\"5e-324\"",
    ]

    func apply(to draft: inout OrderDraft, last: OrderDraft?, _ random: inout SeededRandom) {
        switch self {
        case .numberGarbage, .negative, .zero, .tooManyPlaces, .hundredfold, .hundredth, .unquoted:
            twistQuantity(&draft, &random)
        case .planGarbage, .planHundredfold, .planSwapped, .planWithoutEnd, .riskGarbage,
            .confidenceGarbage, .limitGarbage, .limitDoubled, .limitHalved:
            if draft.exitOf == nil { twistPlan(&draft, &random) }
        case .stale: draft.askedAgo = Int.random(in: 3_601...90_000, using: &random)
        case .future: draft.askedAgo = -Int.random(in: 1...90_000, using: &random)
        case .replayedSignal: if let last { draft.signal = last.signal }
        case .repeatedAsk:
            guard let last, !last.isMalformed, !draft.isMalformed else { return }
            let (id, signal) = (draft.id, draft.signal)
            draft = last
            (draft.id, draft.signal) = (id, signal)
        case .wrongSide: draft.isBuy.toggle()
        case .unlisted: if draft.exitOf == nil { draft.product = 9 }
        case .flip, .tooLargeExit, .unknownEntry, .ownReason, .limitOfExit:
            if draft.exitOf != nil { twistExit(&draft) }
        default:
            twistForm(&draft, &random)
            draft.isMalformed = true
        }
    }

    private func twistQuantity(_ draft: inout OrderDraft, _ random: inout SeededRandom) {
        switch self {
        case .numberGarbage:
            draft.quantity = .init(garbage: Self.garbage.randomElement(using: &random) ?? "null")
        case .negative: draft.quantity = .init(-(draft.quantity.value ?? 1))
        case .zero: draft.quantity = .init(0)
        case .tooManyPlaces: draft.quantity = .init(garbage: "\"1.000000001\"")
        case .hundredfold: draft.quantity = .init((draft.quantity.value ?? 1) * 100)
        case .hundredth: draft.quantity = .init(max(1, (draft.quantity.value ?? 1) / 100))
        default: draft.quantity = .init(garbage: "10")
        }
    }

    private func twistPlan(_ draft: inout OrderDraft, _ random: inout SeededRandom) {
        switch self {
        case .planGarbage:
            // Null is a plan without that level, and no garbage.
            let words = Self.garbage.filter { $0 != "null" }
            let word = OrderDraft.Word(garbage: words.randomElement(using: &random) ?? "[]")
            if Bool.random(using: &random) { draft.stop = word } else { draft.target = word }
        case .limitGarbage:
            let words = Self.garbage.filter { $0 != "null" }
            draft.limit = .init(garbage: words.randomElement(using: &random) ?? "[]")
        case .limitDoubled: draft.limit = draft.limit.map { .init(($0.value ?? 1) * 2) }
        case .limitHalved: draft.limit = draft.limit.map { .init(($0.value ?? 1) / 2) }
        case .planHundredfold:
            draft.stop = draft.stop.map { .init(($0.value ?? 1) * 100) }
            draft.target = draft.target.map { .init(($0.value ?? 1) * 100) }
        case .planSwapped: (draft.stop, draft.target) = (draft.target, draft.stop)
        case .planWithoutEnd:
            draft.stop = nil
            draft.holdLimit = "null"
        case .riskGarbage:
            // An amount may not be zero or less either.
            let words = Self.garbage + ["\"0\"", "\"-5\""]
            draft.risk = words.randomElement(using: &random) ?? "null"
            draft.isMalformed = true
        default:
            draft.confidence =
                ["\"1.01\"", "\"-0.1\"", "\"NaN\"", "[]", "0.5"]
                .randomElement(using: &random) ?? "[]"
            draft.isMalformed = true
        }
    }

    private func twistExit(_ draft: inout OrderDraft) {
        switch self {
        case .flip: draft.isBuy.toggle()
        case .tooLargeExit: draft.quantity = .init((draft.quantity.value ?? 1) + 1)
        case .unknownEntry: draft.exitOf = "h99"
        case .limitOfExit:
            draft.more = ",\"limit\":\"100\""
            draft.isMalformed = true
        default:
            draft.reason = "stop"
            draft.isMalformed = true
        }
    }

    private func twistForm(_ draft: inout OrderDraft, _ random: inout SeededRandom) {
        switch self {
        case .strangeSide:
            draft.sideWord = ["\"BUY\"", "\"hold\"", "1", "null", "\"buy \""]
                .randomElement(using: &random)
        case .strangeName:
            draft.id = ["", "a b", "a\\u0000", "ä", "x'"].randomElement(using: &random) ?? ""
        case .exchangeName: draft.id += "!closeAll"
        case .unknownMember: draft.more = ",\"force\":true"
        case .twoPurposes:
            draft.more =
                draft.exitOf == nil
                ? ",\"of\":\"h0\",\"reason\":\"exit\"" : ",\"plan\":{\"holdLimit\":3}"
        case .nested: draft.more = ",\"quantity\":" + String(repeating: "[", count: 100)
        default: draft.cut = Int.random(in: 1...40, using: &random)
        }
    }
}
