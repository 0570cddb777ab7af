// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Desk
public import Logging

/// Tells of the occasions of one alert, one after another, and tries again until it is heard.
///
/// It reads the desk's events from their files, so that nothing that happens on the desk waits for
/// it, and remembers in a file how far it has come.
public struct AlertTeller {
    private let alert: AlertConfiguration
    private let desk: DeskFolder
    private let deskName: String
    private let wall: any WallClock
    private let logger: Logger
    private let send: @Sendable (AlertMessage) async throws -> Void

    private let reader: EventReader
    private var state: AlertState
    private var waiting: [EventReader.Entry] = []
    private var failures = 0
    private var failingSince: Instant?
    private var restUntil: Instant?

    /// The most occasions that wait at a time; further ones are counted and not told.
    static let waitingLimit = 1000
    /// The longest pause between two tries, in seconds.
    static let longestPause: Int64 = 300
    /// How long one event is tried, in seconds.
    static let patienceSeconds: Int64 = 86_400

    /// Goes on where it was left; a new alert begins behind an event.
    /// - Parameters:
    ///   - alert: What is told.
    ///   - desk: The desk.
    ///   - deskName: Its name, for people.
    ///   - number: The event behind which a new alert begins.
    ///   - wall: The time of day.
    ///   - logger: Where it is told that somebody did not hear.
    ///   - send: Sends one message; throws when nobody is known to have got it.
    public init(
        _ alert: AlertConfiguration,
        of desk: DeskFolder,
        called deskName: String,
        after number: Int,
        wall: any WallClock,
        logger: Logger,
        send: @escaping @Sendable (AlertMessage) async throws -> Void
    ) {
        self.alert = alert
        self.desk = desk
        self.deskName = deskName
        self.wall = wall
        self.logger = logger
        self.send = send
        let folder = desk.runtime.folder("alerts")
        // A file that is missing or damaged is that of a new alert.
        let bytes = try? folder.read("\(alert.name).json", limitBytes: 1 << 20)
        // As above.
        let json = bytes.flatMap { try? JSON(parsing: $0) }
        let known = json.flatMap { AlertState($0) }
        // Events whose log was lost are numbered from 1 again.
        state = known.flatMap { $0.number <= number ? $0 : nil } ?? AlertState(after: number)
        reader = EventReader(desk, after: state.number)
    }

    /// Tells what there is to tell now.
    public mutating func step() async {
        if let restUntil, wall.now() < restUntil { return }
        takeIn()
        while let entry = waiting.first, !Task.isCancelled {
            let now = wall.now()
            let decision = state.decide(entry.json, number: entry.number, for: alert, at: now)
            guard case .tell(let leftOut) = decision else {
                waiting.removeFirst()
                continue
            }
            let message = AlertMessage(entry.json, desk: deskName, leftOut: leftOut)
            do {
                try await send(message)
                state.note(told: entry.number, at: now)
                settle()
            } catch {
                guard fail(message, error, at: now) else { return }
                state.giveUp(on: entry.number)
                settle()
            }
        }
    }

    private mutating func takeIn() {
        guard waiting.isEmpty else { return }
        let wanted = Set(alert.occasions.map(\.event))
        var found: [EventReader.Entry] = []
        var tooMany = 0
        do {
            try reader.read { entry in
                guard let name = entry.json["event"]?.stringValue, wanted.contains(name) else {
                    return
                }
                if found.count < Self.waitingLimit { found.append(entry) } else { tooMany += 1 }
            }
        } catch {
            logger.warning(
                "cannot read the events for an alert",
                metadata: ["alert": "\(alert.name)", "error": "\(error)"]
            )
        }
        waiting = found
        state.leaveOut(tooMany)
    }

    /// The first event that waits is done with.
    private mutating func settle() {
        waiting.removeFirst()
        (failures, failingSince, restUntil) = (0, nil, nil)
        let folder = desk.runtime.folder("alerts")
        do {
            try folder.create()
            try folder.replace("\(alert.name).json", with: state.json.compactBytes, durable: true)
        } catch {
            // It may be told again after a new start, under the same id.
            logger.warning(
                "cannot keep what an alert has told",
                metadata: ["alert": "\(alert.name)", "error": "\(error)"]
            )
        }
    }

    /// Takes note of a failure.
    /// - Returns: Whether the event is given up.
    private mutating func fail(_ message: AlertMessage, _ error: any Error, at now: Instant) -> Bool
    {
        failures += 1
        let since = failingSince ?? now
        failingSince = since
        let isOver = now.secondsSinceEpoch - since.secondsSinceEpoch >= Self.patienceSeconds
        let pause = min(Int64(1) << min(failures, 9), Self.longestPause)
        restUntil = Instant(
            nanosecondsSinceEpoch: now.nanosecondsSinceEpoch + pause * 1_000_000_000
        )
        logger.warning(
            "\(isOver ? "an alert is given up" : "an alert was not heard")",
            metadata: [
                "alert": "\(alert.name)", "id": "\(message.id)", "tries": "\(failures)",
                "error": "\(error)",
            ]
        )
        return isOver
    }
}
