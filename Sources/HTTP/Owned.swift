// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CCurl

/// The sole owner of one libcurl object; releases it exactly once.
@safe struct Owned<Kind: CurlKind>: ~Copyable {
    let pointer: UnsafeMutableRawPointer

    deinit { unsafe Kind.release(pointer) }
}

/// Knows how to release one sort of libcurl object.
protocol CurlKind {
    @unsafe static func release(_ pointer: UnsafeMutableRawPointer)
}

enum EasyKind: CurlKind {
    @unsafe static func release(_ pointer: UnsafeMutableRawPointer) {
        unsafe curl_easy_cleanup(pointer)
    }
}

enum MultiKind: CurlKind {
    @unsafe static func release(_ pointer: UnsafeMutableRawPointer) {
        _ = unsafe curl_multi_cleanup(pointer)
    }
}

enum URLKind: CurlKind {
    @unsafe static func release(_ pointer: UnsafeMutableRawPointer) {
        unsafe curl_url_cleanup(OpaquePointer(pointer))
    }
}
