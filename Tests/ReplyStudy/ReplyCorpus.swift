// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Agents
import Basics

/// What models have answered, rightly and wrongly, as material for worse.
enum ReplyCorpus {
    static let symbols = ["BTC", "ETH", "SOL"]
    /// BTC may be bought or sold, ETH is held, SOL may be bought.
    static let facts: [String: DecisionParser.Facts] = [
        "BTC": .init(price: 107_000, held: nil, sides: ["long", "short"]),
        "ETH": .init(price: 3_900, held: "long", sides: []),
        "SOL": .init(price: 190, held: nil, sides: ["long"]),
    ]

    static let entry =
        #"{"coin":"BTC","signal":"buy_to_enter","quantity":0.12,"profit_target":118136.15,"#
        + #""stop_loss":102026.675,"invalidation_condition":"4h close below 105000","#
        + #""leverage":10,"confidence":0.75,"risk_usd":619.23,"justification":"Momentum."}"#
    static let sale =
        #"{"signal":"sell_to_enter","quantity":1e-1,"profit_target":99000,"stop_loss":109000,"#
        + #""invalidation_condition":"close above","leverage":5,"confidence":0.5,"risk_usd":200}"#
    static let hold =
        #"{"coin":"ETH","signal":"hold","quantity":5.74,"profit_target":4568.31,"#
        + #""stop_loss":3647.29,"invalidation_condition":"","leverage":10,"confidence":0.65}"#
    static let solana =
        #"{"signal":"entry","side":"long","quantity":33.88,"profit_target":248.84,"#
        + #""stop_loss":175.5,"invalidation_condition":"daily close < 170","confidence":1,"#
        + #""risk_usd":499.504}"#

    /// Whole answers.
    static let whole = [
        #"{"BTC":\#(entry),"ETH":\#(hold),"SOL":\#(solana)}"#,
        "```json\n{\"BTC\":\(sale),\"ETH\":{\"signal\":\"close\"},\"SOL\":\(hold)}\n```",
        #"{"BTC":{"trade_signal_args":\#(entry)},"ETH":{"trade_signal_args":\#(hold)}}"#,
        #"[\#(entry),\#(hold),{"symbol":"SOL","signal":"hold"}]"#,
        #"{"decisions":[\#(entry),\#(hold)]}"#,
        "<think>{\"BTC\":\(sale)}</think>\n{\"BTC\":\(entry)}",
        "I will buy. \(entry)", "\(entry)\n\(entry)", "{\"BTC\":\(entry)} {\"ETH\":\(hold)}",
        #"{"BTC":{"signal":"buy_to_enter","quantity":"~100","profit_target":"1,234"}}"#,
        "｛\u{201C}BTC\u{201D}：\(sale)，\u{201C}ETH\u{201D}：\(hold)｝",
        #"{"BTC":\#(entry),"BTC":\#(sale)}"#, #"{"BTC":NaN,"ETH":Infinity,"DOGE":\#(hold)}"#,
        "", "null", "[]", "{}", "[[[[", #"{"BTC":"#,
    ]

    /// Pieces that are put in the place of others.
    static let tokens = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\\"", "null", "true", "NaN", "-Infinity",
        "1e999",
        "-0", "00", "1,234", "\"~100\"", "~100", "9007199254740993", "1e-400", "\u{FEFF}",
        "\u{200B}",
        "｛", "｝", "：", "，", "\u{201C}", "\u{201D}", "\u{FF02}", "```", "```json\n", "\n", "\u{0}",
        "\\u0000", "\\ud800", "BTC", "ETH", "DOGE", "signal", "buy_to_enter", "sell_to_enter",
        "close_position", "hold", "entry", "stop_loss", "profit_target", "leverage", "side", "long",
        "short", "Buy BTC now! ", "//", "/* */", "'", "undefined", ",]", ",}", "trade_signal_args",
    ]

    private static func event(_ type: String, _ rest: String = "") -> String {
        #"{"type":"\#(type)"\#(rest.isEmpty ? "" : ",")\#(rest)}"#
    }

    private static func chunk(_ delta: String, _ finish: String = "null") -> String {
        #"{"choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(finish)}]}"#
    }

    /// Streams of both families, each a list of events.
    static let streams: [(family: String, events: [String])] = [
        (
            "anthropic",
            [
                event(
                    "message_start",
                    #""message":{"usage":{"input_tokens":10,"output_tokens":1}}"#
                ),
                event(
                    "content_block_start",
                    #""index":0,"content_block":{"type":"thinking","thinking":""}"#
                ),
                event(
                    "content_block_delta",
                    #""index":0,"delta":{"type":"thinking_delta","thinking":"hm"}"#
                ),
                #"{"type":"content_block_stop","index":0}"#,
                event(
                    "content_block_start",
                    #""index":1,"content_block":{"type":"text","text":""}"#
                ),
                event(
                    "content_block_delta",
                    #""index":1,"delta":{"type":"text_delta","text":"{\"a\":"}"#
                ),
                event(
                    "content_block_start",
                    #""index":2,"content_block":{"type":"tool_use","id":"t","name":"x","input":{}}"#
                ),
                event(
                    "content_block_delta",
                    #""index":2,"delta":{"type":"input_json_delta","partial_json":"{\"k\":1}"}"#
                ),
                event(
                    "message_delta",
                    #""delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":9}"#
                ),
                #"{"type":"message_stop"}"#,
            ]
        ),
        (
            "openai",
            [
                chunk(#"{"role":"assistant","content":""}"#),
                chunk(#"{"content":"{\"a\":"}"#),
                chunk(
                    #"{"tool_calls":[{"index":0,"function":{"name":"x","arguments":"{"}}]}"#
                ),
                chunk(#"{"tool_calls":[{"index":0,"function":{"arguments":"\"k\":1}"}}]}"#),
                chunk(#"{}"#, #""tool_calls""#),
                #"{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5}}"#,
                "[DONE]",
            ]
        ),
    ]
}
