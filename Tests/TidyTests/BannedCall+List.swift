// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension BannedCall {
    /// Every banned call of the house.
    static let all =
        printing + clocks + sleeping + randomness + changingValues + processes + environment + files
        + traps

    private static func each(
        _ patterns: [String],
        use replacement: String,
        allowed: [String] = [],
        scope: Scope = .sources
    ) -> [BannedCall] {
        patterns.map { BannedCall($0, use: replacement, allowed: allowed, scope: scope) }
    }

    private static let printing = each(
        [
            "print(", "debugPrint(", "dump(", "NSLog(", "puts(", "FileHandle.standardOutput",
            "FileHandle.standardError",
        ],
        use: "a returned value, or a logger; only the executables print",
        allowed: ["Sources/CLI/", "Sources/AgentMain/"]
    )

    private static let clocks = each(
        [
            "Date()", "Date.now", "Date(timeIntervalSinceNow", "clock_gettime(", "gettimeofday(",
            "ContinuousClock", "SuspendingClock", "DispatchTime.now", "time(nil", "Glibc.time(",
        ],
        use: "the time that is passed in; SystemClock and SystemWallClock are the only readers",
        allowed: [
            "Sources/Processes/Channels/SystemClock.swift",
            "Sources/Processes/Channels/SystemWallClock.swift",
        ]
    )

    private static let sleeping = each(
        ["Task.sleep", "usleep(", "sleep(", "nanosleep("],
        use: "the clock that is passed in; a test waits with eventually(within:)",
        allowed: [
            "Sources/Processes/Channels/SystemClock.swift", "Tests/TestSupport/Eventually.swift",
        ],
        scope: .sourcesAndTests
    )

    private static let randomness =
        each(
            [
                "SystemRandomNumberGenerator", "arc4random", "arc4random_uniform", "getrandom(",
                "rand()", "random()", "drand48(",
            ],
            use: "SeededRandom, which gives the same answer in every run",
            scope: .sourcesAndTests
        )
        + [".random(", ".randomElement(", ".shuffled(", ".shuffle("].map { pattern in
            BannedCall(
                pattern,
                use: "the same call with using:, and a seeded generator",
                scope: .sourcesAndTests,
                unlessLabel: "using"
            )
        }

    private static let changingValues = each(
        ["UUID()", ".hashValue", "Hasher()"],
        use: "ContentHash or a counter, which give the same answer in every run"
    )

    private static let processes = each(
        [
            "Process(", "posix_spawn(", "posix_spawnp(", "fork(", "vfork(", "execv(", "execve(",
            "execvp(", "system(", "popen(",
        ],
        use: "ChildCommand of Processes",
        allowed: ["Sources/Processes/"]
    )

    private static let environment = each(
        ["ProcessInfo", "getenv(", "secure_getenv(", "setenv(", "unsetenv(", "environ"],
        use: "a parameter; only the command line reads the environment",
        allowed: [
            "Sources/CLI/",
            // A program that runs for a turn is handed what the agent's process was given.
            "Sources/AgentMain/TurnProgram.swift",
        ]
    )

    private static let files = each(
        [
            "FileManager", "FileHandle", "fopen(", "openat(", "mkstemp(", "mkdtemp(", "pread(",
            "pwrite(", "rename(", "renameat(", "unlink(", "unlinkat(", "mkdir(", "rmdir(",
            "opendir(", "symlink(", "fsync(", "fdatasync(", "ftruncate(", "O_RDONLY", "O_WRONLY",
            "O_RDWR", "O_CREAT", "Glibc.open(", "Glibc.read(", "Glibc.write(", "contentsOfFile",
            "Data(contentsOf", "String(contentsOf",
        ],
        use: "Folder of Basics",
        allowed: [
            "Sources/Basics/Files/", "Sources/Git/", "Sources/Processes/",
            // Text for people goes to descriptors that are open already.
            "Sources/CLI/Output/Console.swift",
        ]
    )

    private static let traps = each(
        ["try!", "as!", "fatalError("],
        use: "a thrown error, or precondition with a sentence for a programmer's mistake",
        scope: .sourcesAndTests
    )
}
