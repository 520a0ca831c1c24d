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

        // Pure tier: text lines to readings and back. Allocation-free per reading, imports nothing.
        .target(name: "LineProtocols", swiftSettings: guarded),

        .testTarget(name: "AlecCodecTests", dependencies: ["AlecCodec"], swiftSettings: strict),
        .testTarget(
            name: "LineProtocolsTests",
            dependencies: ["LineProtocols"],
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6]
)
