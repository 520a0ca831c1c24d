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
        .library(name: "AlecCodec", targets: ["AlecCodec"])
    ],
    targets: [
        // Pure tier: no Foundation, no I/O, no clock, no locks, no logging.
        .target(name: "AlecCodec", swiftSettings: guarded),

        // Text lines to readings and back; no allocation per reading.
        .target(name: "LineProtocols", swiftSettings: guarded),

        .executableTarget(
            name: "alec-bench",
            dependencies: ["AlecCodec", "LineProtocols"],
            path: "bench/alec-bench",
            swiftSettings: strict
        ),

        // Seeded randomness, sources of series, and a second decoder: shared by the tests.
        .target(
            name: "TestSupport", dependencies: ["AlecCodec"], path: "Tests/TestSupport",
            swiftSettings: strict),
        .testTarget(
            name: "AlecCodecTests", dependencies: ["AlecCodec", "TestSupport"],
            exclude: ["Oracle", "Vectors"], swiftSettings: strict),
        .testTarget(
            name: "LineProtocolsTests",
            dependencies: ["LineProtocols"],
            swiftSettings: strict
        ),
        .testTarget(name: "TidyTests", swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
