// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension BrokerMapping {
    /// The mappings that ship with the program, by name.
    public static let builtIn = ["alpaca": alpaca]

    /// For `alpaca-mcp-server` 2.4, shares only.
    ///
    /// Its place tool answers a refusal as if nothing were wrong, with the status of HTTP in it. A
    /// status that is not listed, such as 429 or 500, leaves the order in doubt.
    private static let alpaca = """
        version: 1
        longest_id: 128
        unique_ids: true
        whole_quantities: true            # a stop that stays overnight takes no fractions
        price_step: 0.01
        place:
          tool: place_stock_order
          arguments: {symbol: "{symbol}", side: "{side}", qty: "{quantity}",
                      client_order_id: "{id}"}
          market: {type: market, time_in_force: day}
          limit: {type: limit, limit_price: "{limit}", time_in_force: day}
          stop: {type: stop, stop_price: "{stop}", time_in_force: gtc}
        cancel: {tool: cancel_order_by_id, arguments: {order_id: "{venue_id}"}}
        query: {tool: get_order_by_client_id, arguments: {client_order_id: "{id}"}}
        find: {tool: get_order_by_id, arguments: {order_id: "{venue_id}"}}
        open:
          tool: get_orders
          arguments: {status: open, limit: 500}
          list: data.result
          full: 500
        fills:
          tool: get_account_activities_by_type
          arguments: {activity_type: FILL, direction: desc, page_size: 100}
          list: data.result
          full: 100
          next: {page_token: "{last}"}
        positions: {tool: get_all_positions, list: data.result}
        account:
          tool: get_account_info
          number: data.account_number
          play_prefix: PA
          cash: data.cash
          equity: data.equity
        order:
          at: data
          id: client_order_id
          venue_id: id
          status: status
          quantity: qty
          filled: filled_qty
        fill: {id: id, venue_id: order_id, symbol: symbol, side: side, quantity: qty, price: price}
        position: {symbol: symbol, quantity: qty, side: side}
        sides: {buy: [buy], sell: [sell, sell_short], short: [short]}
        statuses:
          open: [new, accepted, pending_new, accepted_for_bidding, partially_filled, held, stopped,
                 suspended, calculated, pending_cancel, pending_replace, done_for_day]
          filled: [filled]
          cancelled: [canceled, expired, replaced]
          refused: [rejected]
        errors:
          duplicate: {texts: [client_order_id must be unique]}
          unknown: {texts: ["HTTP error 404"]}
          refused: {at: data.error.http_status, values: ["400", "401", "403", "404", "422"]}
        """
}
