// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Trading

/// Verdicts reach the gateway from the supervisor, who reads them from the verifier's branch, and
/// from nobody else. So an executor cannot order what nobody has judged.
extension GatewayService {
    /// Takes in a passed verdict on an intent; a second one on the same intent changes nothing.
    ///
    /// One that no order could follow is not recorded, and the answer says why.
    mutating func recordVerdict(_ reader: MessageReader) throws(RequestFailure) -> JSON {
        let (found, body) = try checking { () throws(TradingError) in
            try reader.allowOnly(["found", "permit"])
            return (try reader.text("found"), try reader.object("permit"))
        }
        guard found.utf8.count <= Self.longestPlace else {
            throw RequestFailure(
                .invalidParameters,
                "params.found: has more than \(Self.longestPlace) bytes"
            )
        }
        let permit: OrderPermit
        do throws(TradingError) { permit = try OrderPermit(body) } catch {
            return ["recorded": false, "reason": .string(error.description)]
        }
        if let known = permits[permit.intent] {
            guard known != permit else { return ["recorded": true] }
            let reason = "\(known.verdict) was on the same intent"
            return ["recorded": false, "reason": .string(reason)]
        }
        try recording { ledger throws(GatewayError) in try ledger.record(permit, found: found) }
        permits[permit.intent] = permit
        return ["recorded": true]
    }

    /// The most bytes of the place at which a verdict was found.
    private static let longestPlace = 2_000
}
