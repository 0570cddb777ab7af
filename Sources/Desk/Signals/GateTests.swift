// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The tests that every report has to hold in, whatever the rules of a desk say.
public enum GateTests {
    /// Their names, in the order in which they are done: on development data, then on sealed data.
    public static let names = [
        "evaluation", "one_look", "history", "finite", "variation", "trades", "sharpe", "drawdown",
        "newey_west_t", "psr", "dsr", "costs_doubled", "one_bar_later", "look_ahead", "warm_up",
        "pbo", "walk_forward", "sealed_history", "sealed_past", "sealed_trades", "sealed_sharpe",
        "sealed_drawdown", "sealed_newey_west_t",
    ]
}
