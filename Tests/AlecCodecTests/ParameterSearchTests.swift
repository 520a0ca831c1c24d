// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import AlecCodec

@Suite struct LatticeSearchTests {
    private static func series(
        step: Double, origin: Double, digits: Double, count: Int = 120
    ) -> [Double] {
        var random = SeededGenerator(seed: 1)
        return (0..<count).map { _ in
            ((origin + Double(random.below(300)) * step) * digits).rounded()
        }
    }

    @Test(arguments: [(0.0317, 0.0), (0.0625, 0.0), (0.1611, 0.0), (0.1611, 0.05), (0.4, 0.13)])
    func theStepOfACrookedGridIsFound(step: Double, origin: Double) throws {
        var search = LatticeSearch()
        // Whole numbers, each off by at most half.
        let values = Self.series(step: step, origin: origin, digits: 1_000)
        let found = search.find(values, tolerance: 0.5)
        let lattice = try #require(found)
        #expect((lattice.step - step * 1_000).magnitude < 0.01)
        let isCentred = lattice.origin == 0
        #expect(isCentred == (origin == 0))
        if !isCentred {
            let offset = (lattice.origin - origin * 1_000) / lattice.step
            #expect((offset - offset.rounded()).magnitude < 0.02)
        }
    }

    @Test func everyIntegerIsNoLattice() {
        var search = LatticeSearch()
        #expect(search.find((0..<100).map { Double($0) }, tolerance: 0.5) == nil)
    }

    @Test func randomNumbersAreNoLattice() {
        var random = SeededGenerator(seed: 2)
        var search = LatticeSearch()
        let values = (0..<200).map { _ in Double(random.below(1_000_000)) }
        #expect(search.find(values, tolerance: 0.5) == nil)
    }

    @Test func fewNumbersSayNothing() {
        var search = LatticeSearch()
        #expect(
            search.find(Self.series(step: 0.1, origin: 0, digits: 1_000, count: 11), tolerance: 0.5)
                == nil)
        #expect(search.find(Array(repeating: 100, count: 50), tolerance: 0.5) == nil)
        #expect(search.find(Array(repeating: 1e300, count: 50), tolerance: 0.5) == nil)
    }

    @Test func theSmallestGapMayBeSeveralSteps() throws {
        // Steps of 40, but all gaps are 2 or 3 of them.
        var place = 0.0
        var values: [Double] = []
        for i in 0..<60 {
            values.append(place)
            place += i % 2 == 0 ? 80 : 120
        }
        var search = LatticeSearch()
        let found = search.find(values, tolerance: 0.5)
        let lattice = try #require(found)
        #expect((lattice.step - 40).magnitude < 0.01)
    }
}

/// What the encoder chose, as a decoder sees it.
@Suite struct ParameterSearchTests {
    private static func chosen(_ values: [Double]) throws -> ValueParameters {
        var pair = StreamPair(channels: 1)
        let column = TrafficColumn(
            sensor: 0, times: values.indices.map { Int64($0) }, values: values)
        #expect(try pair.carry([column], as: .key(group: 1)) == nil)
        return pair.decoder.context.channels[0].parameters
    }

    private static func shaped(_ shape: ValueSource.Shape, _ count: Int = 100) -> [Double] {
        var random = SeededGenerator(seed: 9)
        var source = ValueSource(shape, &random)
        return (0..<count).map { _ in source.next(&random) }
    }

    @Test(arguments: 0..<10) func theFewestDigitsAreFound(digits: Int) throws {
        let power = PowersOfTen.table[digits]
        let values = (0..<40).map { Double(1_000 + $0 * $0 * 7 + $0) / power }
        let parameters = try Self.chosen(values)
        #expect(parameters.kind == .decimal)
        #expect(parameters.digits == digits)
        #expect(parameters.isExact)
    }

    @Test(arguments: [
        (ValueSource.Shape.products, ValueKind.decimalProduct),
        (.floatDecimals, .floatDecimal), (.floats, .float), (.noise, .noisy), (.decimals, .decimal),
    ])
    func theKindIsThatOfTheSource(shape: ValueSource.Shape, kind: ValueKind) throws {
        #expect(try Self.chosen(Self.shaped(shape)).kind == kind)
    }

    @Test func aCommonDivisorIsFound() throws {
        let parameters = try Self.chosen((0..<40).map { Double($0 * $0 % 97) * 250 - 243 })
        #expect(parameters.divisor == 250 && parameters.remainder == 7)
    }

    @Test func aLatticeIsFound() throws {
        var random = SeededGenerator(seed: 22)
        let values = (0..<200).map { _ in
            (Double(random.below(400)) * 0.0317 * 1_000).rounded() / 1_000
        }
        let parameters = try Self.chosen(values)
        #expect(parameters.isLattice && (parameters.step - 31.7).magnitude < 0.01)
    }

