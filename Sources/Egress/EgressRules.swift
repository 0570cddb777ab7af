// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk

/// Decides by method and target alone where a request of an agent may go.
struct EgressRules: Sendable {
    enum Decision: Sendable, Hashable {
        /// Bytes are carried to and fro.
        case tunnel(host: String, port: Int)
        /// The request is sent on, and the label is told as its target.
        case send(url: String, label: String, CredentialRoute?)
        /// It is answered here.
        case answer
        case refuse(Refusal)
    }

    let configuration: EgressConfiguration
    /// The port at which the agent finds the way out.
    let port: Int
    /// The path that is answered here, if there is one.
    var localPath: String?

    func decide(method: String, target: String) -> Decision {
        guard target.utf8.count <= 8 << 10, target.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return .refuse(.malformed) }
        if method == "CONNECT" { return tunnel(target) }
        if target.hasPrefix("/") { return route(target) }
        guard let (scheme, authority, path) = Self.parts(of: target) else {
            return .refuse(.malformed)
        }
        guard scheme == "http" else {
            return .refuse(.forbidden("only http:// is sent on; ask for \(scheme) by CONNECT"))
        }
        return plain(authority, path)
    }

    private func tunnel(_ target: String) -> Decision {
        guard let (host, port) = Self.place(target, defaultPort: nil) else {
            return .refuse(.malformed)
        }
        guard configuration.allows(host: host, port: port) else {
            return .refuse(.unlisted("\(host):\(port)"))
        }
        return .tunnel(host: host, port: port)
    }

    private func plain(_ authority: String, _ path: String) -> Decision {
        guard let (host, port) = Self.place(authority, defaultPort: 80) else {
            return .refuse(.malformed)
        }
        guard configuration.allows(host: host, port: port) else {
            // Programs that know of the way out alone ask even for itself in this form.
            let isOwn = port == self.port && (host == "127.0.0.1" || host == "localhost")
            return isOwn ? route(path) : .refuse(.unlisted("\(host):\(port)"))
        }
        let bracketed = host.contains(":") ? "[\(host)]" : host
        return .send(url: "http://\(bracketed):\(port)\(path)", label: "\(host):\(port)", nil)
    }

    /// A path whose first part names a route.
    private func route(_ path: String) -> Decision {
        if path == localPath { return .answer }
        let name = path.dropFirst().prefix { $0 != "/" && $0 != "?" }
        guard let route = configuration.routes.first(where: { $0.name == name }) else {
            return .refuse(.forbidden("there is no route of that name; see sandbox.credentials"))
        }
        let rest = path.dropFirst(1 + name.count)
        guard !Self.climbs(rest.prefix { $0 != "?" }) else {
            return .refuse(.forbidden("a path may not climb out of its route"))
        }
        return .send(url: route.url + rest, label: route.name, route)
    }

    /// Scheme, authority and the rest of an absolute target.
    private static func parts(
        of target: String
    ) -> (scheme: String, authority: String, path: String)? {
        guard let mark = target.firstRange(of: "://") else { return nil }
        let rest = target[mark.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let path = rest[authority.endIndex...]
        guard !path.contains("#"), !authority.contains("@") else { return nil }
        let rooted = path.hasPrefix("/") ? String(path) : "/\(path)"
        return (target[..<mark.lowerBound].lowercased(), String(authority), rooted)
    }

    /// Host, in lowercase and without brackets, and port.
    private static func place(
        _ authority: String,
        defaultPort: Int?
    ) -> (host: String, port: Int)? {
        var host = authority[...]
        var port = defaultPort
        let isNumericHost = authority.hasSuffix("]")
        if !isNumericHost, let colon = authority.lastIndex(of: ":") {
            let digits = authority[authority.index(after: colon)...]
            guard (1...5).contains(digits.utf8.count),
                digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(digits), (1...65_535).contains(number)
            else { return nil }
            port = number
            host = authority[..<colon]
        }
        guard let port, !host.isEmpty, host.hasPrefix("[") || !host.contains(":") else {
            return nil
        }
        return (HostPattern.normalized(String(host)), port)
    }

    /// Whether a path has a part that leads upwards, spelled in any way.
    private static func climbs(_ path: Substring) -> Bool {
        let plain = path.lowercased().replacing("%2e", with: ".").replacing("%2f", with: "/")
            .replacing("%5c", with: "\\").replacing("%25", with: "%")
        let isCodedTwice = plain.contains("%2e") || plain.contains("%2f") || plain.contains("%5c")
        return isCodedTwice
            || plain.split(whereSeparator: { $0 == "/" || $0 == "\\" || $0 == ";" })
                .contains { $0 == "." || $0 == ".." }
    }
}
