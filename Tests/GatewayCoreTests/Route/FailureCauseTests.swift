// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import Testing

@Suite struct FailureCauseTests {
    /// Every reason that the specification of MQTT 5 lists for CONNACK, and those of 3.1.1.
    @Test func everyReasonOfConnackHasItsRow() {
        let known: Set<UInt8> = [
            0, 1, 2, 3, 4, 5, 0x81, 0x82, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C,
            0x90, 0x95, 0x97, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9F,
        ]
        check(known) { .connect(reason: $0) }
        #expect(FailureCause.connect(reason: 0).verdict == nil)
    }

    @Test func everyReasonOfPubackHasItsRow() {
        let refusals: Set<UInt8> = [0x80, 0x83, 0x87, 0x90, 0x91, 0x95, 0x97, 0x99]
        check(refusals.union(0..<0x80)) { .publish(reason: $0) }
        for reason in 0..<0x80 as Range<UInt8> {
            #expect(FailureCause.publish(reason: reason).verdict == nil)
        }
    }

    @Test func everyReasonOfDisconnectHasItsRow() {
        check([
            0x81, 0x82, 0x87, 0x89, 0x8B, 0x8D, 0x8E, 0x8F, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97,
            0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2,
        ]) { .disconnect(reason: $0) }
    }

    /// All others of 0...255 are unknown, which is a back-off.
    private func check(_ known: Set<UInt8>, _ cause: (UInt8) -> FailureCause) {
        for reason in 0...255 as ClosedRange<UInt8> {
            let verdict = cause(reason).verdict
            #expect((verdict != .unknown) == known.contains(reason), "reason \(reason)")
        }
        #expect(FailureVerdict.unknown.kind == .backOff)
    }

    @Test(arguments: [
        (FailureCause.connect(reason: 4), FailureClass.longBackOff, OperatorHint.badPassword),
        (.connect(reason: 0x86), .longBackOff, .badPassword),
        (.connect(reason: 5), .longBackOff, .notAuthorized),
        (.connect(reason: 0x87), .longBackOff, .notAuthorized),
        (.connect(reason: 1), .now, .protocolVersion),
        (.connect(reason: 0x84), .now, .protocolVersion),
        (.connect(reason: 2), .fatalConfiguration, .clientIDRefused),
        (.connect(reason: 3), .backOff, .serverBusy),
        (.connect(reason: 0x8A), .longBackOff, .banned),
        (.connect(reason: 0x97), .longBackOff, .quota),
        (.publish(reason: 0x87), .hold, .notAuthorized),
        (.publish(reason: 0x95), .hold, .packetTooLarge),
        (.publish(reason: 0x97), .longBackOff, .quota),
        (.publish(reason: 0x90), .quarantine, .topicRefused),
        (.publish(reason: 0x99), .quarantine, .payloadRefused),
        (.disconnect(reason: 0x8E), .longBackOff, .clientIDTaken),
        (.disconnect(reason: 0x8B), .backOff, .serverBusy),
        (.disconnect(reason: 0x8D), .now, .silent),
        (.disconnect(reason: 0x95), .hold, .packetTooLarge),
        (.library(code: 7), .backOff, .connectionLost),
        (.library(code: 8), .longBackOff, .certificate),
        (.library(code: 11), .longBackOff, .badPassword),
        (.library(code: 12), .longBackOff, .notAuthorized),
        (.library(code: 15), .backOff, .unknownHost),
        (.library(code: 19), .backOff, .silent),
        (.library(code: 25), .hold, .packetTooLarge),
        (.system(code: 111), .backOff, .portClosed),
        (.system(code: 113), .backOff, .noRoute),
        (.system(code: 110), .backOff, .silent),
        (.system(code: 104), .backOff, .connectionLost),
        (.system(code: 24), .backOff, .localResources),
        (.system(code: 13), .longBackOff, .localResources),
        (.resolver(code: -2), .backOff, .unknownHost),
        (.resolver(code: -3), .backOff, .unknownHost),
        (.resolver(code: -8), .fatalConfiguration, .settings),
        (.certificate(code: 10), .longBackOff, .certificateExpired),
        (.certificate(code: 9), .longBackOff, .certificateNotYetValid),
        (.certificate(code: 62), .longBackOff, .certificateName),
        (.certificate(code: 18), .longBackOff, .certificate),
        (.certificate(code: 4711), .longBackOff, .certificate),
    ])
    func causeHasItsClassAndHint(
        _ cause: FailureCause, _ kind: FailureClass, _ hint: OperatorHint
    ) {
        #expect(cause.verdict == FailureVerdict(kind, hint))
    }

    @Test func everyErrorOfTheLibraryIsClassified() {
        // Those without a row need none: they are answers, or say as much as "unknown".
        let unknown: Set<Int32> = [-4, -3, -2, -1, 5, 6, 13, 14, 17, 31]
        for code in -4...31 as ClosedRange<Int32> {
            let verdict = FailureCause.library(code: code).verdict
            #expect((verdict == .unknown) == unknown.contains(code), "code \(code)")
        }
        for code in [Int32.min, -5, 32, .max] {
            #expect(FailureCause.library(code: code).verdict == .unknown)
            #expect(FailureCause.system(code: code == 32 ? 200 : code).verdict == .unknown)
            #expect(FailureCause.resolver(code: code == -5 ? -7 : code).verdict == .unknown)
        }
    }

    @Test func successIsNoFailure() {
        let causes: [FailureCause] = [
            .library(code: 0), .system(code: 0), .resolver(code: 0), .certificate(code: 0),
        ]
        for cause in causes { #expect(cause.verdict == nil) }
    }

    @Test func everyClassAndMostHintsAreUsed() {
        var verdicts: [FailureVerdict] = []
        for number in 0...255 as ClosedRange<UInt8> {
            let code = Int32(number)
            let causes: [FailureCause] = [
                .connect(reason: number), .publish(reason: number), .disconnect(reason: number),
                .library(code: code), .system(code: code), .resolver(code: -code),
                .certificate(code: code),
            ]
            verdicts += causes.compactMap(\.verdict)
        }
        #expect(Set(verdicts.map(\.kind)) == Set(FailureClass.allCases))
        #expect(Set(verdicts.compactMap(\.hint)) == Set(OperatorHint.allCases))
    }

    @Test(arguments: [
        (0x8E, 0, FailureCause.disconnect(reason: 0x8E)), (7, 0, .library(code: 7)),
        (14, 111, .system(code: 111)), (14, 0, .library(code: 14)), (7, 104, .library(code: 7)),
        (0, 0, .library(code: 0)), (-1, 0, .library(code: -1)), (300, 0, .library(code: 300)),
    ])
    func endOfAConnectionIsFiledByItsNumber(
        _ reason: Int32, _ systemCode: Int32, _ cause: FailureCause
    ) {
        #expect(FailureCause(disconnected: reason, systemCode: systemCode) == cause)
    }
}
