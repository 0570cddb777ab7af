// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Where instruments are listed, which decides how codes are written and positions are closed.
public enum Marketplace: String, Sendable, Hashable, CaseIterable {
    /// The Shanghai Futures Exchange.
    case shanghai = "SHFE"
    /// The Shanghai International Energy Exchange.
    case energy = "INE"
    /// The Dalian Commodity Exchange.
    case dalian = "DCE"
    /// The Zhengzhou Commodity Exchange.
    case zhengzhou = "CZCE"
    /// The Guangzhou Futures Exchange.
    case guangzhou = "GFEX"
    /// The exchanges of New York.
    case newYork = "US"
    /// The perpetual futures of Hyperliquid.
    case hyperliquid = "HYPERLIQUID"

    /// Whether an order that closes has to say which day's position it closes.
    public var asksForCloseToday: Bool { self == .shanghai || self == .energy }

    /// The digits behind the product in a contract's code; nil where contracts have none.
    var deliveryDigits: Int? {
        switch self {
        case .shanghai, .energy, .dalian, .guangzhou: 4
        case .zhengzhou: 3
        case .newYork, .hyperliquid: nil
        }
    }
}
