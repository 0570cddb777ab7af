// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Finds the compiled rules of a time zone (a TZif file, RFC 8536) by its name; nil when unknown.
///
/// The name has been checked to contain only letters, digits and `_+-/`, with no empty part.
public typealias TimeZoneResolver = @Sendable (_ name: String) -> [UInt8]?
