// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

/// The trials that a sweep wrote, one JSON object a line.
struct TrialFile {
    private let trials: [(strategy: String, family: String, sharpe: Double?)]

    /// Reads a ledger of trials.
    init(_ path: String) throws {
        let bytes = try NamedFile(path).read(limitBytes: 1 << 30)
        var trials: [(strategy: String, family: String, sharpe: Double?)] = []
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            .enumerated() where !line.isEmpty
        {
            do throws(JSONError) {
                let fields = try JSONFields(try JSON(parsing: Array(line)), path: "trial")
                let sharpe = try fields.optional("sharpe") == nil ? nil : fields.double("sharpe")
                trials.append(
                    (try fields.string("strategy"), try fields.string("family"), sharpe)
                )
            } catch {
                throw Failure("\(path):\(index + 1): \(error.message)", .badData)
            }
        }
        self.trials = trials
    }

    /// What they come to, with one more that may be among them; equal strategies count once.
    func facts(with subject: GateSubject) -> TrialFacts {
        var seen: Set<String> = []
        let distinct = trials.filter { seen.insert($0.strategy).inserted }
        let isNew = seen.insert(subject.hash.description).inserted
        return TrialFacts(
            trials: distinct.count + (isNew ? 1 : 0),
            families: Set(distinct.map(\.family) + [subject.family]).count,
            variance: TrialCensus.luck(
                distinct.filter { $0.strategy != subject.hash.description }.compactMap(\.sharpe)
            )
        )
    }
}
