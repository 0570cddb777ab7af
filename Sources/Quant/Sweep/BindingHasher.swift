// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Hashes of one strategy bound to many values, without writing all of it out each time.
struct BindingHasher: Sendable {
    private let prefix: [UInt8]
    private let suffix: [UInt8]

    init(_ strategy: Strategy) {
        // The canonical form of no parameters can stand nowhere else: inside a text its quotes
        // would have backslashes.
        let needle = Array(#""parameters":{}"#.utf8)
        let bytes = strategy.canonicalBytes(parameters: [:])
        let place = bytes.indices.first { bytes[$0...].starts(with: needle) } ?? bytes.startIndex
        prefix = Array(bytes[..<(place + needle.count - 2)])
        suffix = Array(bytes[(place + needle.count)...])
    }

    /// The hash of the strategy with these parameters, all of which are given.
    func hash(_ parameters: [String: Double]) -> ContentHash {
        let members = parameters.map { JSON.Member($0.key, StrategySettings.number($0.value)) }
        return ContentHash(of: prefix + JSON.object(members).canonical.compactBytes + suffix)
    }
}
