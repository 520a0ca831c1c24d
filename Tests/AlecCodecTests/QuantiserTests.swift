// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AlecCodec

@Suite struct QuantiserTests {
    @Test(arguments: [
        (0.05, 0.1), (0.06, 0.1), (0.1, 0.2), (0.25, 0.5), (0.5, 1), (0.49, 0.5), (2.5, 5),
        (50, 100), (0.005, 0.01), (1e-15, 2e-15), (1e300, 5e15), (0, 0), (-1, 0),
        (1e-17, 0), (.nan, 0), (.infinity, 5e15),
    ])
    func theStepIsTheLargestRoundOneWithinTwiceTheError(error: Double, step: Double) {
        #expect(Quantiser(maximumError: error).step == step)
    }

    @Test(arguments: [
        (0.05, 20.04, 20.0), (0.05, 20.06, 20.1), (0.5, 12.6, 13), (50, 1234, 1200),
        (0.05, -0.01, 0), (0.05, .infinity, .infinity), (0.05, 1e300, 1e300), (0, 20.04, 20.04),
    ])
    func valuesMoveToTheNearestMultiple(error: Double, value: Double, expected: Double) {
        let result = Quantiser(maximumError: error).quantise(value)
        #expect(result.bitPattern == expected.bitPattern)
    }

    @Test func aValueHalfWayBetweenMultiplesStaysAsItIs() {
        #expect(Quantiser(maximumError: 0.5).quantise(2.5) == 2.5)
    }

    @Test func theBitsOfANaNSurvive() {
        let value = Double(bitPattern: 0x7FF0_0000_0000_0123)
        #expect(Quantiser(maximumError: 1).quantise(value).bitPattern == value.bitPattern)
    }
}
