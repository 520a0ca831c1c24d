// SPDX-License-Identifier: Apache-2.0

package import HostSystem
internal import Synchronization

/// The file that says how far everything is, for whoever comes after a kill. See `Progress.md`.
package final class ProgressPage: Sendable {
    private struct State: ~Copyable, Sendable {
        /// nil for a page that only this process looks at.
        var file: PageFile?
        var progress: AgentProgress
        var failures = 0
    }

    private let state: Mutex<State>

    /// Writes the page of a new life.
    package init(_ path: String, _ progress: AgentProgress) throws(SystemError) {
        let file = try PageFile(path)
        try file.write(progress.page.span)
        state = Mutex(State(file: file, progress: progress))
    }

    /// A page that ends with the process.
    package init(_ progress: AgentProgress) {
        state = Mutex(State(file: nil, progress: progress))
    }

    /// Changes what the page says and writes it.
    package func update(_ change: (inout AgentProgress) -> Void) {
        state.withLock { state in
            change(&state.progress)
            do throws(SystemError) {
                guard state.file != nil else { return }
                try state.file?.write(state.progress.page.span)
            } catch {
                // The spool tells of a full or broken disk; here it only costs a later resume.
                state.failures += 1
            }
        }
    }

    /// Changes what the page will say at the next write.
    package func note(_ change: (inout AgentProgress) -> Void) {
        state.withLock { change(&$0.progress) }
    }

    /// What the page says.
    package var progress: AgentProgress { state.withLock { $0.progress } }

    /// Writes that failed.
    package var failures: Int { state.withLock { $0.failures } }
}
