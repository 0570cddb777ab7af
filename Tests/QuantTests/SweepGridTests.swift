// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Quant
import Testing

@Suite("Grids")
struct SweepGridTests {
    @Test("ranges include both ends, lists have bars, and the last name changes fastest")
    func parsing() throws {
        let grid = try Grid(parsing: " fast = 5:15:5 ,stop=0.01|-0.02, k=0.1:0.35:0.1")

        #expect(grid.axes.map(\.name) == ["fast", "stop", "k"])
        #expect(grid.axes.map(\.values) == [[5, 10, 15], [0.01, -0.02], [0.1, 0.2, 0.3]])
        #expect(grid.count == 18)
        #expect(grid.values(at: 0) == [5, 0.01, 0.1])
        #expect(grid.values(at: 1) == [5, 0.01, 0.2])
        #expect(grid.values(at: 17) == [15, -0.02, 0.3])
        #expect(grid.parameters(at: 3) == ["fast": 5, "stop": -0.02, "k": 0.1])
    }

    @Test(
        "a fault is said with its part",
        arguments: [
            ("", "'' is no 'name=values'"), ("fast", "'fast' is no 'name=values'"),
            ("=5", "'=5' is no 'name=values'"), ("a=1,,b=2", "'' is no 'name=values'"),
            ("a=", "'' in 'a' is no decimal"), ("a=x", "'x' in 'a' is no decimal"),
            ("a=1:2", "'a=1:2' is no range; write start:end:step"),
            ("a=1:2:0", "the step of 'a' is 0 and must be above 0"),
            ("a=1:2:-1", "the step of 'a' is -1 and must be above 0"),
            ("a=5:1:1", "'a' begins at 5 and ends at 1, so there is no combination"),
            ("a=1,a=2", "it names 'a' twice"), ("a=1|", "'' in 'a' is no decimal"),
            ("a=0:1:0.0000001", "'a' has more than 1000000 values"),
            ("a=-90000000000:90000000000:1", "'a' has more than 1000000 values"),
            ("a=1:100000:1,b=1:100000:1", "it has more than 1000000000 combinations"),
        ]
    )
    func faults(_ text: String, _ mention: String) {
        let error = #expect(throws: QuantError.self) { try Grid(parsing: text) }

        #expect(error?.code == .badParameter)
        #expect(error?.description.contains(mention) == true, "\(error?.description ?? "")")
    }

    @Test("a grid without parameters or values is refused")
    func empty() {
        #expect(throws: QuantError.self) { try Grid([]) }
        #expect(throws: QuantError.self) { try Grid([Grid.Axis(name: "a", values: [])]) }
        #expect(throws: QuantError.self) { try Grid([Grid.Axis(name: "a", values: [.nan])]) }
    }
}
