// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// Hypotheses that were evaluated outside of a desk's turns, from a file that `sweep --ledger`
/// wrote.
struct OutsideTrials {
    /// The trials, each once, in the order of the file; they count from the beginning of time,
    /// since whoever saw a sweep saw all of the data.
    let trials: [Trial]

    init(_ file: NamedFile) throws {
        var trials: [Trial] = []
        var known: Set<ContentHash> = []
        for (index, line) in try file.read(limitBytes: 1 << 30).split(separator: 0x0A).enumerated()
        {
            do throws(JSONError) {
                let fields = try JSONFields(try JSON(parsing: Array(line)), path: "trial")
                let id = try fields.hash("strategy")
                guard known.insert(id).inserted else { continue }
                trials.append(
                    Trial(
                        id: id,
                        family: try fields.string("family"),
                        strategy: .null,
                        place: .outside,
                        origin: "sweep"
                    )
                )
            } catch {
                throw Failure("\(file.path):\(index + 1): \(error.description)", .badData)
            }
        }
        self.trials = trials
    }
}
