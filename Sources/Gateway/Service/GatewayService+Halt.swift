// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Processes
import Trading

/// The kill switch: first the latch on the disk, then everything else, and all of it again after a
/// kill at any point.
extension GatewayService {
    /// Takes up where an earlier life of the gateway was, and looks what was asked since.
    mutating func recallHalt(processID: Int) {
        guard let latch else { return }
        do throws(FileError) {
            halt = try latch.state()
        } catch {
            halt = .damaged
        }
        halt.processID = processID
        // What was done may have been lost with what the ledger was still owed; doing it again
        // changes nothing. A ledger that was started over has nothing to be done to.
        if halt.isHalted, lastPlace != nil { halt.isDone = false }
        if halt.isHalted { carryOutHalt() } else { write(halt) }
        heedHalt()
    }

    /// Looks whether a person has asked for anything, by command or by file.
    public mutating func heedHalt() {
        guard let latch else { return }
        do throws(FileError) {
            if let request = try latch.request(), request.number != halt.handled {
                switch request.kind {
                case .halt:
                    engageHalt(
                        .person,
                        request.reason,
                        flatten: request.flatten || settings.flattensOnHalt,
                        handling: request.number
                    )
                case .resume: resume(request)
                }
            }
        } catch {
            engageHalt(.damage, error.description, flatten: false)
        }
        if let reason = latch.now(), !halt.isHalted {
            engageHalt(.file, reason, flatten: settings.flattensOnHalt)
        }
    }

    /// Halts the desk; a halt that stands already is only ever made stricter.
    public mutating func engageHalt(
        _ source: HaltSource,
        _ reason: String,
        flatten: Bool,
        handling number: Int? = nil
    ) {
        var next = halt
        next.handled = number ?? next.handled
        if !halt.isHalted {
            next.isHalted = true
            next.source = source
            next.reason = reason
        }
        if !halt.isHalted || (flatten && !halt.flatten) {
            next.flatten = flatten
            next.stamp = nil
            next.session = nil
            next.isDone = false
        }
        halt = placed(next)
        write(halt)
        carryOutHalt()
    }

    /// Does what a halt asks for, as far as it is not done.
    mutating func carryOutHalt() {
        guard halt.isHalted else { return }
        if halt.stamp == nil {
            halt = placed(halt)
            guard halt.stamp != nil else { return }
            write(halt)
        }
        guard let stamp = halt.stamp, !halt.isDone else { return }
        let reason = "\(halt.source.rawValue): \(halt.reason)"
        owe(.control(Control(.halt, reason: reason, at: stamp)))
        haltBroker(flatten: halt.flatten)
        if halt.flatten, let session = halt.session {
            owe(.control(Control(.closeAll, reason: reason, at: stamp)))
            if broker == nil { closeEverything(at: session) }
        }
        halt.lots = openLots
        halt.isDone = isFlattened(halt.flatten)
        write(halt)
        payDebts()
    }

    /// Whether the gateway has to look again without being asked.
    public var hasUnfinishedBusiness: Bool {
        // A latch that cannot be read has nothing that waits, but its damage.
        let request = try? latch?.request()
        return !debts.isEmpty || (request ?? nil).map { $0.number != halt.handled } ?? false
    }

    /// Closes every lot at the last price, in a session of its own right behind the last one.
    private mutating func closeEverything(at session: Instant) {
        let account = exchange.book.account
        guard !account.lots.isEmpty else { return }
        var prices: [InstrumentID: SessionPrices] = [:]
        for lot in account.sortedLots {
            let last = account.marks[lot.instrument] ?? lot.fill.price
            // Four equal prices never contradict one another.
            prices[lot.instrument] = try? standing(lot, at: last)
        }
        // What cannot be settled is left for the next session, which refuses it as well, aloud.
        guard let settlement = try? exchange.settlement(at: session, prices: prices) else { return }
        owe(.settlement(settlement))
    }

    /// A session in which a lot is left at a price, unless the market is locked: its limit keeps
    /// the lot for the next open.
    private func standing(_ lot: Lot, at price: Price) throws(TradingError) -> SessionPrices {
        guard let last = lastSession(of: lot.instrument) else {
            return try SessionPrices(open: price, high: price, low: price, close: price)
        }
        return try last.standing(at: price, against: lot.side.opposite)
    }

    /// The last session that was settled and has prices of an instrument.
    private func lastSession(of instrument: InstrumentID) -> SessionPrices? {
        guard let settled = exchange.book.settledThrough else { return nil }
        return source.instants(through: settled, limit: Self.sessionsLookedBack).reversed().lazy
            .compactMap { source.prices(at: $0)[instrument] }.first
    }

    /// The sessions in which another instrument may have been the last to have prices.
    private static var sessionsLookedBack: Int { 16 }

    /// Fixes where in desk time a halt stands, and when everything is closed.
    private func placed(_ halt: HaltState) -> HaltState {
        guard let place = lastPlace else { return halt }
        var halt = halt
        let stamp = halt.stamp ?? max(place, exchange.controls.last?.stamp ?? place)
        halt.stamp = stamp
        guard halt.flatten, halt.session == nil else { return halt }
        let settled = exchange.book.settledThrough ?? stamp.time
        let last = max(stamp.time, settled).nanosecondsSinceEpoch
        halt.session = Instant(nanosecondsSinceEpoch: last + 1)
        return halt
    }

    /// Where clients speak, or spoke last before the gateway was started.
    private var lastPlace: Stamp? {
        if let stamp { return stamp }
        let submitted = exchange.submissions.values.map(\.stamp).max()
        let settled = exchange.book.settledThrough.map { Stamp(time: $0, round: 0) }
        return [submitted, settled, exchange.controls.last?.stamp].compactMap(\.self).max()
    }

    private mutating func resume(_ request: HaltRequest) {
        payDebts()
        guard debts.isEmpty else { return }
        if let place = lastPlace {
            var stamp = place
            if let last = exchange.controls.last?.stamp, last >= place {
                stamp = Stamp(time: last.time, round: last.round + 1)
            }
            let reason = request.reason.isEmpty ? "a person" : request.reason
            owe(.control(Control(.resume, reason: reason, at: stamp)))
            payDebts()
            guard debts.isEmpty else { return }
        }
        var next = HaltState()
        next.handled = request.number
        next.processID = halt.processID
        broker?.dispatcher.resume()
        halt = next
        write(halt)
    }

    /// A latch that cannot be written does not keep the desk from being halted.
    func write(_ state: HaltState) {
        do { try latch?.write(state) } catch {
            settings.complain("the latch of the kill switch: \(error)")
        }
    }
}
