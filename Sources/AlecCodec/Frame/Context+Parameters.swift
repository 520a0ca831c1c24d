// SPDX-License-Identifier: Apache-2.0

extension Context {
    /// Codes the parameters of channels that are new in the group or change.
    mutating func codeParameterBlocks<Coder: SymbolCoder>(
        _ coder: inout Coder, _ body: inout FrameBody
    ) {
        let hasChanges = codeHasChanges(&coder, body)
        var previous: Int?
        for c in 0..<channelCount where body.slots[c].isPresent {
            var hasBlock = !presence[c].isDescribed
            var hasNewTimes = hasBlock
            if hasBlock {
                channels[c].begin()
                presence[c].isDescribed = true
            } else if hasChanges {
                hasBlock = coder.code(
                    body.slots[c].valueChange, &shared.flags.valueChange,
                    limit: LearningLimit.layout)
                hasNewTimes = coder.code(
                    body.slots[c].timeChange, &shared.flags.timeChange,
                    limit: LearningLimit.layout)
            }
            if hasBlock {
                let model = previous.map { channels[$0].parameters }
                channels[c].parameters = codeParameters(
                    body.slots[c].parameters, &coder, like: model, channel: c)
                resetValues(of: c)
                previous = c
            }
            if hasNewTimes { channels[c].times.reset() }
        }
    }

    /// Codes whether any known channel changes; not coded where all are new.
    private mutating func codeHasChanges<Coder: SymbolCoder>(
        _ coder: inout Coder, _ body: borrowing FrameBody
    ) -> Bool {
        var isAnyKnown = false
        var hasChanges = false
        for c in 0..<channelCount where body.slots[c].isPresent && presence[c].isDescribed {
            isAnyKnown = true
            hasChanges = hasChanges || body.slots[c].valueChange || body.slots[c].timeChange
        }
        guard isAnyKnown else { return false }
        return coder.code(hasChanges, &shared.flags.changes, limit: LearningLimit.layout)
    }

    /// Codes one block: like the block before, or field by field; then the reference.
    private mutating func codeParameters<Coder: SymbolCoder>(
        _ wanted: ValueParameters, _ coder: inout Coder, like model: ValueParameters?, channel: Int
    ) -> ValueParameters {
        var result = ValueParameters()
        if let model,
            coder.code(
                Coder.isEncoder && wanted.describesSameValues(as: model),
                &shared.flags.sameParameters, limit: LearningLimit.tree)
        {
            result = model
        } else {
            result = codeFields(wanted, &coder)
        }
        result.reference = codeReference(wanted.reference, &coder, channel: channel)
        return result
    }

    private mutating func codeFields<Coder: SymbolCoder>(
        _ wanted: ValueParameters, _ coder: inout Coder
    ) -> ValueParameters {
        let code = coder.codeTree(Int(wanted.kind.rawValue), &shared.kind, depth: 3)
        guard let kind = ValueKind(rawValue: UInt8(truncatingIfNeeded: code)) else {
            coder.fail(.unknownKind)
            return ValueParameters()
        }
        var result = ValueParameters(kind: kind)
        if kind.hasDigits { codeDecimal(wanted, &result, &coder) }
        if kind.hasEscape && result.divisor == 1 { codeLattice(wanted, &result, &coder) }
        if kind == .noisy {
            result.exponentReference = UInt16(
                truncatingIfNeeded: coder.codeRaw(UInt64(wanted.exponentReference), bits: 11))
        }
        if kind.hasEscape {
            result.isExact = coder.code(
                wanted.isExact, &shared.flags.exact, limit: LearningLimit.tree)
        }
        if kind != .noisy {
            result.usesSet = coder.code(
                wanted.usesSet, &shared.flags.set, limit: LearningLimit.tree)
            result.usesFilter = coder.code(
                wanted.usesFilter, &shared.flags.filter, limit: LearningLimit.tree)
        }
        return result
    }

    private mutating func codeDecimal<Coder: SymbolCoder>(
        _ wanted: ValueParameters, _ result: inout ValueParameters, _ coder: inout Coder
    ) {
        result.digits = UInt8(
            truncatingIfNeeded: coder.codeTree(
                Int(wanted.digits), &shared.digits[Int(result.kind.rawValue)], depth: 4))
        guard
            coder.code(wanted.divisor > 1, &shared.flags.divisor, limit: LearningLimit.tree)
        else { return }
        result.divisor = Int64(
            truncatingIfNeeded: coder.codeUnsigned(
                UInt64(truncatingIfNeeded: wanted.divisor), &shared.parameter))
        result.remainder = coder.codeSigned(wanted.remainder, &shared.parameter)
        if result.divisor < 1 {
            coder.fail(.divisor)
            result.divisor = 1
        }
    }

    private mutating func codeLattice<Coder: SymbolCoder>(
        _ wanted: ValueParameters, _ result: inout ValueParameters, _ coder: inout Coder
    ) {
        result.isLattice = coder.code(
            wanted.isLattice, &shared.flags.lattice, limit: LearningLimit.tree)
        guard result.isLattice else { return }
        result.step = Double(
            bitPattern: coder.codeRaw(wanted.step.bitPattern &>> 8, bits: 56) &<< 8)
        if coder.code(wanted.origin != 0, &shared.flags.origin, limit: LearningLimit.tree) {
            result.origin = Double(
                bitPattern: coder.codeRaw(wanted.origin.bitPattern &>> 24, bits: 40) &<< 24)
        }
        guard result.step > 0, result.step < 1e300, result.origin.magnitude < 1e300 else {
            coder.fail(.lattice)
            result.isLattice = false
            return
        }
    }

    private mutating func codeReference<Coder: SymbolCoder>(
        _ reference: Int32, _ coder: inout Coder, channel: Int
    ) -> Int32 {
        guard channel > 0 else { return -1 }
        let neighbour = Int32(truncatingIfNeeded: channel - 1)
        if coder.code(reference == neighbour, &shared.flags.reference, limit: LearningLimit.tree) {
            return neighbour
        }
        let distance = coder.codeUnsigned(
            reference < 0 ? 0 : UInt64(truncatingIfNeeded: channel - Int(reference)),
            &shared.parameter)
        guard distance <= UInt64(channel) else {
            coder.fail(.reference)
            return -1
        }
        return distance == 0 ? -1 : Int32(truncatingIfNeeded: channel - Int(distance))
    }
}
