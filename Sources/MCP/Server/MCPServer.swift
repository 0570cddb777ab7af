// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

package import Basics

/// This program as a server: a request in, an answer out, in whichever revision it is asked.
///
/// It knows no transport and keeps nothing between two requests.
public final class MCPServer: Sendable {
    /// How a request is to be understood.
    package enum Manner: Sendable, Hashable {
        /// A handshake came before, or none is needed to answer.
        case handshake
        /// The request stands for itself.
        case stateless
    }

    /// How long a list may be kept by who asked for it.
    static let lifetimeMilliseconds: Int64 = 60_000

    private let instructions: String
    private let tools: [ServerTool]
    private let resources: ServerResources?

    /// Creates a server.
    /// - Parameters:
    ///   - instructions: How its tools are meant to be used, for models.
    ///   - tools: What it can do, in the order in which they are listed.
    ///   - resources: What can be read; nil for nothing.
    public init(instructions: String, tools: [ServerTool], resources: ServerResources? = nil) {
        self.instructions = instructions
        self.tools = tools
        self.resources = resources
    }

    /// Finds out how a request is to be understood.
    /// - Throws: A ``Fault`` for one that claims to stand for itself and does not.
    package static func manner(of params: JSON, method: String) throws(Fault) -> Manner {
        let meta = params["_meta"]
        guard let version = meta?[MetaKey.version] else {
            guard method != "server/discover" else {
                throw Fault(Fault.invalidParameters, "_meta.\(MetaKey.version) is missing")
            }
            return .handshake
        }
        guard let text = version.stringValue, Revision(rawValue: text)?.isStateless == true else {
            throw unsupported(version)
        }
        guard meta?[MetaKey.capabilities]?.objectValue != nil else {
            throw Fault(Fault.invalidParameters, "_meta.\(MetaKey.capabilities) is missing")
        }
        return .stateless
    }

    /// Answers a request.
    /// - Returns: A response, or a failure with the code of the protocol.
    package func answer(
        _ id: RequestID,
        _ method: String,
        _ params: JSON,
        _ manner: Manner
    ) async -> Message {
        do throws(Fault) {
            let members = try await result(of: method, params, manner)
            guard manner == .stateless else { return .response(id, result: .object(members)) }
            let result = JSON.object([.init("resultType", "complete")] + members)
                .addingMeta([.init(MetaKey.server, ClientSession.identity)])
            return .response(id, result: result)
        } catch {
            return .failure(id, error)
        }
    }

    private func result(
        of method: String,
        _ params: JSON,
        _ manner: Manner
    ) async throws(Fault) -> [JSON.Member] {
        switch (method, manner) {
        case ("initialize", .handshake): return try handshake(params)
        case ("ping", .handshake): return []
        case ("server/discover", .stateless): return discovery
        case ("tools/list", _):
            try refuseCursor(params)
            return [.init("tools", .array(tools.map(\.definition.json)))] + lifetime(manner)
        case ("tools/call", _): return try await call(params).members
        default:
            guard let resources else { throw unknown(method) }
            return try await result(of: method, params, manner, resources)
        }
    }

    private func result(
        of method: String,
        _ params: JSON,
        _ manner: Manner,
        _ resources: ServerResources
    ) async throws(Fault) -> [JSON.Member] {
        switch method {
        case "resources/list":
            try refuseCursor(params)
            let list = try await fetch { try await resources.list() }
            return [.init("resources", .array(list))] + lifetime(manner, scope: "private")
        case "resources/templates/list":
            try refuseCursor(params)
            return [.init("resourceTemplates", .array(resources.templates))] + lifetime(manner)
        case "resources/read":
            guard let uri = params["uri"]?.stringValue else {
                throw Fault(Fault.invalidParameters, "uri is missing")
            }
            guard let contents = try await fetch({ try await resources.read(uri) }) else {
                throw Fault(
                    manner == .stateless ? Fault.invalidParameters : Fault.resourceNotFound,
                    "there is no resource at this address",
                    data: ["uri": .string(uri)]
                )
            }
            return [.init("contents", .array([contents]))] + lifetime(manner, scope: "private")
        default: throw unknown(method)
        }
    }

    private func fetch<Value>(_ body: () async throws -> Value) async throws(Fault) -> Value {
        do {
            return try await body()
        } catch {
            throw Fault(Fault.internalError, "\(error)")
        }
    }

    private func handshake(_ params: JSON) throws(Fault) -> [JSON.Member] {
        guard let asked = params["protocolVersion"]?.stringValue else {
            throw Fault(Fault.invalidParameters, "protocolVersion is missing")
        }
        let known = Revision(rawValue: asked).flatMap { $0.isStateless ? nil : $0 }
        return [
            .init("protocolVersion", .string((known ?? .newestHandshake).rawValue)),
            .init("capabilities", capabilities), .init("serverInfo", ClientSession.identity),
            .init("instructions", .string(instructions)),
        ]
    }

    private var discovery: [JSON.Member] {
        [
            .init("supportedVersions", .array([.string(Revision.newestStateless.rawValue)])),
            .init("capabilities", capabilities), .init("instructions", .string(instructions)),
        ] + lifetime(.stateless)
    }

    private var capabilities: JSON {
        var members: [JSON.Member] = [.init("tools", .object([]))]
        if resources != nil { members.append(.init("resources", .object([]))) }
        return .object(members)
    }

    /// What a stateless list says of how long it holds, and for whom.
    private func lifetime(_ manner: Manner, scope: String = "public") -> [JSON.Member] {
        guard manner == .stateless else { return [] }
        return [
            .init("ttlMs", .int(Self.lifetimeMilliseconds)), .init("cacheScope", .string(scope)),
        ]
    }

    /// All lists have one page, so every cursor is made up.
    private func refuseCursor(_ params: JSON) throws(Fault) {
        guard params["cursor"] == nil else {
            throw Fault(Fault.invalidParameters, "there is no page with this cursor")
        }
    }

    private func call(_ params: JSON) async throws(Fault) -> ToolResult {
        guard let name = params["name"]?.stringValue else {
            throw Fault(Fault.invalidParameters, "the tool's name is missing")
        }
        guard let tool = tools.first(where: { $0.definition.name == name }) else {
            let near = NearestName(to: name, among: tools.map(\.definition.name)).name
            let hint = near.map { "; did you mean '\($0)'?" } ?? ""
            throw Fault(
                Fault.invalidParameters,
                "there is no tool '\(name.prefix(80))'\(hint)"
            )
        }
        let arguments = params["arguments"] ?? .object([])
        guard arguments.objectValue != nil else {
            throw Fault(Fault.invalidParameters, "arguments must be an object")
        }
        let schema = tool.definition.inputSchema
        if let fault = SchemaCheck.fault(of: arguments, in: schema, named: "arguments") {
            return ToolResult(text: fault, isError: true)
        }
        do {
            return try await tool.run(arguments)
        } catch {
            return ToolResult(text: "\(error)", isError: true)
        }
    }

    private func unknown(_ method: String) -> Fault {
        Fault(Fault.unknownMethod, "there is no method '\(method.prefix(80))'")
    }

    static func unsupported(_ asked: JSON) -> Fault {
        Fault(
            Fault.unsupportedVersion,
            "this revision is not spoken here",
            data: [
                "supported": .array([.string(Revision.newestStateless.rawValue)]),
                "requested": asked,
            ]
        )
    }
}
