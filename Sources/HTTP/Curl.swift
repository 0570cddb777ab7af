// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CCurl

/// The one door to libcurl: process-wide set-up, and its codes turned into errors.
enum Curl {
    /// Set-up that happens once and is never undone.
    private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// Makes sure that the library is set up.
    static func requireReady() throws(HTTPError) {
        guard isReady else {
            throw HTTPError(.other, "set up libcurl", "it refuses; reinstall the library")
        }
    }

    /// Takes ownership of what a call hands out.
    static func take<Kind: CurlKind>(
        _ kind: Kind.Type,
        _ pointer: UnsafeMutableRawPointer?
    ) throws(HTTPError) -> Owned<Kind> {
        guard let pointer = unsafe pointer else {
            throw HTTPError(.other, "set up a transfer", "libcurl has no memory for it")
        }
        return unsafe Owned<Kind>(pointer: pointer)
    }

    /// Throws when an option was refused, which a version of the library that lacks it does.
    static func require(_ code: CURLcode, _ option: String) throws(HTTPError) {
        guard code != CURLE_OK else { return }
        throw HTTPError(.other, "set up a transfer", "\(option): \(text(code))")
    }

    /// What a code means, in the library's words.
    static func text(_ code: CURLcode) -> String {
        guard let text = unsafe curl_easy_strerror(code) else { return "code \(code.rawValue)" }
        let words = unsafe String(cString: text)
        return words.prefix(1).lowercased() + words.dropFirst()
    }

    /// The kind of failure that a code of a finished transfer stands for.
    static func kind(of code: CURLcode) -> HTTPError.Code {
        switch code {
        case CURLE_URL_MALFORMAT: .invalidRequest
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .cannotResolve
        case CURLE_COULDNT_CONNECT, CURLE_PROXY: .cannotConnect
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_USE_SSL_FAILED:
            .insecure
        case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING, CURLE_UNSUPPORTED_PROTOCOL,
            CURLE_HTTP2, CURLE_HTTP2_STREAM:
            .malformedReply
        case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR:
            .disconnected
        case CURLE_OPERATION_TIMEDOUT: .totalTimedOut
        default: .other
        }
    }
}
