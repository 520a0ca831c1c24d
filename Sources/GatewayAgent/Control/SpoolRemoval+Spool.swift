// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore
internal import StoreAndForward

extension SpoolRemoval {
    /// Removes it, and says how much that was.
    func carryOut(in spool: SharedSpool, _ shared: AgentShared) -> [UInt8] {
        var object = JSONObject()
        do throws(SpoolError) {
            let removed = try spool.with { spool throws(SpoolError) in
                // The counts move while no other thread sees the spool without them.
                defer { shared.count(spool.takeLost()) }
                return try spool.remove {
                    takes(
                        priority: $0.priority, lastTime: $0.lastTime, group: $0.identity.group)
                }
            }
            shared.roomMayHaveAppeared()
            object.add("ok", true)
            object.add("groups", removed.groups)
            object.add("readings", removed.readings)
        } catch {
            object.add("ok", false)
            object.add("error", "\(error)")
        }
        return object.line
    }
}
