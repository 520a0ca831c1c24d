// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import MosquittoClient
import TestSupport

/// A fault that waits for the state in which it is worst.
struct Strike {
    /// After so long it comes in whatever state there is.
    static let patience = Duration.seconds(15)

    var at: MonotonicInstant
    var fault: Coverage.Fault
    var moment: String

    func isArmed(at now: MonotonicInstant) -> Bool { now >= at }
}

extension Simulation {
    func planStrikes() {
        for _ in 0..<generator.pick(2...5) {
            let faults = Coverage.Fault.allCases.filter { plan.hasDiskFaults || !$0.isOfDisk }
            var fault = generator.pick(faults)
            if !plan.hasPowerCuts {
                if fault == .agentPowerCut { fault = .agentKill }
                if fault == .receiverPowerCut { fault = .receiverKill }
            }
            let moments = fault.moments.filter { fault.isReachable($0) }
            strikes.append(
                Strike(
                    at: clock.now + .milliseconds(generator.pick(500...plan.lineCount * 1000)),
                    fault: fault, moment: generator.pick(moments)))
        }
        strikes.sort { $0.at < $1.at }
        if plan.isReceiverLate {
            coverage.lateReceivers += 1
            receiverStart = clock.now + .seconds(generator.pick(5...plan.lineCount * 2))
        }
    }

    /// What nobody is there for does not wait for ever.
    func dropStaleStrikes() {
        strikes.removeAll { clock.now > $0.at + Strike.patience * 8 }
    }

    /// The first fault whose moment has come.
    func strike() throws {
        guard let first = strikes.first, first.isArmed(at: clock.now) else { return }
        for (i, strike) in strikes.enumerated() where strike.isArmed(at: clock.now) {
            guard canStrike(strike.fault) else { continue }
            let moments = moments(of: strike.fault)
            guard moments.contains(strike.moment) || clock.now >= strike.at + Strike.patience
            else { continue }
            strikes.remove(at: i)
            coverage.strike(strike.fault, moments)
            try carryOut(strike.fault)
            return
        }
    }

    private func canStrike(_ fault: Coverage.Fault) -> Bool {
        switch fault {
        case .agentKill, .agentPowerCut, .clockStep: agent != nil
        case .agentDiskFull, .agentDiskFailing, .agentSyncFailing:
            agent != nil && diskRepair == nil
        case .receiverKill, .receiverPowerCut: receiver != nil
        case .outage: broker.isUp
        case .agentLineBreak: agentLine.isConnected
        case .receiverLineBreak: receiverLine.isConnected
        }
    }

    private func moments(of fault: Coverage.Fault) -> [String] {
        switch fault {
        case .agentKill, .agentPowerCut, .agentDiskFull, .agentDiskFailing, .agentSyncFailing,
            .clockStep:
            agentMoments.map(\.rawValue)
        case .receiverKill, .receiverPowerCut: receiverMoments.map(\.rawValue)
        case .outage: lineMoments(of: nil)
        case .agentLineBreak: lineMoments(of: agentLine)
        case .receiverLineBreak: lineMoments(of: receiverLine)
        }
    }

    private func carryOut(_ fault: Coverage.Fault) throws {
        broker.trace?("\(fault)")
        switch fault {
        case .agentKill: try killAgent(hasPower: true)
        case .agentPowerCut: try killAgent(hasPower: false)
        case .receiverKill: try killReceiver(hasPower: true)
        case .receiverPowerCut: try killReceiver(hasPower: false)
        case .outage:
            broker.fail()
            brokerStart = clock.now + .milliseconds(generator.pick(100...40_000))
        case .agentLineBreak: broker.breakLine(agentLine)
        case .receiverLineBreak: broker.breakLine(receiverLine)
        case .agentDiskFull:
            let free = generator.below(600)
            breakDisk { $0.freeBytes = free }
        case .agentDiskFailing:
            let count = generator.once(in: 2) ? 1 : Int.max
            breakDisk { $0.failingWrites = count }
        case .agentSyncFailing:
            let count = generator.once(in: 2) ? 1 : Int.max
            breakDisk { $0.failingSyncs = count }
        case .clockStep:
            // Hours on or back, as when the first answer of a time server comes.
            clock.step(by: .seconds(generator.pick(2...20_000) * (generator.once(in: 2) ? 1 : -1)))
        }
    }

    private func breakDisk(_ change: @Sendable (inout SimulatedDisk.Faults) -> Void) {
        agentDisk.set(change)
        diskRepair = clock.now + .milliseconds(generator.pick(100...30_000))
    }

    /// The disk works again.
    func repairDisk() {
        diskRepair = nil
        agentDisk.set { faults in
            faults.freeBytes = .max
            faults.failingWrites = 0
            faults.failingSyncs = 0
        }
    }

    /// What is under way on a line, or on all.
    private func lineMoments(of line: Line?) -> [String] {
        let parcels = broker.parcels.filter { line == nil || $0.line === line }
        let known = parcels.compactMap(moment)
        guard !known.isEmpty else { return [Coverage.LineMoment.idle.rawValue] }
        return Coverage.LineMoment.allCases.filter(known.contains).map(\.rawValue)
    }

    private func moment(of parcel: Broker.Parcel) -> Coverage.LineMoment? {
        let topic: String
        switch parcel.cargo {
        case .connect, .subscribe: return nil
        case .publish(_, let name, _, _): topic = name
        case .event(.message(let message)): topic = message.topic
        case .event(.acknowledged):
            return parcel.line === agentLine ? .acknowledgementToAgent : nil
        case .event: return nil
        }
        switch NodeAddress(topic)?.topic {
        case .frame: return parcel.isFromBroker ? .frameToReceiver : .frameToBroker
        case .acknowledgement: return parcel.isFromBroker ? .receiptToAgent : .receiptToBroker
        case .command: return .command
        case .response: return .commandAnswer
        default: return nil
        }
    }
}
