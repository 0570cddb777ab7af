// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Everything a child is started with; it inherits nothing that is not named here.
public struct ChildCommand: Sendable {
    /// Where the program is.
    public enum Program: Sendable, Hashable {
        /// An absolute path.
        case path(String)
        /// A bare name, looked for in these absolute folders in order.
        case named(String, searchPath: [String])
    }

    /// A descriptor of this process that the child gets under another number.
    public struct Inherited: Sendable, Hashable {
        /// The number here; it stays open and must stay valid until the child has started.
        public let source: Int32
        /// The number there, from 3 to 255.
        public let target: Int32

        /// Creates the pair of numbers.
        public init(source: Int32, target: Int32) {
            self.source = source
            self.target = target
        }
    }

    /// The program.
    public var program: Program
    /// The arguments after the program's own name.
    public var arguments: [String]
    /// The whole environment, in this order.
    public var environment: [(name: String, value: String)]
    /// The folder it starts in.
    public var workingFolder: String
    /// The file that its standard error is appended to, made with mode 0600 when missing; of no
    /// account when there is an `errorSink`.
    public var errorLogPath: String
    /// What is told the lines of its standard error, some at a time, by whoever waits for it.
    public var errorSink: (@Sendable ([ErrorLine]) -> Void)?
    /// Further descriptors it gets, at most 16.
    public var inherited: [Inherited]
    /// The longest line it may write, in bytes.
    public var lineLimitBytes: Int
    /// The most processes and threads that it and all that it starts may be at one time, where the
    /// kernel does not count them by user; nil for no limit.
    var mostProcesses: Int?
    /// What messages call the program, when another one starts it.
    var displayName: String?
    /// Whether a code above 128 stands for a signal that ended the program, as with a shell.
    var reportsSignalsAsCodes = false

    /// Creates a command.
    public init(
        program: Program,
        arguments: [String] = [],
        environment: [(name: String, value: String)] = [],
        workingFolder: String,
        errorLogPath: String = "/dev/null",
        errorSink: (@Sendable ([ErrorLine]) -> Void)? = nil,
        inherited: [Inherited] = [],
        lineLimitBytes: Int = LineChannel.defaultLimitBytes
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.workingFolder = workingFolder
        self.errorLogPath = errorLogPath
        self.errorSink = errorSink
        self.inherited = inherited
        self.lineLimitBytes = lineLimitBytes
    }
}
