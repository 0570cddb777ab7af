// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Puts the head of a reply together from its lines, within a limit.
///
/// Interim replies (1xx) are passed over, and so are the trailers behind a body.
struct HeadCollector {
    enum Step: Equatable {
        case more
        case head(HTTPHead)
        case tooLarge
    }

    private let limitBytes: Int
    private var bytes = 0
    private var status = 0
    private var headers: [HTTPHeader] = []
    private var isDone = false

    init(limitBytes: Int) {
        self.limitBytes = limitBytes
    }

    /// Takes one line with its end.
    mutating func take(_ line: some Collection<UInt8>) -> Step {
        bytes += line.count
        guard bytes <= limitBytes else { return .tooLarge }
        guard !isDone else { return .more }
        if line.starts(with: "HTTP/".utf8) {
            status = Self.status(line)
            headers = []
        } else if line.first == 0x0D || line.first == 0x0A {
            guard status >= 200 else { return .more }
            isDone = true
            return .head(HTTPHead(status: status, headers: headers))
        } else if let header = HTTPHeader(line: line) {
            headers.append(header)
        }
        return .more
    }

    private static func status(_ line: some Collection<UInt8>) -> Int {
        let words = line.split(separator: 0x20, maxSplits: 2)
        guard words.count > 1 else { return 0 }
        return Int(String(decoding: words[1].prefix(3), as: UTF8.self)) ?? 0
    }
}
