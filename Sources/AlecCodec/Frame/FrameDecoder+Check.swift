// SPDX-License-Identifier: Apache-2.0

extension FrameDecoder {
    /// The check with which `decode` would take `frame` as the next one.
    ///
    /// No secret: it finds accidents, not forgery. The fuzzer and other tests use it to try what
    /// lies behind the check.
    package func expectedCheck(of head: FrameHead, in frame: Span<UInt8>) -> UInt32 {
        let link = head.isKey ? FrameLink.none : context.link
        return link.check(
            frame, head: 0..<(head.byteCount - 4), payload: head.byteCount..<frame.count)
    }
}
