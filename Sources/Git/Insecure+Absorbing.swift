// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Crypto

extension Insecure.SHA1 {
    mutating func absorb(_ bytes: [UInt8]) {
        // Copied out and back, because the closure may not capture `self` while it is changed.
        var hasher = self
        unsafe bytes.withUnsafeBytes { unsafe hasher.update(bufferPointer: $0) }
        self = hasher
    }
}
