#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A mail server that insists on STARTTLS and a login, for curl_mail_test.cpp.

usage: tls_mail_server.py CERTIFICATE KEY USER PASSWORD
Prints its port, then one line for each mail, and ends with its standard input. Exits with 77 where it cannot run.
"""
import asyncio
import logging
import ssl
import sys
import warnings

try:
    from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
except ImportError:
    sys.exit(77)

CERTIFICATE, KEY, USER, PASSWORD = sys.argv[1:]
# A client that does not trust the certificate is a part of the test.
logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")


class Handler:
    async def handle_DATA(self, _server, session, envelope):
        subject = next(line for line in envelope.content.decode().splitlines() if line.startswith("Subject:"))
        print("mail", envelope.mail_from, ",".join(envelope.rcpt_tos), session.host_name,
              "tls" if session.ssl else "clear", subject, flush=True)
        return "250 OK"


def authenticate(_server, _session, _envelope, _mechanism, data):
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=good, handled=False)


async def main():
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(CERTIFICATE, KEY)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(Handler(), hostname="localhost", tls_context=tls, require_starttls=True, auth_required=True,
                     authenticator=authenticate), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
