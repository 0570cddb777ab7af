// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Expressions

/// Answers the lines of standard input, each as soon as it is complete.
struct EvalBatch {
    func run() throws {
        var evaluator = BatchEvaluator(zones: SystemZones().resolver)
        var answers: [UInt8] = []
        while let part = try Console.receive(limitBytes: 1 << 18) {
            evaluator.take(part, answers: &answers)
            try deliver(&answers)
        }
        evaluator.finish(answers: &answers)
        try deliver(&answers)
    }

    private func deliver(_ answers: inout [UInt8]) throws {
        guard Console.send(answers, to: 1) else {
            throw Failure("cannot write the answers to standard output", .inputOutput)
        }
        answers.removeAll(keepingCapacity: true)
    }
}
