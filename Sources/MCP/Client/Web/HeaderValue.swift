// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Values of a request that HTTP carries in headers as well, so that proxies can see them.
enum HeaderValue {
    /// A text as a header may hold it: as it is, or wrapped as base64 when it is not plain visible
    /// ASCII, has blanks outside, or looks like the wrapper.
    static func encode(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let isPlain = bytes.allSatisfy { (0x20...0x7E).contains($0) }
        let hasBlanks = bytes.first == 0x20 || bytes.last == 0x20
        let isWrapped = text.hasPrefix("=?base64?") && text.hasSuffix("?=")
        guard !isPlain || hasBlanks || isWrapped || text.isEmpty else { return text }
        return "=?base64?\(base64(bytes))?="
    }

    /// The text in a header that may be wrapped; nil when the wrapper holds no text.
    static func decode(_ value: String) -> String? {
        guard value.hasPrefix("=?base64?"), value.hasSuffix("?="), value.utf8.count >= 11 else {
            return value
        }
        let inner = String(value.dropFirst(9).dropLast(2))
        guard let bytes = Base64.octets(of: inner) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    /// A scalar argument as a header has it; nil for a value that no header may carry.
    static func encode(_ value: JSON) -> String? {
        switch value {
        case .string(let text): encode(text)
        case .int(let number): String(number)
        case .bool(let flag): flag ? "true" : "false"
        default: nil
        }
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        Base64.append(bytes, to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}
