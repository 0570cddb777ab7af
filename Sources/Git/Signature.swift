// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Who made a commit, and when.
///
/// The time zone is always written as `+0000`, so that an id depends on the moment alone.
public struct Signature: Hashable, Sendable {
    /// The name for people.
    public let name: String
    /// The address, without angle brackets.
    public let email: String
    /// Seconds since 1970, in UTC.
    public let seconds: Int64

    /// Makes a signature; characters that git gives a meaning of its own are left out.
    public init(name: String, email: String, seconds: Int64) {
        self.name = Self.cleaned(name, orElse: "unknown")
        self.email = Self.cleaned(email, orElse: "unknown")
        self.seconds = max(0, seconds)
    }

    /// Reads `Name <address> seconds zone`; nil when the line has another shape.
    init?(line: Substring) {
        guard let open = line.firstIndex(of: "<"),
            let close = line[open...].firstIndex(of: ">")
        else { return nil }
        let words = line[line.index(after: close)...].split(separator: " ")
        guard let first = words.first, let seconds = Int64(first) else { return nil }
        self.init(
            name: String(line[..<open]),
            email: String(line[line.index(after: open)..<close]),
            seconds: seconds
        )
    }

    var line: String { "\(name) <\(email)> \(seconds) +0000" }

    private static func cleaned(_ text: String, orElse fallback: String) -> String {
        let kept = text.unicodeScalars.filter { scalar in
            scalar.value >= 0x20 && scalar.value != 0x7F && scalar != "<" && scalar != ">"
        }
        let trimmed = String(String.UnicodeScalarView(kept)).trimmingSpaces
        return trimmed.isEmpty ? fallback : trimmed
    }
}

extension StringProtocol {
    var trimmingSpaces: String {
        var rest = self[...]
        while let first = rest.first, first.isWhitespace { rest = rest.dropFirst() }
        while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
        return String(rest)
    }
}
