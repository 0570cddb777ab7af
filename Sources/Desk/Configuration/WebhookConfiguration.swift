// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// How programs may start an agent's turn by an HTTP request.
public struct WebhookConfiguration: Sendable, Hashable {
    /// The file with the secrets, one a line, relative to the desk or absolute; nil when requests
    /// are not signed, which is only possible on this computer.
    public let secretFile: String?
    /// How requests are signed.
    public let style: WebhookStyle

    /// Reads `webhook:`; nil when it is absent, `false` or wrong.
    static func read(
        _ reader: inout YAMLReader,
        in node: YAMLNode,
        path: String
    ) -> WebhookConfiguration? {
        guard let value = node["webhook"] else { return nil }
        guard value.members != nil else {
            switch value.scalar {
            case "true": return WebhookConfiguration(secretFile: nil, style: .standard)
            case "false": return nil
            default:
                reader.report(
                    line: value.line,
                    "\(path)webhook: found \(value.summary); expected true, or secret_file and"
                        + " style"
                )
                return nil
            }
        }
        let inner = "\(path)webhook."
        reader.allowOnly(["secret_file", "style"], in: value, path: inner)
        let file = reader.string("secret_file", in: value, path: inner)
        let style = reader.scalar(
            "style",
            in: value,
            path: inner,
            expected: "standard or github",
            default: .standard
        ) { WebhookStyle(rawValue: $0) }
        return file.map { WebhookConfiguration(secretFile: $0, style: style ?? .standard) }
    }
}
