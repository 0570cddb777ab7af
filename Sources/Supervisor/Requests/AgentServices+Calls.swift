// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import MCP
import Models

extension AgentServices {
    /// Makes a call; whatever comes of it is a record.
    func perform(
        _ request: ChildRequest,
        _ hash: ContentHash,
        _ prompt: ModelPrompt?,
        of agent: AgentConfiguration
    ) async -> CallRecord {
        let record: CallRecord
        switch request.kind {
        case .model:
            let model = model(of: agent)
            record = await ask(model, request.parameters, hash, prompt: prompt, of: agent)
        case .tools: record = await listTools(hash, of: agent)
        case .tool: record = await callTool(request, hash, of: agent)
        }
        return withoutSecrets(record)
    }

    /// The record, or in its place that it seems to hold a secret.
    func withoutSecrets(_ record: CallRecord) -> CallRecord {
        guard let secret = scan.find(in: record.json.compactBytes) else { return record }
        return CallRecord(
            record.kind,
            record.request,
            .failure(
                RequestFailure(
                    code: ModelError.Code.secret.rawValue,
                    reason: "the answer seems to hold \(secret); it is not passed on"
                )
            ),
            model: record.model,
            usage: record.usage,
            cost: record.cost
        )
    }

    /// Asks a model, if the agent has one that can be asked, within what may be spent.
    ///
    /// The prompt is made of the parameters when it is not there yet.
    func ask(
        _ model: ModelConfiguration?,
        _ parameters: JSON,
        _ hash: ContentHash,
        prompt: ModelPrompt? = nil,
        of agent: AgentConfiguration
    ) async -> CallRecord {
        func refuse(_ code: ModelError.Code, _ reason: String) -> CallRecord {
            CallRecord(
                .model,
                hash,
                .failure(RequestFailure(code: code.rawValue, reason: reason))
            )
        }
        guard let model, let client = models[model.name], let spending else {
            return refuse(.notAllowed, "\(agent.name) has no model, or its key is missing")
        }
        if let secret = scan.find(in: parameters.compactBytes) {
            return refuse(.secret, "the prompt seems to hold \(secret); it is not sent")
        }
        do {
            let prompt = try prompt ?? ModelPrompt(Conversation(json: parameters), to: model)
            let answer = try await client.complete(
                prompt,
                meter: spending.meter(of: agent, all: desk.configuration.budget)
            )
            return CallRecord(
                .model,
                hash,
                .success(answer.json),
                model: model.model,
                usage: answer.usage,
                cost: answer.usage.flatMap { model.prices?.cost(of: $0) }
            )
        } catch let error as ModelError {
            return refuse(error.code, error.reason)
        } catch {
            return refuse(.invalidRequest, "\(error)")
        }
    }

    private func listTools(
        _ hash: ContentHash,
        of agent: AgentConfiguration
    ) async -> CallRecord {
        let offers = await connectors?.offers(for: agent.name)
        let tools = (offers?.tools ?? []).map { offer -> JSON in
            [
                "name": .string(offer.qualifiedName),
                "description": .string(String(offer.tool.description.prefix(4000))),
                "schema": offer.tool.inputSchema,
            ]
        }
        let failures = (offers?.failures ?? []).map { name, error -> JSON in
            ["connector": .string(name), "reason": .string(String(error.reason.prefix(300)))]
        }
        return CallRecord(
            .tools,
            hash,
            .success(["tools": .array(tools), "failures": .array(failures)])
        )
    }

    private func callTool(
        _ request: ChildRequest,
        _ hash: ContentHash,
        of agent: AgentConfiguration
    ) async -> CallRecord {
        let name = request.parameters["name"]?.stringValue ?? ""
        let parts = name.split(separator: "__", maxSplits: 1)
        do throws(MCPError) {
            guard let connectors, parts.count == 2 else {
                throw MCPError(.notAllowed, "call \(name.prefix(80))", "there is no such tool")
            }
            let result = try await connectors.call(
                agent.name,
                String(parts[0]),
                String(parts[1]),
                request.parameters["arguments"] ?? .object([])
            )
            return CallRecord(
                .tool,
                hash,
                .success([
                    "text": .string(String(result.text.prefix(Self.textLimit))),
                    "structured": result.structured ?? .null, "error": .bool(result.isError),
                ])
            )
        } catch {
            let code = error.mayHaveArrived ? "unknownOutcome" : error.code.rawValue
            let reason = String(error.description.prefix(600))
            return CallRecord(.tool, hash, .failure(RequestFailure(code: code, reason: reason)))
        }
    }

    /// The most characters of a tool's answer that an agent is given.
    private static let textLimit = 200_000
}
