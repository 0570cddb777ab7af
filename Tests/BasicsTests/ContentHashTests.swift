// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing

@Suite("Content hashes")
struct ContentHashTests {
    static let vectors = [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ]

    @Test("the vectors of FIPS 180 come out", arguments: vectors)
    func fips(text: String, digest: String) {
        #expect(ContentHash(of: text).description == digest)
        #expect(ContentHash(of: Array(text.utf8)).description == digest)
        #expect(ContentHash(hex: digest) == ContentHash(of: text))
        #expect(ContentHash(of: text).short == digest.prefix(12))
    }

    @Test("a million letters, a piece at a time, come out as FIPS 180 says")
    func million() {
        var hash = RunningHash()
        for _ in 0..<1000 { hash.update([UInt8](repeating: 0x61, count: 1000)) }

        #expect(
            hash.value.description
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        )
    }

    @Test("asking for the value in between changes nothing, and a copy goes its own way")
    func running() {
        var hash = RunningHash()
        #expect(hash.value == ContentHash(of: ""))
        hash.update(Array("ab".utf8))
        var copy = hash
        copy.update(Array("x".utf8))
        _ = hash.value
        hash.update(Array("c".utf8))

        #expect(hash.value == ContentHash(of: "abc"))
        #expect(copy.value == ContentHash(of: "abx"))
    }

    @Test(
        "anything but 64 lowercase digits is no hash",
        arguments: [
            "", "abc", String(repeating: "A", count: 64), String(repeating: "g", count: 64),
            String(repeating: "0", count: 63), String(repeating: "0", count: 65),
        ]
    )
    func refusals(text: String) {
        #expect(ContentHash(hex: text) == nil)
    }

    @Test("hashes are ordered by their digits")
    func order() {
        let hashes = ["a", "b", "c", "d"].map { ContentHash(of: $0) }.sorted()

        #expect(hashes.map(\.description) == hashes.map(\.description).sorted())
    }
}
