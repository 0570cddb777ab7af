// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Quant

/// What a model has to know to write strategies.
enum StrategyGuide {
    static let text: String = {
        let functions = BarFunctions.table.map(\.signature).joined(separator: ", ")
        return """
            # Strategies

            A strategy is data. `enter` and `exit` are conditions at a bar's close, for an order at
            the next open. They read the columns \(BarColumns.names.joined(separator: ", ")), the
            strategy's features and parameters by their names, and call functions with whole
            numbers of bars written out or named as parameters: \(functions). Comparisons are
            <, <=, >, >=, == and !=; conditions are joined by &&, || and !; numbers with a point
            are decimals, and decimals are compared with decimals. `size` is the share of equity of
            one position, above 0 and at most 0.02. `stop` and `target` are shares of the entry
            price, `hold` is a number of bars; each is null when it is not wanted. `family` is one
            word for the idea; strategies of one idea are counted together.
            """
    }()
}
