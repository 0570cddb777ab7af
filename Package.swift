// swift-tools-version: 6.2
// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let server: [Target.Dependency] = ["NIOCore", "NIOPosix", "NIOHTTP1"].map {
    .product(name: $0, package: "swift-nio")
}

/// A library of ours; the layer table in ARCHITECTURE.md says what it may import.
func library(
    _ name: String,
    _ dependencies: [Target.Dependency],
    settings: [SwiftSetting] = []
) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict + settings)
}

/// The tests of a library; `TestSupport` brings scratch folders and the git command.
func tests(
    _ name: String,
    _ dependencies: [Target.Dependency],
    excluding excluded: [String] = []
) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: dependencies + ["TestSupport"],
        exclude: excluded,
        swiftSettings: strict
    )
}

var targets: [Target] = [
    // Layer 1: values
    library("Basics", ["CFiles", crypto]),
    .target(name: "CFiles"),
    .target(name: "CFused"),
    .target(name: "CKernels"),
    library("Expressions", ["Basics", "CKernels"]),
    library("Quant", ["Basics", "Expressions", "CFused", "CKernels"]),
    library("Trading", ["Basics", "Quant"]),
    library("Desk", ["Basics", "Expressions", .product(name: "Yams", package: "Yams")]),

    // Layer 2: the outside world
    .systemLibrary(
        name: "CGit2",
        pkgConfig: "libgit2",
        providers: [.apt(["libgit2-dev", "zlib1g-dev"])]
    ),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
        name: "CCurl",
        pkgConfig: "libcurl",
        providers: [.apt(["libcurl4-openssl-dev"])]
    ),
    .target(name: "CSandbox"),
    .target(name: "CDeskTemplate"),
    library("Git", ["Basics", "CGit2", crypto], settings: [.strictMemorySafety()]),
    library("Processes", ["Basics", "CSandbox"]),
    library("HTTP", ["Basics", "CCurl"], settings: [.strictMemorySafety()]),
    library("MCP", ["Basics", "HTTP", "Processes"]),
    library("Models", ["Basics", "Desk", "HTTP"]),
    library("Zstd", ["CZstd"]),
    library("Zlib", ["CZlib"]),

    // Layer 3: programs
    library("Agents", ["Basics", "Expressions", "Quant", "Trading", "Desk"]),
    library("Supervisor", ["Basics", "Desk", "Git", "Processes", "Models", "MCP", logging]),
    library("Endpoints", ["Basics", "Desk"] + server),
    library("Egress", ["Basics", "Desk", "HTTP"] + server),
    library(
        "Gateway",
        [
            "Basics", "Trading", "Desk", "Processes", "MCP", logging,
            .product(name: "GRDB", package: "GRDB.swift"),
        ]
    ),

    // Layer 4: command line
    .executableTarget(
        name: "loopdesk",
        dependencies: [
            "Basics", "Expressions", "Quant", "Trading", "Desk", "Git", "Processes", "Agents",
            "Supervisor", "Endpoints", "Egress", "HTTP", "Models", "MCP", "Gateway", "Zstd", "Zlib",
            "CDeskTemplate",
            logging,
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ],
        path: "Sources/CLI",
        swiftSettings: strict
    ),
    .executableTarget(
        name: "loopdesk-agent",
        dependencies: ["Agents", "Basics", "Desk", "Quant", "Trading", "Processes"],
        path: "Sources/AgentMain",
        swiftSettings: strict
    ),
    .executableTarget(
        name: "loopdesk-launcher",
        path: "Sources/Launcher",
        // It is C alone and starts often: linked like this it loads no library at all.
        linkerSettings: [
            .unsafeFlags(["-static-executable"])
        ]
    ),

    // Tests
    .executableTarget(
        name: "loopdesk-escape",
        path: "Tests/Escape",
        linkerSettings: [.linkedLibrary("rt"), .linkedLibrary("pthread")]
    ),
    .target(
        name: "TestSupport",
        dependencies: ["Basics"],
        path: "Tests/TestSupport",
        swiftSettings: strict
    ),
    .target(
        name: "OrderStudy",
        dependencies: ["Basics", "Quant", "Trading"],
        path: "Tests/OrderStudy",
        swiftSettings: strict
    ),
    .target(
        name: "VenueStudy",
        dependencies: ["Basics", "Gateway", "Trading"],
        path: "Tests/VenueStudy",
        swiftSettings: strict
    ),
    .target(
        name: "ReplyStudy",
        dependencies: ["Agents", "Basics", "Desk", "Models"],
        path: "Tests/ReplyStudy",
        swiftSettings: strict
    ),
    tests("Basics", ["Basics"]),
    tests("Expressions", ["Expressions", "Basics"]),
    tests("Quant", ["Quant", "Basics", "Expressions"], excluding: ["Fixtures"]),
    tests("Trading", ["Trading", "Quant", "Basics", "OrderStudy"]),
    tests("Desk", ["Desk", "Basics", "Expressions"]),
    tests("Git", ["Git", "Basics"]),
    tests("Processes", ["Processes", "Basics", "loopdesk-launcher", "loopdesk-escape"]),
    tests("HTTP", ["HTTP", "Basics"]),
    tests("MCP", ["MCP", "HTTP", "Processes", "Basics"]),
    tests("Models", ["Models", "Desk", "HTTP", "Basics"]),
    tests("Zstd", ["Zstd", "Quant", "Basics"]),
    tests("Zlib", ["Zlib", "Quant", "Basics"]),
    tests(
        "Agents",
        ["Agents", "Desk", "Quant", "Trading", "Basics", "Expressions", "ReplyStudy"]
    ),
    tests(
        "Supervisor",
        [
            "Supervisor", "Agents", "Desk", "Git", "HTTP", "Models", "Processes", "MCP", "Basics",
        ]
    ),
    tests(
        "Endpoints",
        ["Endpoints", "Desk", "Processes", "Basics"] + server
            + [.product(name: "NIOEmbedded", package: "swift-nio")]
    ),
    tests("Egress", ["Egress", "HTTP", "Desk", "Processes", "Basics", "loopdesk-launcher"]),
    tests("Gateway", ["Gateway", "Trading", "Basics", "Desk", "MCP", "Processes", "VenueStudy"]),
    tests("Tidy", []),
    tests(
        "CommandLine",
        ["loopdesk", "loopdesk-agent", "loopdesk-launcher", "Basics", "Git", "Desk", "Quant"],
        excluding: ["Snapshots"]
    ),
]

