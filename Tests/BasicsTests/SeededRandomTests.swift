// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing

@Suite("Seeded random numbers")
struct SeededRandomTests {
    @Test(
        "the first numbers are those of the published algorithm",
        arguments: [
            (0, [0x99EC_5F36_CB75_F2B4, 0xBF6E_1F78_4956_452A, 0x1A5F_849D_4933_E6E0]),
            (1, [0xB3F2_AF6D_0FC7_10C5, 0x853B_5596_4736_4CEA, 0x92F8_9756_082A_4514]),
            (42, [0x1578_0B2E_0C2E_C716, 0x6104_D986_6D11_3A7E, 0xAE17_5332_39E4_99A1]),
        ] as [(UInt64, [UInt64])]
    )
    func golden(seed: UInt64, expected: [UInt64]) {
        var random = SeededRandom(seed: seed)

        #expect(expected.map { _ in random.next() } == expected)
    }

    @Test("units lie in [0, 1) with mean one half")
    func units() {
        var random = SeededRandom(seed: 5)
        let values = (0..<100_000).map { _ in random.nextUnit() }

        #expect(values.allSatisfy { (0..<1).contains($0) })
        #expect(abs(values.reduce(0, +) / 100_000 - 0.5) < 0.005)
    }

    @Test("normal numbers have mean 0, deviation 1, no skew, and a kurtosis of 2.9")
    func moments() {
        var random = SeededRandom(seed: 9)
        let values = (0..<200_000).map { _ in random.nextNormal() }
        func moment(_ power: Int) -> Double {
            values.reduce(0) { sum, value in
                sum + (0..<power).reduce(1.0) { product, _ in product * value }
            } / 200_000
        }

        #expect(abs(moment(1)) < 0.01)
        #expect(abs(moment(2) - 1) < 0.01)
        #expect(abs(moment(3)) < 0.03)
        #expect(abs(moment(4) - 2.9) < 0.06)
        #expect(values.allSatisfy { abs($0) <= 6 })
    }
}
