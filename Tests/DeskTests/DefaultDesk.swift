// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk

/// The desk that the tests start from.
enum DefaultDesk {
    static let text = """
        version: 1
        name: Default desk
        replay:
          from: 2000-03-01
          through: 2013-03-01
        market:
          feed: {kind: csv, path: data/us-equities-daily.csv}
          symbols: [AAPL, FB, GOOG, IBM, MSFT]
          sectors:
            AAPL: technology
            FB: technology
            GOOG: technology
            IBM: technology
            MSFT: technology
          session_close: "21:00"
          sealed_years: 2
          recent_bars: 260
          fomc: data/fomc.csv
          earnings: data/earnings.csv
        account:
          capital: 1000000
          fee_bps: 1
          slippage_bps: 2
        supervision:
          turn_timeout: 30s
          attempts: 3
          backoff: 100ms
        agents:
          ingestor:
            role: ingestor
            every: bar
          researcher:
            role: researcher
            on: [bars, verdict, trade, fill]
            skills: [trading-rules]
            settings:
              budget: 6
              cadence: 21
          backtester:
            role: backtester
            on: [proposal]
          verifier:
            role: verifier
            on: [report, intent, trade, fill]
            skills: [trading-rules]
          executor:
            role: executor
            on: [bars, verdict]
          risk:
            role: risk
            every: 1m

        """

    /// The desk with one passage written differently.
    static func replacing(_ old: String, with new: String) -> String {
        guard let place = firstRange(of: old, in: text) else { return "" }
        return text.replacingCharacters(in: place, with: new)
    }

    /// The line of a text on which a passage begins, from 1.
    static func line(of passage: String, in text: String) -> Int? {
        firstRange(of: passage, in: text).map { place in
            text[..<place.lowerBound].count { $0 == "\n" } + 1
        }
    }

    private static func firstRange(of passage: String, in text: String) -> Range<String.Index>? {
        text.firstRange(of: passage)
    }
}

extension String {
    fileprivate func replacingCharacters(in place: Range<Index>, with new: String) -> String {
        String(self[..<place.lowerBound]) + new + self[place.upperBound...]
    }
}
