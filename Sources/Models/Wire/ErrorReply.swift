// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import HTTP

/// What servers say when they do not answer, in all the forms that they have for it.
enum ErrorReply {
    /// The error of a reply whose status is none of success.
    static func error(status: Int, _ body: [UInt8], _ advice: RetryAdvice) -> ModelError {
        // A body that is no JSON, such as a page of a proxy, is quoted as it is.
        let json = try? JSON(parsing: body)
        let error = json?["error"] ?? json?["detail"] ?? json
        let words = message(error) ?? String(decoding: body.prefix(wordLimit), as: UTF8.self)
        let kind = kind(status: status, error, words)
        return ModelError(
            kind,
            "status \(status)\(words.isEmpty ? "" : ", \(words)")",
            limit: wordLimit,
            status: status,
            delay: advice.delay
        )
    }

    /// An error in the place of an answer, after a status of success.
    static func inStream(_ error: JSON?) -> ModelError {
        let words = message(error) ?? "an error without words"
        let type = error?["type"]?.stringValue ?? ""
        let status =
            switch type {
            case "overloaded_error": 529
            case "rate_limit_error": 429
            case "api_error", "server_error", "timeout_error": 500
            default: error?["code"]?.intValue ?? Int(error?["code"]?.stringValue ?? "") ?? 500
            }
        return ModelError(
            kind(status: status, error, words),
            "in the middle of the answer: \(words)",
            limit: wordLimit,
            status: status,
            mayHaveCost: true
        )
    }

    /// The most characters that are looked through for a credential before they are cut.
    private static let wordLimit = 64 << 10

    private static func message(_ error: JSON?) -> String? {
        if let text = error?.stringValue { return text }
        if let text = error?["message"]?.stringValue { return text }
        return error?["error"]?.stringValue
    }

    private static func kind(status: Int, _ error: JSON?, _ words: String) -> ModelError.Code {
        let code =
            error?["code"]?.stringValue ?? error?["details"]?["error_code"]?.stringValue ?? ""
        let isUnpaid = ["insufficient_quota", "enforced_spend_limit_reached", "billing_error"]
            .contains { $0 == code || $0 == error?["type"]?.stringValue }
        if isUnpaid || status == 402 { return .unpaid }
        switch status {
        case 401, 403: return .unauthorized
        case 413: return .contextTooLong
        case 429: return .rateLimited
        case 503, 529: return .overloaded
        case 408, 409, 425, 500...599: return .serverFailed
        default: return isTooLong(code, words) ? .contextTooLong : .invalidRequest
        }
    }

    private static func isTooLong(_ code: String, _ words: String) -> Bool {
        let text = words.lowercased()
        return code == "context_length_exceeded" || text.contains("prompt is too long")
            || text.contains("context length") || text.contains("context window")
            || text.contains("contextwindow")
    }
}
