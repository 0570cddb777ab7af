// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Glibc
import Processes
import Testing

@Suite("Doorbells")
struct DoorbellTests {
    private func isRinging(_ bell: Doorbell) -> Bool {
        var entry = pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) == 1
    }

    @Test("it rings at every change and is silent once cleared")
    func rings() throws {
        let scratch = try Scratch()
        let folder = Folder(scratch.path)
        let bell = try Doorbell(folder: scratch.path)
        let changes: [() throws -> Void] = [
            { try folder.append([1], to: "a") }, { try folder.append([2], to: "a") },
            { try folder.move("a", to: "b") }, { try folder.removeFile("b") },
        ]

        #expect(!isRinging(bell))
        for change in changes {
            try change()
            #expect(isRinging(bell))
            #expect(bell.clear())
            #expect(!isRinging(bell))
        }
    }

    @Test("more changes than it can note are one ring")
    func overflow() throws {
        let scratch = try Scratch()
        let folder = Folder(scratch.path)
        let bell = try Doorbell(folder: scratch.path)

        for number in 0..<20_000 { try folder.append([1], to: "\(number % 2)") }

        #expect(bell.clear())
        #expect(!isRinging(bell))
        try folder.append([1], to: "0")
        #expect(isRinging(bell))
    }

    @Test("a wait ends with the ring, the wake descriptor or the deadline")
    func waits() throws {
        let scratch = try Scratch()
        let bell = try Doorbell(folder: scratch.path)
        let pipe = try DescriptorPair.makePipe()
        let wake = pipe.first.number

        #expect(try bell.wait(until: soon(.zero), clock: clock, wake: wake) == .timedOut)
        try Folder(scratch.path).append([1], to: "a")
        #expect(try bell.wait(until: soon(), clock: clock, wake: wake) == .rang)
        #expect(write(pipe.second.number, "!", 1) == 1)
        #expect(try bell.wait(until: soon(), clock: clock, wake: wake) == .interrupted)
    }

    @Test("the end of the folder is told")
    func folderGone() throws {
        let scratch = try Scratch()
        let folder = Folder(scratch.file("inner"))
        try folder.create()
        let bell = try Doorbell(folder: folder.path)

        try folder.removeAll()

        #expect(try bell.wait(until: soon(), clock: clock) == .folderGone)
    }

    @Test("a folder that is not there cannot be watched")
    func missing() throws {
        let error = #expect(throws: ProcessError.self) {
            _ = try Doorbell(folder: "/nonexistent/folder")
        }

        #expect(error?.code == .noSuchFolder)
    }
}
