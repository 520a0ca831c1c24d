// SPDX-License-Identifier: Apache-2.0

import GatewayAgent
import HostSystem
import StoreAndForward
import Testing

@testable import AlecCommands

@Suite struct RunTextTests {
    @Test func whyTheAgentDoesNotStart() throws {
        let path = "/var/lib/alec"
        let errors: [AgentError] = [
            .stateDirectory(path: path, SystemError(code: 13)), .stateInUse(path: path),
            .spool(path: path + "/spool", .storage(code: 5)),
            .spool(path: path + "/spool", .noSpace),
            .spool(path: path + "/spool", .unsupportedVersion(9, segment: 3)),
            .spool(path: path + "/spool", .inUse), .spool(path: path + "/spool", .damaged(at: 7)),
            .system(SystemError(code: 24)),
        ]
        var text = ""
        for error in errors {
            let failure = CommandError.agent(error)
            text += failure.text + "= \(failure.status.rawValue)\n\n"
        }
        try Golden.check(text, "run")
    }
}
