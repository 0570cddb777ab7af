// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The kill switch on the disk: what was asked of it, and how it stands.
///
/// One file of two places, made when a gateway starts for the first time. People write the first,
/// the gateway writes the second, each in place and flushed, so neither needs the other, room on
/// the disk, a supervisor or a repository.
public final class HaltLatch {
    /// The folder of the latch, below that of the desk's runtime files.
    public static let folderName = "halt"
    /// The file whose mere presence halts the desk; what it says is the reason.
    public static let nowName = "now"
    /// The most bytes of a reason.
    public static let longestReason = 400

    /// The folder, in which every change rings.
    public let folder: Folder
    private let file: FixedFile

    /// Opens the latch of a desk, or makes it.
    /// - Throws: A ``FileError``.
    public init(in runtime: Folder) throws(FileError) {
        folder = runtime.folder(Self.folderName)
        try folder.create()
        file = try FixedFile(in: folder, "latch", size: 2 * HaltSlot.bytes)
    }

    /// Opens the latch of a desk that has one; nil when no gateway was ever started.
    /// - Throws: A ``FileError``.
    public static func existing(in runtime: Folder) throws(FileError) -> HaltLatch? {
        guard runtime.folder(folderName).contains("latch") else { return nil }
        return try HaltLatch(in: runtime)
    }

    /// How the switch stands, with what is asked and not handled yet; nil while the desk may trade.
    /// - Throws: A ``FileError``.
    public func standing() throws(FileError) -> HaltState? {
        var state = try state()
        if let request = try request(), request.number != state.handled, request.kind == .halt,
            !state.isHalted
        {
            state.isHalted = true
            state.source = .person
            state.reason = request.reason
            state.isDone = false
        } else if !state.isHalted, let reason = now() {
            state.isHalted = true
            state.source = .file
            state.reason = reason
            state.isDone = false
        }
        return state.isHalted ? state : nil
    }

    /// The request that was made last; nil when there was none.
    ///
    /// One that cannot be read asks to halt, since nobody knows what it said.
    /// - Throws: A ``FileError``.
    public func request() throws(FileError) -> HaltRequest? {
        switch try slot(at: 0) {
        case .empty: nil
        case .value(let json): HaltRequest(json) ?? Self.unreadable
        case .damaged: Self.unreadable
        }
    }

    /// Asks the gateway for something, whether it runs or not.
    /// - Returns: The request, whose number the gateway repeats once it has handled it.
    /// - Throws: A ``FileError``.
    public func post(
        _ kind: HaltRequest.Kind,
        flatten: Bool,
        reason: String
    ) throws(FileError) -> HaltRequest {
        let last = max(try request()?.number ?? 0, try state().handled)
        let request = HaltRequest(
            number: last + 1,
            kind,
            flatten: flatten,
            reason: Self.shortened(reason)
        )
        try file.write(HaltSlot.encode(request.json), at: 0)
        return request
    }

    /// How the switch stands, as the gateway has written it last.
    /// - Throws: A ``FileError``.
    public func state() throws(FileError) -> HaltState {
        switch try slot(at: HaltSlot.bytes) {
        case .empty: HaltState()
        case .value(let json): HaltState(json) ?? .damaged
        case .damaged: .damaged
        }
    }

    func write(_ state: HaltState) throws(FileError) {
        var state = state
        state.reason = Self.shortened(state.reason)
        try file.write(HaltSlot.encode(state.json), at: HaltSlot.bytes)
    }

    /// The text of the file that halts by its presence; nil when there is none.
    ///
    /// One that cannot be read still counts.
    public func now() -> String? {
        guard folder.contains(Self.nowName) else { return nil }
        // Its presence is what matters.
        let bytes = (try? folder.read(Self.nowName, limitBytes: 4_096)) ?? []
        let text = Self.shortened(String(decoding: bytes, as: UTF8.self))
        let words = text.split { $0.isWhitespace || $0.isNewline }
        return words.isEmpty ? "the file \(Self.nowName)" : words.joined(separator: " ")
    }

    /// A part of the file, unreadable only after a second look: a disk may fail once, and somebody
    /// may have been writing just now.
    private func slot(at offset: Int) throws(FileError) -> HaltSlot {
        // Whatever is wrong, the second look says it.
        let bytes = try? file.read(from: offset, count: HaltSlot.bytes)
        if let bytes {
            let slot = HaltSlot(bytes)
            guard case .damaged = slot else { return slot }
        }
        return HaltSlot(try file.read(from: offset, count: HaltSlot.bytes))
    }

    private static let unreadable = HaltRequest(
        number: -1,
        .halt,
        flatten: false,
        reason: "a request to the kill switch cannot be read"
    )

    /// As much of a text as the latch holds, without anything that could move a terminal.
    private static func shortened(_ text: String) -> String {
        var short = String.UnicodeScalarView()
        var size = 0
        for scalar in text.unicodeScalars {
            let plain: Unicode.Scalar = scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar
            size += UTF8.width(plain)
            guard size <= longestReason else { break }
            short.append(plain)
        }
        return String(short)
    }
}