    @Test func valuesWithoutANumberAreDecimals() throws {
        #expect(try Self.chosen(Array(repeating: .nan, count: 20)).kind == .decimal)
    }

    @Test func fewStatesUseASetAndManyValuesDoNot() throws {
        var random = SeededGenerator(seed: 23)
        let states = (0..<200).map { _ in random.pick([-40.5, 0, 3.25, 17, 1_200]) }
        #expect(try Self.chosen(states).usesSet)
        let all = (0..<600).map { _ in Double(random.below(1_000_000)) }
        #expect(try !Self.chosen(all).usesSet)
    }

    /// Better parameters must save more than they cost.
    @Test func parametersStayUnlessOthersAreClearlyBetter() throws {
        var pair = StreamPair(channels: 1)
        func column(_ values: [Double]) -> TrafficColumn {
            TrafficColumn(sensor: 0, times: values.indices.map { Int64($0) }, values: values)
        }
        let fine = (0..<30).map { Double(2_000 + $0 % 7) / 100 }
        let coarse = (0..<30).map { Double(200 + $0 % 3) / 10 }
        #expect(try pair.carry([column(fine)], as: .key(group: 1)) == nil)
        #expect(try pair.carry([column(coarse)], as: .chained) == nil)
        #expect(pair.decoder.context.channels[0].parameters.digits == 2)
        // So many digits serve decimals and floats alike; a later group is all floats.
        let floats = column(Self.shaped(.floats, 60))
        for _ in 0..<4 { #expect(try pair.carry([floats], as: .chained) == nil) }
        #expect(pair.decoder.context.channels[0].parameters.digits > 10)
        for group in 2..<UInt32(8) {
            #expect(try pair.carry([floats], as: .key(group: group)) == nil)
        }
        #expect(pair.decoder.context.channels[0].parameters.kind == .float)
    }

    @Test func theFilterIsGivenUpWhereItDoesNotHelp() throws {
        var random = SeededGenerator(seed: 24)
        var pair = StreamPair(channels: 1)
        var used: [Bool] = []
        var value = 0
        for group in 0..<12 {
            let values = (0..<150).map { _ -> Double in
                value += random.pick(-3...3)
                return Double(value)
            }
            let column = TrafficColumn(
                sensor: 0, times: values.indices.map { Int64(group * 150 + $0) }, values: values)
            #expect(try pair.carry([column], as: .key(group: UInt32(group))) == nil)
            used.append(pair.decoder.context.channels[0].parameters.usesFilter)
        }
        #expect(used.first == true)
        // Given up, and tried again after a while.
        #expect(used.contains(false))
        #expect(used.dropFirst(2).contains(true))
    }
}

@Suite struct TimeSearchTests {
    private static func body(_ times: [Int64]) throws -> FrameBody {
        var body = FrameBody()
        body.begin(channels: 1)
        try body.arrange(
            ReadingWindow([
                TrafficColumn(sensor: 0, times: times, values: times.map { _ in 0 })
            ]))
        return body
    }

    @Test(arguments: [
        ([0, 3_600_000_000_000], 7), ([5, 60_000_000_005, 120_000_000_005], 6),
        ([1, 1_000_000_001, 3_000_000_001], 5), ([0, 100_000_000, 300_000_000], 4),
        ([0, 10_000_000, 30_000_000], 3), ([0, 1_000_000, 3_000_000], 2), ([7, 1_007, 3_007], 1),
        ([0, 1, 2], 0), ([1_000_000_000], 5), ([1_000_000_001], 0),
        ([1_500_000_000, 1_500_000_000], 4), ([.min, .max], 0),
    ])
    func theUnitDividesAllDifferences(times: [Int64], unit: Int) throws {
        let body = try Self.body(times)
        #expect(TimeSearch.unit(ChannelPast(), body, body.slots[0]) == unit)
    }

    @Test func earlierTimesCount() throws {
        var past = ChannelPast()
        let before = try Self.body([0, 1_000, 2_000])
        past.remember(before, before.slots[0])
        let body = try Self.body([3_000_000_000, 4_000_000_000, 5_000_000_000])
        #expect(TimeSearch.unit(past, body, body.slots[0]) == 1)
    }

    @Test(arguments: [(0, 0), (1, 0), (1_000, 1), (-60_000_000_000, 6), (Int64.min, 1)])
    func theLargestUnitOfADifference(difference: Int64, unit: Int) {
        let largest = TimeUnits.largest(dividing: difference)
        #expect(difference == 0 ? largest == 7 : largest == (difference == .min ? 0 : unit))
    }
}
