# SPDX-License-Identifier: Apache-2.0
"""A mail server that takes everything."""
import contextlib
import email
import socket
import threading

from hald_process import in_namespace


class MailSink:
    """Takes every mail of a namespace."""

    def __init__(self, netns):
        self.listener = in_namespace(netns, lambda: socket.create_server(("127.0.0.1", 0)))
        self.port = self.listener.getsockname()[1]
        self.mails = []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            with client, client.makefile("rwb") as stream, contextlib.suppress(ConnectionError):
                self.talk(stream)

    def talk(self, stream):
        def say(text):
            stream.write(text + b"\r\n")
            stream.flush()

        say(b"220 sink")
        for line in stream:
            word = line.split(b" ")[0].strip().upper()
            if word == b"QUIT":
                return say(b"221 bye")
            if word != b"DATA":
                say(b"250 fine")
                continue
            say(b"354 go on")
            text = b""
            for line in iter(stream.readline, b""):
                if line == b".\r\n":
                    break
                text += line
            self.mails.append(email.message_from_bytes(text))
            say(b"250 taken")

    def close(self):
        self.listener.close()
