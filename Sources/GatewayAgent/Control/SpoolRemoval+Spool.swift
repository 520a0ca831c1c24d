// SPDX-License-Identifier: Apache-2.0

extension SpoolRemoval {
    /// Removes it, and says how much that was. So far the spool gives nothing up that nobody has
    /// acknowledged, so that this is told.
    func carryOut(in spool: SharedSpool, _ shared: AgentShared) -> [UInt8] {
        var object = JSONObject()
        object.add("ok", false)
        object.add("error", "unsupported")
        return object.line
    }
}
