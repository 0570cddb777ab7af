// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension TrialRecord {
    /// The correlation from which on, in either direction, too little is left beside another.
    static let mostShared = 0.9

    /// The Sharpe ratio of what this trial earned beside a candidate; nil when nothing is left.
    ///
    /// With the correlation ρ of their weekly returns it is (S - ρ C) / √(1 - ρ²), the appraisal
    /// ratio of Treynor and Black (1973). It is the ratio of the returns without the part that
    /// goes with the candidate's. Of a trial without skill that ratio varies by 1 / (T - 1) as its
    /// own does, whatever the candidate earned: so luck looks as great as it is, while what others
    /// have of a candidate's edge is left out. A correlation that is not known counts as none.
    func sharpe(beside candidate: TrialRecord) -> Double? {
        guard !identity.isSameBehaviour(as: candidate.identity), let sharpe else { return nil }
        let shared = identity.weeks.correlation(with: candidate.identity.weeks) ?? 0
        guard abs(shared) < Self.mostShared else { return nil }
        let left = (1 - shared * shared).squareRoot()
        return finite((sharpe - shared * (candidate.sharpe ?? 0)) / left)
    }
}
