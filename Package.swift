// swift-tools-version: 6.3
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// Every target: Swift 6 mode, the upcoming features that change meaning, warnings are errors.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .treatAllWarnings(as: .error),
]

/// Targets in which each unsafe use must carry the word `unsafe`.
let guarded = strict + [.strictMemorySafety()]

let package = Package(
    name: "alec-gateway",
    products: [
        .library(name: "AlecCodec", targets: ["AlecCodec"]),
        .executable(name: "alec", targets: ["alec"]),
    ],
    targets: [
        // Pure tier: no Foundation, no I/O, no clock, no locks, no logging.
        .target(name: "AlecCodec", swiftSettings: guarded),
        // Text lines to readings and back; no allocation per reading.
        .target(name: "LineProtocols", swiftSettings: guarded),

        // Every decision of agent and receiver, as values that take events and time.
        .target(
            name: "GatewayCore", dependencies: ["AlecCodec", "LineProtocols"],
            swiftSettings: guarded),

        // Effect tier: each target does one kind of input or output.
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CMosquitto", providers: [.apt(["libmosquitto-dev"])]),
        .target(
            name: "CToml",
            cxxSettings: [
                .define("TOML_HEADER_ONLY", to: "1"), .define("TOML_EXCEPTIONS", to: "0"),
            ]),
        .target(name: "HostSystem", dependencies: ["CLinux"], swiftSettings: guarded),
        .target(name: "MosquittoClient", dependencies: ["CMosquitto"], swiftSettings: guarded),
        .target(
            name: "StoreAndForward", dependencies: ["AlecCodec", "CLinux", "GatewayCore"],
            swiftSettings: guarded),
        .target(
            name: "GatewayConfiguration", dependencies: ["AlecCodec", "CToml", "GatewayCore"],
            swiftSettings: guarded),

        // Shell tier: puts the others together.
        .target(
            name: "GatewayAgent",
            dependencies: [
                "AlecCodec", "GatewayConfiguration", "GatewayCore", "HostSystem", "LineProtocols",
                "MosquittoClient", "StoreAndForward",
            ],
            swiftSettings: guarded),
        .target(
            name: "GatewayReceiver",
            dependencies: [
                "AlecCodec", "GatewayConfiguration", "GatewayCore", "HostSystem", "LineProtocols",
                "MosquittoClient", "StoreAndForward",
            ],
            swiftSettings: guarded),
        .target(
            name: "AlecCommands",
            dependencies: [
                "AlecCodec", "GatewayAgent", "GatewayConfiguration", "GatewayCore",
                "GatewayReceiver", "HostSystem", "LineProtocols", "StoreAndForward",
            ],
            swiftSettings: guarded),
        .executableTarget(name: "alec", dependencies: ["AlecCommands"], swiftSettings: guarded),

        // Benchmarks; counting memory requests takes functions in front of the C library's.
        .target(name: "CAllocationCounter", path: "bench/CAllocationCounter"),
        .executableTarget(
            name: "alec-bench",
            dependencies: [
                "AlecCodec", "CAllocationCounter", "GatewayAgent", "GatewayConfiguration",
                "GatewayCore", "HostSystem", "LineProtocols", "StoreAndForward",
            ],
            path: "bench/alec-bench",
            swiftSettings: strict
        ),

        // Seeded randomness, sources of series, a second decoder, a failing disk: shared by tests.
        .target(
            name: "TestSupport", dependencies: ["AlecCodec", "StoreAndForward"],
            path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(
            name: "AlecCodecTests", dependencies: ["AlecCodec", "TestSupport"],
            exclude: ["Oracle", "Vectors"], swiftSettings: strict),
        .testTarget(
            name: "LineProtocolsTests",
            dependencies: ["LineProtocols"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "GatewayCoreTests",
            dependencies: ["AlecCodec", "GatewayCore", "LineProtocols", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "GatewayAgentTests",
            dependencies: [
                "AlecCodec", "GatewayAgent", "GatewayConfiguration", "GatewayCore", "HostSystem",
                "LineProtocols", "MosquittoClient", "StoreAndForward", "TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "StoreAndForwardTests",
            dependencies: ["AlecCodec", "GatewayCore", "StoreAndForward", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "GatewayReceiverTests",
            dependencies: [
                "AlecCodec", "GatewayConfiguration", "GatewayCore", "GatewayReceiver",
                "HostSystem", "LineProtocols", "MosquittoClient", "StoreAndForward", "TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "HostSystemTests", dependencies: ["HostSystem", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "MosquittoClientTests",
            dependencies: ["HostSystem", "MosquittoClient", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "GatewayConfigurationTests",
            dependencies: ["AlecCodec", "GatewayConfiguration", "GatewayCore", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "AlecCommandsTests",
            dependencies: [
                "AlecCodec", "AlecCommands", "GatewayAgent", "GatewayConfiguration", "GatewayCore",
                "GatewayReceiver", "HostSystem", "LineProtocols", "StoreAndForward", "TestSupport",
            ],
            exclude: ["Golden"], swiftSettings: strict),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "AlecCodec", "GatewayAgent", "GatewayConfiguration", "GatewayCore", "HostSystem",
                "MosquittoClient", "StoreAndForward", "TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SimulationTests",
            dependencies: [
                "AlecCodec", "GatewayAgent", "GatewayConfiguration", "GatewayCore",
                "GatewayReceiver", "HostSystem", "LineProtocols", "MosquittoClient",
                "StoreAndForward", "TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(name: "TidyTests", swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)

// libFuzzer brings its own `main`, so that these targets link only with `--sanitize=fuzzer`.
if Context.environment["ALEC_FUZZ"] != nil {
    let targets: [(name: String, reads: [Target.Dependency])] = [
        ("fuzz-decoder", ["AlecCodec", "TestSupport"]),
        ("fuzz-lines", ["LineProtocols"]),
        ("fuzz-configuration", ["GatewayConfiguration"]),
        ("fuzz-spool", ["AlecCodec", "GatewayCore", "StoreAndForward", "TestSupport"]),
    ]
    package.targets += targets.map { target in
        .executableTarget(
            name: target.name, dependencies: target.reads, path: "Tests/Fuzz/\(target.name)",
            swiftSettings: strict)
    }
}
