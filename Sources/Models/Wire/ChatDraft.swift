// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// What is known of an answer of Chat Completions.
struct ChatDraft {
    struct Call {
        var id: String?
        var name: String
        var arguments: String
    }

    var text = ""
    var refusal = ""
    /// Reasoning that some servers want back with the calls that it led to.
    var reasoning = ""
    var calls: [Call] = []
    var finish: String?
    var usage: JSON?

    /// The answer.
    var answer: ModelAnswer {
        var parts: [ConversationPart] = []
        if !reasoning.isEmpty, !calls.isEmpty {
            parts.append(.opaque(["reasoning_content": .string(reasoning)]))
        }
        let words = text.isEmpty ? refusal : text
        if !words.isEmpty { parts.append(.text(words)) }
        for (index, call) in calls.enumerated() {
            let given = call.id.flatMap { $0.isEmpty ? nil : $0 }
            parts.append(
                .toolUse(
                    id: given ?? "call_\(index)",
                    name: call.name,
                    input: ToolInput.parse(call.arguments)
                )
            )
        }
        return ModelAnswer(parts, stop: stop, usage: Self.usage(usage))
    }

    private var stop: ModelStop {
        if !refusal.isEmpty { return .refused }
        switch finish {
        case "length": return .mostTokens
        case "content_filter": return .refused
        // Some say that they have finished although they want calls.
        case "stop", "tool_calls", "function_call", nil, .some:
            if !calls.isEmpty { return .toolUse }
            return finish == "stop" ? .finished : .unknown
        }
    }

    /// What was used: here what was read from a cache is part of the prompt.
    static func usage(_ json: JSON?) -> ModelUsage? {
        guard let prompt = json?["prompt_tokens"]?.intValue,
            let completion = json?["completion_tokens"]?.intValue
        else { return nil }
        let details = json?["prompt_tokens_details"]
        let cached = min(
            max(
                0,
                details?["cached_tokens"]?.intValue ?? json?["prompt_cache_hit_tokens"]?.intValue
                    ?? 0
            ),
            max(0, prompt)
        )
        let written = min(
            max(0, details?["cache_write_tokens"]?.intValue ?? 0),
            max(0, prompt) - cached
        )
        // Some count reasoning beside the completion; the sum tells.
        let (rest, overflow) = (json?["total_tokens"]?.intValue ?? 0)
            .subtractingReportingOverflow(prompt)
        return ModelUsage(
            input: max(0, prompt) - cached - written,
            cached: cached,
            written: written,
            output: max(completion, overflow ? 0 : rest)
        )
    }
}
