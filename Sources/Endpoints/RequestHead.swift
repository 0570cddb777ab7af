// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The head of a request, free of the library that read it.
struct RequestHead: Sendable {
    let method: String
    let target: String
    /// Names in lowercase, in the order of the request.
    let headers: [(name: String, value: String)]

    /// The only value of a header; nil when it is missing or stands there twice.
    func only(_ name: String) -> String? {
        let values = headers.filter { $0.name == name }
        return values.count == 1 ? values[0].value : nil
    }

    func has(_ name: String) -> Bool {
        headers.contains { $0.name == name }
    }

    /// The target without its query.
    var path: Substring { Substring(target.utf8.prefix { $0 != 0x3F }) }

    /// The media type without parameters, in lowercase.
    var mediaType: String? {
        only("content-type").map { value in
            String(value.prefix { $0 != ";" }).lowercased().filter { $0 != " " && $0 != "\t" }
        }
    }
}
