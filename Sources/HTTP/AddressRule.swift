// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Which addresses a host's name may lead to.
///
/// It is asked about the very address that is connected to, so a name that answers differently
/// the second time gains nothing.
public enum AddressRule: Sendable, Hashable {
    /// Any.
    case any
    /// Public ones, and those listed here.
    case publicOr(Set<IPAddress>)

    /// Whether a connection to an address is allowed.
    public func allows(_ address: IPAddress) -> Bool {
        switch self {
        case .any: true
        case .publicOr(let named): address.isPublic || named.contains(address)
        }
    }
}
