// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A field of a request that a model can do without, for servers that refuse it.
public enum ModelField: String, Sendable, Hashable, CaseIterable {
    /// The answer comes in pieces.
    case stream
    /// The last piece says what was used, with family `openai`.
    case streamUsage = "stream_usage"
    /// The most tokens of an answer, with family `openai`.
    case maxTokens = "max_tokens"
    /// The schema of the answer; the prompt says it as well.
    case outputSchema = "output_schema"
    /// That schemas are kept to the letter, with family `openai`.
    case strict
    /// Marks for what should be kept in a cache, with family `anthropic`.
    case cache
    /// Tools.
    case tools

    /// Reads `leave_out:`; none when it is absent.
    static func read(
        _ reader: inout YAMLReader,
        in node: YAMLNode,
        path: String
    ) -> Set<ModelField> {
        let fields = allCases.map(\.rawValue).joined(separator: ", ")
        return Set(
            reader.list("leave_out", in: node, path: path, expected: "one of \(fields)") {
                ModelField(rawValue: $0)
            }
        )
    }
}
