// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Results as comma-separated values, numbers with the digits that give the same double back.
extension BacktestResult {
    /// The trades, one a row, in the order of their exits.
    public var tradesCSV: [UInt8] {
        let names = "symbol,side,quantity,entry_time,entry_price,exit_time,exit_price,bars,pnl"
        var bytes = Array("\(names),fees,reason\n".utf8)
        for trade in trades {
            let fields = [
                trade.symbol.description, trade.side.rawValue, BarCSV.text(of: trade.quantity),
                trade.entryTime.description, BarCSV.text(of: trade.entryPrice),
                trade.exitTime.description, BarCSV.text(of: trade.exitPrice), "\(trade.bars)",
                BarCSV.text(of: trade.pnl), BarCSV.text(of: trade.fees), trade.reason.rawValue,
            ]
            bytes.append(contentsOf: fields.joined(separator: ",").utf8)
            bytes.append(0x0A)
        }
        return bytes
    }

    /// The equity at each close and its loss from the highest before, as a positive share.
    public var equityCSV: [UInt8] {
        var bytes = Array("timestamp,equity,drawdown\n".utf8)
        var peak = equity.first ?? 0
        for (time, value) in zip(times, equity) {
            peak = max(peak, value)
            let drawdown = peak > 0 ? 1 - value / peak : 0
            let fields = [time.description, BarCSV.text(of: value), BarCSV.text(of: drawdown)]
            bytes.append(contentsOf: fields.joined(separator: ",").utf8)
            bytes.append(0x0A)
        }
        return bytes
    }

    /// The returns, each with the instant at which its period ends.
    public var returnsCSV: [UInt8] {
        var bytes = Array("timestamp,return\n".utf8)
        for (time, value) in zip(times.dropFirst(), returns) {
            bytes.append(contentsOf: "\(time),\(BarCSV.text(of: value))\n".utf8)
        }
        return bytes
    }
}
