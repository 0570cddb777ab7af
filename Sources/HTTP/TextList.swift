// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CCurl

/// A list of texts for libcurl, which it reads as long as the transfer lasts.
@safe final class TextList {
    private(set) var pointer: UnsafeMutablePointer<curl_slist>?

    init(_ texts: [String]) throws(HTTPError) {
        unsafe pointer = nil
        for text in texts {
            // On failure the list so far stays as it was, and the owner frees it.
            guard let longer = unsafe curl_slist_append(pointer, text) else {
                throw HTTPError(.other, "set up a transfer", "libcurl has no memory for it")
            }
            unsafe pointer = longer
        }
    }

    deinit { unsafe curl_slist_free_all(pointer) }
}
