#!/usr/bin/env python3
"""A mail server (aiosmtpd) that does as it is told. Its argument is a JSON object:

    tls      none, starttls or tls; with cert and key
    auth     the one mechanism that it offers, PLAIN or LOGIN; user "desk", password "s3cret word"
    script   what it does with one mail after the other; after the last it takes all:
             ok, rcpt=CODE, end=CODE (to the message itself, with the words "words"), drop (no answer after the
             message), hang (likewise, but the connection stays), mute (no answer to the good-bye)

Prints {"port": N}, then a line for each message that it was sent whole, taken or not."""
import asyncio
import base64
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    def __init__(self, script, words):
        self.script, self.words = list(script), words
        self.act = None

    def say(self, **what):
        print(json.dumps(what), flush=True)

    async def handle_MAIL(self, server, session, envelope, address, options):
        self.act, _, code = (self.script.pop(0) if self.script else "ok").partition("=")
        self.code = code
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.act == "rcpt":
            return "%s 5.1.1 no <such> user" % self.code
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.say(sender=envelope.mail_from, to=envelope.rcpt_tos, tls=server.transport.get_extra_info("ssl_object") is not None,
                 who=session.auth_data and session.auth_data.decode(), act=self.act,
                 message=base64.b64encode(envelope.original_content).decode())
        if self.act == "end":
            return "%s %s" % (self.code, self.words)
        if self.act == "drop":
            server.transport.abort()
        if self.act == "hang":
            await asyncio.sleep(3600)
        return "250 2.0.0 taken"

    async def handle_QUIT(self, server, session, envelope):
        if self.act == "mute":
            await asyncio.sleep(3600)
        return "221 Bye"


def check_password(server, session, envelope, mechanism, data):
    good = data.login == b"desk" and data.password == b"s3cret word"
    return AuthResult(success=good, handled=False, auth_data=data.login if good else None)


async def serve(told):
    handler = Handler(told.get("script", []), told.get("words", "words of the server"))
    context = None
    if told.get("tls", "none") != "none":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(told["cert"], told["key"])
    starttls = told.get("tls") == "starttls"
    settings = {"hostname": "mail.test", "tls_context": context if starttls else None,
                "require_starttls": starttls, "loop": asyncio.get_running_loop()}
    if told.get("auth"):
        settings.update(authenticator=check_password, auth_required=True, auth_require_tls=starttls,
                        auth_exclude_mechanism={"PLAIN", "LOGIN"} - {told["auth"]})
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(handler, **settings), "127.0.0.1", told.get("port", 0),
        ssl=context if told.get("tls") == "tls" else None)
    handler.say(port=server.sockets[0].getsockname()[1])
    await server.serve_forever()


asyncio.run(serve(json.loads(sys.argv[1])))
