// SPDX-License-Identifier: Apache-2.0

package import HostSystem

/// The files of an agent, all in one folder.
///
///     lock                held by the agent that runs
///     spool/              segments, see SpoolFormat.md
///     progress            how far this life is, see Progress.md
///     progress.previous   how far the life before came
///     control             a socket for alec status, unless the service manager has a place for it
package struct StateDirectory: Equatable, Sendable {
    /// Where it is.
    package let path: String

    /// The folder at `path`.
    package init(_ path: String) { self.path = path }

    package var lock: String { path + "/lock" }
    package var spool: String { path + "/spool" }
    package var progress: String { path + "/progress" }
    package var previousProgress: String { path + "/progress.previous" }

    package var control: String { path + "/control" }

    /// Where the agent of this folder is asked: in the first of the folders that a service manager
    /// made for sockets, or here.
    package func control(runtimeDirectory: String?) -> String {
        guard let folder = runtimeDirectory?.split(separator: ":").first else { return control }
        return folder + "/control.sock"
    }

    /// What a page of progress says; nil where there is none that can be read.
    package static func progress(at path: String) throws(SystemError) -> AgentProgress? {
        try FileOperation.content(path, limit: AgentProgress.pageBytes).flatMap {
            AgentProgress(page: $0)
        }
    }
}
