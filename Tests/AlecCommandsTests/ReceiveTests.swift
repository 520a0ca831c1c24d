// SPDX-License-Identifier: Apache-2.0

import GatewayReceiver
import Testing

@testable import AlecCommands

@Suite struct ReceiveTests {
    /// What a file or a broker did not take is in the journal, and the status says so.
    @Test(arguments: [
        (false, false, CommandStatus.success), (false, true, .unacknowledged),
        (true, false, .inputOutput), (true, true, .inputOutput),
    ])
    func theStatusSaysWhatIsLeft(isIncomplete: Bool, isUnpublished: Bool, status: CommandStatus) {
        let outcome = ReceiverOutcome(
            counts: ReceiverCounts(), isIncomplete: isIncomplete, isUnpublished: isUnpublished)
        #expect(ReceiveCommand.status(outcome) == status)
    }
}
