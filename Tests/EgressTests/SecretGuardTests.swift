// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
@testable import Egress
import Testing

@Suite("Looking through a stream for a secret")
struct SecretGuardTests {
    @Test("the secret is found however it is cut, and every other stream passes unchanged")
    func cuts() {
        var random = SeededRandom(seed: 3)
        let secret = "aabaabaac"

        for _ in 0..<2000 {
            let letters = Array("abc".utf8)
            var text = (0..<Int(random.next() % 40)).map { _ in letters[Int(random.next() % 3)] }
            if random.next() % 3 == 0 {
                text.insert(contentsOf: secret.utf8, at: text.count / 2)
            }
            var guarded = SecretGuard(secret)
            var passed: [UInt8]? = []
            var rest = text[...]
            while !rest.isEmpty, passed != nil {
                let count = min(rest.count, 1 + Int(random.next() % 7))
                passed = guarded.pass(Array(rest.prefix(count))).map { (passed ?? []) + $0 }
                rest = rest.dropFirst(count)
            }
            let isInside = String(decoding: text, as: UTF8.self).contains(secret)
            #expect((passed == nil) == isInside)
            if let passed { #expect(passed + guarded.rest() == text) }
        }
    }

    @Test("only what could begin the secret is held back")
    func held() {
        var guarded = SecretGuard("secret")

        #expect(guarded.pass(Array("data: 1\n\n".utf8)) == Array("data: 1\n\n".utf8))
        #expect(guarded.pass(Array("a sec".utf8)) == Array("a ".utf8))
        #expect(guarded.pass(Array("ond".utf8)) == Array("second".utf8))
        #expect(guarded.rest().isEmpty)
    }

    @Test("so many begin in a minute, and room comes back evenly")
    func rate() {
        var window = RateWindow(perMinute: 60)

        let burst = (0..<100).map { _ in window.admit(at: .zero) }.count { $0 }
        let later = (0..<100).map { _ in window.admit(at: .seconds(2)) }.count { $0 }

        #expect(burst == 60 && later == 2)
    }
}
