// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension JSON {
    /// The member at a path of names with points between them; nil when there is none.
    public func member(at path: String) -> JSON? {
        var value: JSON? = self
        for name in path.split(separator: ".") { value = value?[String(name)] }
        return value
    }
}
