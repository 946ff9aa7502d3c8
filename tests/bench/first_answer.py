"""How soon a FastCGI program answers after its start: its socket is ours, and so is the request."""
import os
import socket
import struct
import subprocess
import time

BEGIN, PARAMS, STDIN, STDOUT, END = 1, 4, 5, 6, 3
RESPONDER = 1
ANSWER_S = 10


def record(kind, content=b""):
    return struct.pack("!BBHHBB", 1, kind, 1, len(content), 0, 0) + content


def request(path):
    variables = {"REQUEST_METHOD": "GET", "REQUEST_URI": path, "REMOTE_ADDR": "127.0.0.1"}
    pairs = b"".join(struct.pack("BB", len(k), len(v)) + k.encode() + v.encode()
                     for k, v in variables.items())
    return (record(BEGIN, struct.pack("!HB5x", RESPONDER, 0)) + record(PARAMS, pairs) +
            record(PARAMS) + record(STDIN))


def first_answer_ms(program, home, path="/healthz"):
    """From before the program is started to its answer; it is ended again."""
    place = os.path.join(home, "run", "first.sock")
    if os.path.exists(place):
        os.unlink(place)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(place)
        listening.listen(16)
        began = time.monotonic()
        process = subprocess.Popen([program, "--home", home], stdin=listening,
                                   stderr=subprocess.DEVNULL)
        try:
            with socket.socket(socket.AF_UNIX) as s:
                s.settimeout(ANSWER_S)
                s.connect(place)
                s.sendall(request(path))
                answer = s.recv(65536)
            took_ms = (time.monotonic() - began) * 1000
        finally:
            process.terminate()
            process.wait(ANSWER_S)
    if b"Status: 200" not in answer:
        raise RuntimeError("%s: %r" % (program, answer[:200]))
    return took_ms
