// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A null-terminated array of C strings, as execve takes it, freed in the end.
struct CStringArray: ~Copyable {
    let pointers: UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?>

    init(_ texts: [String]) {
        pointers = .allocate(capacity: texts.count + 1)
        for (index, text) in texts.enumerated() {
            pointers.initializeElement(at: index, to: strdup(text))
        }
        pointers.initializeElement(at: texts.count, to: nil)
    }

    deinit {
        for pointer in pointers { free(pointer) }
        pointers.deallocate()
    }
}
