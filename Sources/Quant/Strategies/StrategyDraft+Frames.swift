// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

extension StrategyDraft {
    /// The periods by name.
    static func frames(_ fields: JSONFields) throws(JSONError) -> [String: BarPeriod] {
        let texts = try entries("frames", fields, "a period such as 1w", \.stringValue)
        var frames: [String: BarPeriod] = [:]
        for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
            guard let period = BarPeriod(text) else {
                throw JSONError(
                    "strategy.frames.\(name): '\(text.prefix(40))' is no period; "
                        + "use 1m to 720m, 1h to 12h, 1d or 1w"
                )
            }
            frames[name] = period
        }
        return frames
    }

    /// The features, each a text or an object with its frame.
    static func features(
        _ fields: JSONFields,
        frames: [String: BarPeriod]
    ) throws(JSONError) -> [String: StrategyFeature] {
        let members = try entries(
            "features",
            fields,
            "an expression, or an object with 'frame' and 'value'"
        ) { json in
            json.stringValue == nil && json.objectValue == nil ? nil : json
        }
        var features: [String: StrategyFeature] = [:]
        for (name, json) in members.sorted(by: { $0.key < $1.key }) {
            features[name] = try feature("strategy.features.\(name)", json, frames)
        }
        return features
    }

    private static func feature(
        _ path: String,
        _ json: JSON,
        _ frames: [String: BarPeriod]
    ) throws(JSONError) -> StrategyFeature {
        if let text = json.stringValue { return StrategyFeature(text) }
        let fields = try JSONFields(json, path: path)
        try fields.allowOnly(["frame", "value"])
        let frame = try fields.string("frame")
        guard frames[frame] != nil else {
            let known = frames.keys.sorted()
            let near = NearestName(to: frame, among: known).name
            let meant = near.map { "; did you mean '\($0)'?" } ?? ";"
            let names = known.joined(separator: ", ")
            let there = known.isEmpty ? "'frames' names none" : "there are \(names)"
            throw JSONError("\(path).frame: unknown frame '\(frame.prefix(40))'\(meant) \(there)")
        }
        return StrategyFeature(try fields.string("value"), frame: frame)
    }
}
