// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@testable import Supervisor

@Suite("The codes of an examination")
struct ExaminationCodeTests {
    @Test("each code is two letters, three digits and a word, and none is used twice")
    func form() {
        let codes = FindingCode.allCases

        #expect(codes.map(\.id) == codes.map(\.id).sorted())
        #expect(Set(codes.map(\.id)).count == codes.count)
        #expect(Set(codes.map(\.word)).count == codes.count)
        for code in codes {
            #expect(code.id.hasPrefix("LD") && Int(code.id.dropFirst(2)) != nil, "\(code)")
            #expect(code.rawValue == "\(code.id) \(code.word)")
        }
    }

    @Test("docs/doctor.md has a section for each code, says how it weighs, and has no other")
    func page() throws {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let text = String(decoding: try Folder("/\(root)/docs").read("doctor.md"), as: UTF8.self)
        let sections = text.split(separator: "\n### ").dropFirst()

        let titles = sections.map { String($0.prefix { $0 != "\n" }) }
        #expect(titles == FindingCode.allCases.map(\.id))
        for (section, code) in zip(sections, FindingCode.allCases) {
            let lines = section.split(separator: "\n")
            let fix = code.repair == nil ? "" : ", `--fix`"
            #expect(lines[1] == "`\(code.word)`, \(code.severity.rawValue)\(fix)")
            let marks = ["- **Meaning:** ", "- **Cause:** ", "- **Fix:** "]
            for mark in marks {
                #expect(lines.contains { $0.hasPrefix(mark) }, "\(code) \(mark)")
            }
        }
    }
}
