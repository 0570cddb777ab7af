// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import GRDB

/// A ledger or a connection that fails the gateway.
public struct GatewayError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure that a caller can act on.
    public enum Code: Sendable, Hashable {
        /// The ledger's file cannot be opened or created.
        case cannotOpen
        /// Another process has the ledger open.
        case inUse
        /// The file is no ledger, is damaged, or contradicts itself.
        case corrupt
        /// A later version of Loopdesk wrote the ledger.
        case futureVersion
        /// The ledger belongs to a desk with another capital.
        case otherDesk
        /// The disk or the ledger is full; nothing was recorded.
        case diskFull
        /// The ledger failed in another way; nothing was recorded.
        case storage
        /// The ledger failed and could not be read back, so the change may be recorded.
        case outcomeUnknown
        /// A descriptor or the poll of all of them failed.
        case connection
    }

    /// The kind of failure.
    public let code: Code
    /// What was attempted, as a verb phrase.
    public let operation: String
    /// The reason, as a lowercase clause that says what to do.
    public let reason: String
    /// The error below, for the log.
    public let underlying: (any Error)?

    init(
        _ code: Code,
        _ operation: String,
        _ reason: String,
        underlying: (any Error)? = nil
    ) {
        self.code = code
        self.operation = operation
        self.reason = reason
        self.underlying = underlying
    }

    /// Tells a failure of the database from its result code.
    init(_ operation: String, database error: any Error) {
        if let known = error as? GatewayError {
            self = known
            return
        }
        let result = (error as? DatabaseError)?.resultCode
        let (code, reason): (Code, String) =
            switch result {
            case .some(.SQLITE_FULL): (.diskFull, "the disk is full; free some space and try again")
            case .some(.SQLITE_CORRUPT), .some(.SQLITE_NOTADB):
                (.corrupt, "the file is damaged or no ledger; restore it or start a new one")
            case .some(.SQLITE_BUSY), .some(.SQLITE_LOCKED):
                (.inUse, "another process has the ledger open; end that one first")
            case .some(.SQLITE_CANTOPEN), .some(.SQLITE_PERM), .some(.SQLITE_READONLY):
                (.cannotOpen, "the file or its folder cannot be written; check that it exists")
            default: (.storage, "\(error)")
            }
        self.init(code, operation, reason, underlying: error)
    }

    /// One clause: what failed and why.
    public var description: String { "cannot \(operation): \(reason)" }
}