// Benchmarks build only when asked for, so that nobody who only uses the desk pays for them.
if Context.environment["LOOPDESK_BENCHMARKS"] != nil {
    targets.append(
        .executableTarget(
            name: "turn-benchmark",
            dependencies: ["Basics", "Desk", "Git", "Processes", "Supervisor", logging],
            path: "Benchmarks/Turns",
            swiftSettings: strict
        )
    )
    targets.append(
        .executableTarget(
            name: "start-benchmark",
            dependencies: ["Basics", "Processes"],
            path: "Benchmarks/Start",
            swiftSettings: strict
        )
    )
    targets.append(
        .executableTarget(
            name: "growth-benchmark",
            dependencies: ["Basics", "Git", "Processes"],
            path: "Benchmarks/Growth",
            swiftSettings: strict
        )
    )
    targets.append(
        .executableTarget(
            name: "quant-benchmark",
            dependencies: ["Basics", "Quant"],
            path: "Benchmarks/Quant",
            swiftSettings: strict
        )
    )
    targets.append(
        .executableTarget(
            name: "mcp-benchmark",
            dependencies: ["Basics", "Desk", "Endpoints", "HTTP", "MCP", "Processes"],
            path: "Benchmarks/MCP",
            exclude: ["peer.py"],
            swiftSettings: strict
        )
    )
    targets.append(
        .executableTarget(
            name: "model-benchmark",
            dependencies: ["Basics", "Desk", "Git", "HTTP", "Models", "Processes", "Supervisor"],
            path: "Benchmarks/Models",
            exclude: ["client.py"],
            swiftSettings: strict
        )
    )
    targets.append(
        .executableTarget(
            name: "gate-study",
            dependencies: ["Basics", "Quant"],
            path: "Benchmarks/GateStudy",
            swiftSettings: strict
        )
    )
    targets.append(
        .executableTarget(
            name: "order-fuzz",
            dependencies: ["OrderStudy", "Trading"],
            path: "Benchmarks/OrderFuzz",
            swiftSettings: strict
        )
    )
    targets.append(
        .executableTarget(
            name: "reply-fuzz",
            dependencies: ["ReplyStudy"],
            path: "Benchmarks/ReplyFuzz",
            swiftSettings: strict
        )
    )
    targets.append(
        .executableTarget(
            name: "venue-study",
            dependencies: ["VenueStudy"],
            path: "Benchmarks/VenueStudy",
            swiftSettings: strict
        )
    )
}

let package = Package(
    name: "loopdesk",
    products: [
        .executable(name: "loopdesk", targets: ["loopdesk"]),
        .executable(name: "loopdesk-agent", targets: ["loopdesk-agent"]),
        .executable(name: "loopdesk-launcher", targets: ["loopdesk-launcher"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: targets,
    cLanguageStandard: .gnu2x
)
