// SPDX-License-Identifier: Apache-2.0

/// A coded number and what is remembered of it.
struct NumberOutcome {
    var number: Int64
    /// How far it lay from its prediction.
    var residual: Int64 = 0
    /// Its slot in the set of recent values, if it was found or put there in the ordinary way.
    var slot: Int?
}

extension ChannelState {
    /// Codes one number of the channel. `sets` are the context's sets of recent values.
    ///
    /// Asked in this order, each question only where its answer is open and worth it:
    /// is it the last number again? is it in the set, and where? how far from the prediction?
    @inline(__always)
    mutating func codeNumber<Coder: SymbolCoder>(
        _ number: Int64, _ coder: inout Coder, _ shared: inout SharedModel,
        _ sets: inout MutableSpan<RecentSet>, _ innovations: ReferenceInnovations
    ) -> NumberOutcome {
        let usesFilter = parameters.usesFilter
        if predictor.age == 0 { return codeFirst(number, &coder, &shared, &sets) }

        var guesses = Predictor.Guesses(repeating: 0)
        let guess = predictor.guess(into: &guesses, usesFilter: usesFilter, innovations)
        let whole = (guess &+ 128) &>> 8
        let last = predictor.last
        let centre = last &+ whole
        var form = ResidualForm(
            level: 0, lean: Int32(truncatingIfNeeded: guess &- whole &* 256), isNonzero: false)

        if sameRate >= Self.sameRateThreshold {
            let column = whole == 0 ? 0 : predictor.age < 3 ? 2 : 1
            let isSame = coder.code(
                number == last, &model.same[Int(sameHistory & 7)][column],
                limit: LearningLimit.model)
            if isSame {
                learnSame(true)
                let slot = setIsOn ? touchInSet(last, &sets[setIndex]) : nil
                spread.learn(predictor.age > 1 ? 0 &- whole : 0)
                predictor.learn(last, guesses, usesFilter: usesFilter)
                return NumberOutcome(number: last, residual: 0 &- whole, slot: slot)
            }
            form.isNonzero = whole == 0
        }

        var outcome = NumberOutcome(number: number, slot: nil)
        if setIsOn {
            codeWithSet(
                number, &coder, &shared, &sets[setIndex], centre: centre, form, &outcome)
        } else {
            form.level = levelOfSpread()
            outcome.number =
                centre
                &+ coder.codeResidual(
                    number &- centre, &shared.values[ResidualForm.row(level: form.level) &>> 2],
                    form)
            learnSame(outcome.number == last)
        }
        outcome.residual = outcome.number &- centre
        spread.learn(outcome.residual)
        predictor.learn(outcome.number, guesses, usesFilter: usesFilter)
        return outcome
    }

    /// The first number has no prediction.
    @inline(never)
    private mutating func codeFirst<Coder: SymbolCoder>(
        _ number: Int64, _ coder: inout Coder, _ shared: inout SharedModel,
        _ sets: inout MutableSpan<RecentSet>
    ) -> NumberOutcome {
        let number = coder.codeSigned(number, &shared.firstValue)
        predictor.learn(number, Predictor.Guesses(repeating: 0), usesFilter: false)
        if setIsOn { _ = sets[setIndex].insert(number, at: 0) }
        return NumberOutcome(number: number, slot: nil)
    }

    /// Codes a number that may be in the set, by its rank where that pays.
    @inline(never)
    private mutating func codeWithSet<Coder: SymbolCoder>(
        _ number: Int64, _ coder: inout Coder, _ shared: inout SharedModel,
        _ set: inout RecentSet, centre: Int64, _ form: ResidualForm,
        _ outcome: inout NumberOutcome
    ) {
        var form = form
        let last = predictor.last
        let near = set.nearestRank(to: centre)
        var rank = 0
        var isFound = false
        var isRanked = false
        if set.pays(against: spread.level) {
            if Coder.isEncoder {
                rank = set.rank(of: number)
                isFound = set.contains(number, at: rank)
            }
            isFound = coder.code(
                isFound, &model.hit[Int(set.hitHistory & 15)], limit: LearningLimit.model)
            set.hitHistory = set.hitHistory &<< 1 | (isFound ? 1 : 0)
            if isFound {
                rank = codeRank(
                    rank, &coder, &shared, &set, near: near, centre: centre,
                    isNonzero: form.isNonzero)
                outcome.number = set[rank]
                isRanked = true
            }
        }
        if !isRanked {
            form.level = levelOfSpread()
            outcome.number =
                centre
                &+ coder.codeResidual(
                    number &- centre, &shared.values[ResidualForm.row(level: form.level) &>> 2],
                    form)
            rank = set.rank(of: outcome.number)
            isFound = set.contains(outcome.number, at: rank)
        }
        learnSame(outcome.number == last)
        set.learn(found: isFound, distance: Int64(truncatingIfNeeded: rank &- near))
        outcome.slot =
            isFound ? set.touch(rank) : set.insert(outcome.number, at: rank)
        if set.isUseless {
            setIsOn = false
            outcome.slot = nil
        }
    }

    /// Codes the rank of a number in the set, around the rank that is nearest to the prediction.
    private mutating func codeRank<Coder: SymbolCoder>(
        _ rank: Int, _ coder: inout Coder, _ shared: inout SharedModel,
        _ set: inout RecentSet, near: Int, centre: Int64, isNonzero: Bool
    ) -> Int {
        let nearest = set[near]
        let level = set.rankSpread.quarterLog
        let form = ResidualForm(
            level: level, lean: nearest <= centre ? 1 : -1,
            isNonzero: isNonzero && nearest == predictor.last)
        let distance = coder.codeResidual(
            Int64(truncatingIfNeeded: rank &- near),
            &shared.ranks[ResidualForm.row(level: level) &>> 2], form)
        guard distance >= Int64(-near), distance < Int64(set.count &- near) else {
            coder.fail(.rank)
            return near
        }
        return near &+ Int(truncatingIfNeeded: distance)
    }

    /// A repeated number is used again, if the set has it.
    private mutating func touchInSet(_ number: Int64, _ set: inout RecentSet) -> Int? {
        if let slot = set.touchNewest(number) { return slot }
        let rank = set.rank(of: number)
        return set.contains(number, at: rank) ? set.touch(rank) : nil
    }

    /// The level of the spread; before anything is known, guessed from the last number's size.
    @inline(__always)
    private mutating func levelOfSpread() -> Int {
        if spread.isNew {
            let length = predictor.last.size.bitLength
            spread.restart(mean: 16 &<< UInt64(length < 2 ? 0 : (length &- 2) / 2))
        }
        return spread.level
    }
}
