// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A small, fast, seeded generator (xoshiro256**, Blackman and Vigna 2018) whose sequence is the
/// same on every machine.
public struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// Creates a generator; equal seeds give equal sequences.
    public init(seed: UInt64) {
        // SplitMix64 spreads the seed over the state, so that near seeds do not run alike.
        var mixer = seed
        func next() -> UInt64 {
            mixer &+= 0x9E37_79B9_7F4A_7C15
            var mixed = mixer
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
        state = (next(), next(), next(), next())
    }

    /// Returns the next 64 bits.
    public mutating func next() -> UInt64 {
        let product = state.1 &* 5
        let result = ((product << 7) | (product >> 57)) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = (state.3 << 45) | (state.3 >> 19)
        return result
    }

    /// Returns a number from 0 up to, but not including, 1.
    public mutating func nextUnit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// Returns a number with mean 0 and standard deviation 1, near enough to a normal one for
    /// simulation: the sum of twelve uniform numbers, which needs no library function and is
    /// therefore the same bit for bit everywhere.
    public mutating func nextNormal() -> Double {
        var sum = -6.0
        for _ in 0..<12 { sum += nextUnit() }
        return sum
    }
}
