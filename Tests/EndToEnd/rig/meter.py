# SPDX-License-Identifier: Apache-2.0
"""A relay that counts the bytes of each direction between a client and a broker."""

import selectors
import socket
import threading


class Meter:
    """Listens on a free port and passes everything on to `port`."""

    def __init__(self, port):
        self.target = port
        self.sent = 0
        self.received = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._selector = selectors.DefaultSelector()
        self._wake, self._signal = socket.socketpair()
        self._selector.register(self._wake, selectors.EVENT_READ, None)
        self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    @property
    def total(self):
        """Bytes in both directions."""
        return self.sent + self.received

    def close(self):
        self._signal.send(b"x")
        self._thread.join(timeout=5)

    def _accept(self):
        client, _ = self._listener.accept()
        try:
            server = socket.create_connection(("127.0.0.1", self.target), timeout=5)
        except OSError:
            client.close()
            return
        server.settimeout(None)
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._selector.register(
            client, selectors.EVENT_READ, lambda: self._pass(client, server, "sent"))
        self._selector.register(
            server, selectors.EVENT_READ, lambda: self._pass(server, client, "received"))

    def _pass(self, source, sink, counter):
        try:
            data = source.recv(65536)
            if data:
                sink.sendall(data)
                setattr(self, counter, getattr(self, counter) + len(data))
                return
        except OSError:
            pass
        for end in (source, sink):
            try:
                self._selector.unregister(end)
            except (KeyError, ValueError):
                continue
            end.close()

    def _run(self):
        while True:
            for key, _ in self._selector.select():
                if key.data is None:
                    return
                # A pair may have been closed by the event before this one.
                if key.fileobj.fileno() >= 0:
                    key.data()
