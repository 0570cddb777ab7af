// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// An indicator that is given a series input by input and answers each at once.
///
/// The column of an indicator is the same value run over a whole series, so the two forms agree
/// bit for bit. NaN means that there is no value yet, or none for this input. Where a formula of
/// TA-Lib multiplies and adds with one rounding, so do these; all else is rounded step by step.
public protocol StreamingIndicator: ~Copyable {
    /// What the indicator is given at each bar.
    associatedtype Input
    /// What it answers.
    associatedtype Output

    /// Takes the next input and gives the value at it.
    mutating func next(_ input: Input) -> Output
}
