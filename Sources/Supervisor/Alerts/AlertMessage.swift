// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Desk

/// What is told of one event, by whatever way.
public struct AlertMessage: Sendable, Hashable {
    /// The id, the same each time the same event is told.
    public let id: String
    private let desk: String
    private let event: JSON
    private let leftOut: Int

    /// Makes a message of an event as it was written.
    /// - Parameters:
    ///   - event: The event.
    ///   - desk: The desk's name.
    ///   - leftOut: How many occasions before it were not told.
    public init(_ event: JSON, desk: String, leftOut: Int) {
        self.event = event
        self.desk = desk
        self.leftOut = leftOut
        let number = event["seq"]?.intValue ?? 0
        id = "alert-\(number)-\(ContentHash(of: event.compactBytes).short)"
    }

    private func text(_ name: String) -> String { event[name]?.stringValue ?? "" }

    /// One line for people.
    public var line: String {
        let known = ["seq", "time", "desk_time", "event", "agent", "reason"]
        let details = (event.objectValue ?? []).filter { !known.contains($0.name) }
            .map { "\($0.name) \($0.value.stringValue ?? $0.value.compactText)" }
        let parts = [text("agent"), text("reason")].filter { !$0.isEmpty } + details
        let more = leftOut > 0 ? " (and \(leftOut) before it that were not told)" : ""
        return "\(desk): \(text("event"))"
            + (parts.isEmpty ? "" : ": \(parts.joined(separator: "; "))") + more
    }

    /// What words in braces stand for.
    public var values: [String: String] {
        [
            "id": id, "desk": desk, "event": text("event"), "agent": text("agent"),
            "reason": text("reason"), "time": text("time"), "text": line,
        ]
    }

    /// The body for a webhook.
    public var body: [UInt8] {
        let known = ["seq", "time", "event"]
        let data = (event.objectValue ?? []).filter { !known.contains($0.name) }
        let json: JSON = [
            "type": .string(text("event")), "timestamp": .string(text("time")),
            "data": .object(
                [
                    JSON.Member("desk", .string(desk)), JSON.Member("text", .string(line)),
                    JSON.Member("number", event["seq"] ?? .int(0)),
                    JSON.Member("left_out", .int(Int64(leftOut))),
                ] + data.filter { !["desk", "text", "number", "left_out"].contains($0.name) }
            ),
        ]
        return json.compactBytes
    }

    /// The headers of Standard Webhooks 1.0.0 for that body.
    public func headers(
        at now: Instant,
        signedBy secret: WebhookSecret?
    ) -> [(name: String, value: String)] {
        let stamp = String(now.secondsSinceEpoch)
        var headers = [
            (name: "content-type", value: "application/json"), (name: "webhook-id", value: id),
            (name: "webhook-timestamp", value: stamp),
        ]
        if let secret {
            let signature = secret.signature(of: body, id: id, stamp: stamp)
            headers.append((name: "webhook-signature", value: signature))
        }
        return headers
    }
}
