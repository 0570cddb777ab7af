// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import HTTP
import Testing

@Suite("Streams of events")
struct EventStreamTests {
    @Test("an event is the same however its bytes are cut")
    func cuts() {
        let text =
            "\u{FEFF}: hello\r\nid: 7\r\nevent: message\r\ndata: one\r\n"
            + "data:two\r\nretry: 5\r\n\r\n"
        let bytes = Array(text.utf8)
        let expected = EventStream.Event(data: Array("one\ntwo".utf8), id: "7", retry: 5)

        for cut in 0...bytes.count {
            var stream = EventStream(limitBytes: 1000)
            let first = stream.take(bytes[..<cut]) ?? []
            let events = first + (stream.take(bytes[cut...]) ?? [])
            #expect(events == [expected])
        }
    }

    @Test("comments and unknown fields are no event")
    func comments() {
        var stream = EventStream(limitBytes: 100)

        let events = stream.take(": keep alive\n\nnonsense\nevent: x\n\n".utf8)

        #expect(events?.isEmpty == true)
    }

    @Test("an event without an end is refused at the limit")
    func tooLarge() {
        var stream = EventStream(limitBytes: 100)

        let within = stream.take("data: ".utf8 + Array(repeating: 0x61, count: 94))
        let beyond = stream.take("a".utf8)

        #expect(within?.isEmpty == true)
        #expect(beyond == nil)
    }
}
