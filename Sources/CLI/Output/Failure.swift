// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Endpoints
import Expressions
import Gateway
import Git
import MCP
import Models
import Processes
import Quant
import Supervisor
import Trading

/// What a person is told when a command fails, and the status that a script sees.
struct Failure: Error, CustomStringConvertible {
    /// The statuses, after sysexits.
    enum Status: Int32 {
        /// A check found something wrong.
        case failed = 1
        /// A file of the desk, or data, is wrong.
        case badData = 65
        /// Something that was named is not there.
        case notFound = 66
        /// Another process is in the way, or a service is not there.
        case unavailable = 69
        /// The desk cannot go on.
        case software = 70
        /// A file or folder cannot be read or written.
        case inputOutput = 74
        /// A person asked to stop.
        case interrupted = 130
    }

    let message: String
    let status: Int32

    /// What a person is told, also where another layer puts it into its own words.
    var description: String { message }

    init(_ message: String, _ status: Status) {
        self.message = message
        self.status = status.rawValue
    }

    /// Finds the words for an error of ours; nil for one that belongs to the argument parser.
    init?(_ error: any Error) {
        switch error {
        case let error as Failure: self = error
        case let error as SupervisorError: self.init(error.description, Self.status(of: error.code))
        case let error as DeskError: self.init(error.description, .badData)
        case let error as GitError: self.init(error.description, Self.status(of: error.code))
        case let error as QuantError: self.init(error.description, .badData)
        case let error as BarFault: self.init(error.description, .badData)
        case let error as ExpressionError: self.init(error.description, .badData)
        case let error as JSONError: self.init(error.description, .badData)
        case let error as TradingError: self.init(error.description, .badData)
        case let error as FileError:
            self.init(error.description, error.code == .notFound ? .notFound : .inputOutput)
        case let error as ProcessError: self.init(error.description, .unavailable)
        case let error as EndpointError: self.init(error.description, .unavailable)
        case let error as Fault: self.init(error.description, .software)
        case let error as MCPError: self.init(error.description, Self.status(of: error.code))
        case let error as ModelError: self.init(error.description, Self.status(of: error.code))
        case let error as GatewayError: self.init(error.description, .software)
        default: return nil
        }
    }

    /// Writes the message where people look for it.
    func report() {
        for line in message.split(separator: "\n") {
            Console.write("loopdesk: \(line)\n", to: 2)
        }
    }

    private static func status(of code: SupervisorError.Code) -> Status {
        switch code {
        case .notReady, .tape: .badData
        case .alreadyRunning, .displaced, .sandbox: .unavailable
        case .interrupted: .interrupted
        case .storage: .inputOutput
        case .changedMeanwhile, .inconsistent, .gateway, .limit: .software
        }
    }

    private static func status(of code: MCPError.Code) -> Status {
        switch code {
        case .quarantined, .refused: .failed
        case .invalidArgument: .badData
        case .notOffered, .notAllowed: .notFound
        default: .unavailable
        }
    }

    private static func status(of code: ModelError.Code) -> Status {
        switch code {
        case .contextTooLong, .invalidRequest, .unauthorized, .unpaid, .tooLarge, .secret: .failed
        case .overBudget, .notAllowed: .badData
        case .rateLimited, .overloaded, .serverFailed, .unreachable, .timedOut, .disconnected,
            .malformed, .cancelled:
            .unavailable
        }
    }

    private static func status(of code: GitError.Code) -> Status {
        switch code {
        case .notFound, .notARepository: .notFound
        case .io: .inputOutput
        case .locked: .unavailable
        default: .badData
        }
    }
}
