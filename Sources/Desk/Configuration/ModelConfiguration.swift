// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// A model that agents may be driven by: one member of `models:`.
public struct ModelConfiguration: Sendable, Hashable {
    /// How the model's server is spoken to.
    public enum Family: String, Sendable, Hashable, CaseIterable {
        /// Anthropic's Messages.
        case anthropic
        /// Chat Completions, as OpenAI and many others have it.
        case openai
    }

    /// The name by which agents ask for it.
    public let name: String
    /// How its server is spoken to.
    public let family: Family
    /// Where its server is, with or without `/v1`.
    public let url: String
    /// The name by which the server knows it.
    public let model: String
    /// What proves to the server who calls; nil for a server that asks for nothing.
    public let credential: ConnectorConfiguration.Credential?
    /// What it costs; nil when that is not known.
    public let prices: ModelPrices?
    /// The most tokens of one answer.
    public let maxTokens: Int
    /// How long one attempt may take.
    public let timeout: TimeLimit
    /// How often a call is tried.
    public let attempts: Int
    /// The most bytes of one reply.
    public let replyLimit: ByteCount
    /// What its server must not be sent.
    public let leavesOut: Set<ModelField>
    /// Further members of each request, which the server wants.
    public let extra: [JSON.Member]
    /// The field that carries the most tokens, with family `openai`.
    public let tokensField: String
    /// The version of the interface, with family `anthropic`.
    public let version: String

    /// The most models of a desk.
    static let entryLimit = 64
    /// The members that a request makes itself.
    private static let ownFields: Set<String> = [
        "model", "messages", "system", "tools", "stream", "stream_options", "max_tokens",
        "max_completion_tokens", "response_format", "output_config", "n",
    ]
    private static let keys = [
        "family", "url", "model", "secret", "header", "prefix", "prices", "max_tokens", "timeout",
        "attempts", "reply_limit", "leave_out", "extra", "tokens_field", "version",
    ]
    private static let replyLimits: ClosedRange<Int64> = 1 << 10...2 << 20

    /// Reads a text of its own, which holds what stands below `models:`; for tests.
    /// - Throws: A ``DeskError`` with every fault.
    package static func parse(_ text: String) throws(DeskError) -> [ModelConfiguration] {
        var reader = try YAMLReader(text, file: "desk", code: .configuration)
        let models = readAll(&reader)
        try reader.finish()
        return models
    }

    /// Reads `models:`; none when it is absent.
    static func readAll(_ reader: inout YAMLReader) -> [ModelConfiguration] {
        guard reader.root["models"] != nil, let node = reader.mapping("models", in: reader.root)
        else { return [] }
        let members = node.members ?? []
        if members.count > entryLimit {
            reader.report(line: node.line, "models: more than \(entryLimit); name fewer")
        }
        return members.compactMap { member in
            guard CredentialRoute.isName(member.name) else {
                reader.report(
                    line: member.line,
                    "models.\(member.name): not a name; expected \(CredentialRoute.nameForm)"
                )
                return nil
            }
            guard member.value.members != nil else {
                reader.report(
                    line: member.value.line,
                    "models.\(member.name): found \(member.value.summary); expected family, url and"
                        + " model"
                )
                return nil
            }
            return ModelConfiguration(&reader, name: member.name, node: member.value)
        }.sorted { $0.name < $1.name }
    }

    private init?(_ reader: inout YAMLReader, name: String, node: YAMLNode) {
        let path = "models.\(name)."
        reader.allowOnly(Self.keys, in: node, path: path)
        let family = reader.scalar(
            "family",
            in: node,
            path: path,
            expected: "anthropic, or openai for Chat Completions of whatever vendor"
        ) { Family(rawValue: $0) }
        let url = reader.scalar(
            "url",
            in: node,
            path: path,
            expected: CredentialRoute.urlForm
        ) { CredentialRoute.target(of: $0)?.url }
        let model = reader.string("model", in: node, path: path)
        credential = Self.credential(&reader, in: node, path: path, family ?? .openai)
        prices = ModelPrices.read(&reader, in: node, path: path)
        maxTokens = reader.int(
            "max_tokens",
            in: node,
            path: path,
            range: 1...1_000_000,
            default: 4096
        )
        timeout = reader.span(
            "timeout",
            in: node,
            path: path,
            default: TimeLimit(milliseconds: 120_000)
        )
        attempts = reader.int("attempts", in: node, path: path, range: 1...10, default: 3)
        replyLimit = Self.replyLimit(&reader, in: node, path: path)
        leavesOut = ModelField.read(&reader, in: node, path: path)
        extra = Self.extra(&reader, in: node, path: path)
        tokensField =
            reader.scalar(
                "tokens_field",
                in: node,
                path: path,
                expected: "max_completion_tokens or max_tokens",
                default: "max_completion_tokens"
            ) { ["max_completion_tokens", "max_tokens"].contains($0) ? $0 : nil }
            ?? "max_completion_tokens"
        version =
            reader.scalar(
                "version",
                in: node,
                path: path,
                expected: "the date of a version, such as 2023-06-01",
                default: "2023-06-01"
            ) { CalendarDate($0) == nil ? nil : $0 } ?? "2023-06-01"
        guard let family, let url, let model else { return nil }
        self.name = name
        self.family = family
        self.url = url
        self.model = model
    }

    private static func credential(
        _ reader: inout YAMLReader,
        in node: YAMLNode,
        path: String,
        _ family: Family
    ) -> ConnectorConfiguration.Credential? {
        guard node["secret"] != nil else {
            for key in ["header", "prefix"] where node[key] != nil {
                reader.report(line: node[key]?.line, "\(path)\(key): goes with secret only")
            }
            return nil
        }
        let usual = family == .anthropic ? ("x-api-key", "") : ("authorization", "Bearer ")
        let header = reader.scalar(
            "header",
            in: node,
            path: path,
            expected: "the name of a header such as x-api-key, none of the connection's own",
            default: usual.0
        ) { CredentialRoute.headerName($0) }
        let isUsual = header == usual.0
        let prefix = reader.scalar(
            "prefix",
            in: node,
            path: path,
            expected: "a text of printable characters",
            default: isUsual ? usual.1 : ""
        ) { CredentialRoute.isPrintable($0) ? $0 : nil }
        guard let secret = CredentialRoute.secret(&reader, in: node, path: path), let header,
            let prefix
        else { return nil }
        return .init(header: header, prefix: prefix, secret: secret)
    }

    private static func replyLimit(
        _ reader: inout YAMLReader,
        in node: YAMLNode,
        path: String
    ) -> ByteCount {
        let usual = ByteCount(bytes: 1 << 20)
        return reader.scalar(
            "reply_limit",
            in: node,
            path: path,
            expected: "a size from 1KiB to 2MiB, such as 512KiB",
            default: usual
        ) { ByteCount($0).flatMap { replyLimits.contains($0.bytes) ? $0 : nil } } ?? usual
    }

    private static func extra(
        _ reader: inout YAMLReader,
        in node: YAMLNode,
        path: String
    ) -> [JSON.Member] {
        guard node["extra"] != nil, let inner = reader.mapping("extra", in: node, path: path)
        else { return [] }
        for member in inner.members ?? [] where ownFields.contains(member.name) {
            reader.report(
                line: member.line,
                "\(path)extra.\(member.name): the desk says this itself; leave it out"
            )
        }
        return inner.json.objectValue ?? []
    }
}
