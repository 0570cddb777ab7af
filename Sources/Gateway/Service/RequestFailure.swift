// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Trading

/// Why a request gets an error as its reply.
struct RequestFailure: Error {
    let fault: GatewayFault
    let message: String

    init(_ fault: GatewayFault, _ message: String) {
        self.fault = fault
        self.message = message
    }

    init(_ error: TradingError) {
        self.init(.invalidParameters, error.description)
    }

    init(_ error: GatewayError) {
        self.init(
            error.code == .outcomeUnknown ? .outcomeUnknown : .notRecorded,
            error.description
        )
    }
}
