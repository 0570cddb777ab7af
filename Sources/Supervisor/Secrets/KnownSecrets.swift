// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// Secrets that a desk knows by name: credentials and canaries that must not appear in any output.
///
/// They stand in `.loopdesk/secrets`, one a line, which git ignores. Each is looked for as it is,
/// in hexadecimal, and in base64 wherever it stands in the encoded text.
struct KnownSecrets: Sendable, Hashable {
    /// The file, in the desk's `.loopdesk/`.
    static let fileName = "secrets"
    /// The fewest bytes of a secret; shorter ones would be found by chance.
    static let leastLength = 8
    /// The most secrets of a desk, and the most bytes of the file.
    static let countLimit = 256
    static let limitBytes = 64 << 10

    private let spellings: [[UInt8]]
    /// For each byte, whether a spelling begins with it; empty when there is none.
    private let firsts: [Bool]

    /// Knows none, or those given.
    init(_ secrets: [[UInt8]] = []) {
        self.init(
            spellings: secrets.filter { $0.count >= Self.leastLength }.flatMap(Self.spellings(of:))
        )
    }

    private init(spellings all: [[UInt8]]) {
        spellings = Set(all).sorted { left, right in
            // The longest first, so that all of it is masked.
            left.count == right.count
                ? left.lexicographicallyPrecedes(right) : left.count > right.count
        }
        let beginnings = Set(spellings.map { $0[0] })
        firsts = spellings.isEmpty ? [] : (0..<256).map { beginnings.contains(UInt8($0)) }
    }

    /// Reads the secrets of a desk; one without the file knows none.
    /// - Throws: A `DeskError` with code `configuration` when the file cannot be used. To go on
    ///   without it would publish what it forbids.
    static func load(_ desk: DeskFolder) throws(DeskError) -> KnownSecrets {
        let bytes: [UInt8]
        do {
            guard
                let found = try desk.runtime.readIfPresent(fileName, limitBytes: limitBytes)
            else { return KnownSecrets() }
            bytes = found
        } catch {
            throw fault(nil, error.reason)
        }
        var secrets: [[UInt8]] = []
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let text = line.last == 0x0D ? line.dropLast() : line
            guard !text.isEmpty, text.first != UInt8(ascii: "#") else { continue }
            guard text.count >= leastLength else {
                throw fault(index + 1, "a secret has at least \(leastLength) bytes")
            }
            guard secrets.count < countLimit else {
                throw fault(index + 1, "at most \(countLimit) secrets are allowed")
            }
            secrets.append(Array(text))
        }
        return KnownSecrets(secrets)
    }

    /// The same, and others beside them.
    func adding(_ secrets: [[UInt8]]) -> KnownSecrets {
        KnownSecrets(spellings: spellings + KnownSecrets(secrets).spellings)
    }

    private static func fault(_ line: Int?, _ message: String) -> DeskError {
        DeskError(
            code: .configuration,
            file: ".loopdesk/\(fileName)",
            line: line,
            message: message
        )
    }

    /// Whether one of them can begin with a byte.
    func begins(with byte: UInt8) -> Bool { !firsts.isEmpty && firsts[Int(byte)] }

    /// The length of the secret that begins at a place; nil when none does.
    func length(in bytes: UnsafeBufferPointer<UInt8>, at place: Int) -> Int? {
        guard begins(with: bytes[place]) else { return nil }
        return spellings.first { bytes[place...].starts(with: $0) }?.count
    }

    private static func spellings(of secret: [UInt8]) -> [[UInt8]] {
        let digits = Array("0123456789abcdef".utf8)
        let lower = secret.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        let upper = lower.map { (0x61...0x66).contains($0) ? $0 & 0xDF : $0 }
        let encoded = (0..<3).flatMap { offset -> [[UInt8]] in
            var text: [UInt8] = []
            Base64.append([UInt8](repeating: 0, count: offset) + secret, to: &text)
            // The letters at both ends depend on what stands beside the secret.
            let start = (offset * 8 + 5) / 6
            let end = (offset + secret.count) * 8 / 6
            let inner = Array(text[start..<end])
            let safe = inner.map { $0 == 0x2B ? 0x2D : $0 == 0x2F ? 0x5F : $0 }
            return [inner, safe]
        }
        return [secret, lower, upper] + encoded
    }
}
