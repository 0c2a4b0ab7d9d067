"""Receives the webhook format json over HTTPS: verifies, de-duplicates, prints. Python 3.9 or later."""
import base64, hashlib, hmac, json, os, ssl, sys, threading, time, zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = base64.b64decode(os.environ["WEBHOOK_SECRET"].replace("whsec_", "", 1))
MAX_BYTES = 2_000_000  # Twice WEBHOOK_MAX_BYTES.
one_at_a_time = threading.Lock()  # Requests come side by side.
seen = set()  # Ids of events. Keep them where a restart does not lose them, say as a primary key.


def is_genuine(headers, body):
    sent = headers.get("webhook-timestamp", "")
    if not sent.isdecimal() or abs(time.time() - int(sent)) > 300:
        return False
    signed = f"{headers.get('webhook-id')}.{sent}.".encode() + body
    expected = b"v1," + base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest())
    given = headers.get("webhook-signature", "").encode().split(b" ")
    return any(hmac.compare_digest(expected, one) for one in given)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers.get("content-length") or 0)
        # Read before any answer: a close with bytes unread resets the connection, and the answer is lost.
        raw = self.rfile.read(min(length, 2 * MAX_BYTES))
        if length > MAX_BYTES:
            return self.answer(413)
        is_zipped = self.headers.get("content-encoding") == "gzip"
        body = zlib.decompressobj(31).decompress(raw, MAX_BYTES) if is_zipped else raw
        if not is_genuine(self.headers, body):
            return self.answer(401)  # Never 400: that would be a verdict about the events.
        with one_at_a_time:
            for event in json.loads(body):
                if event["eventId"] not in seen:
                    print(json.dumps(event), flush=True)  # Store it here, before the answer.
                    seen.add(event["eventId"])
        self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.end_headers()


server = ThreadingHTTPServer(("", int(os.environ["PORT"])), Receiver)
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(os.environ["CERTIFICATE"], os.environ["KEY"])
server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
print("listening", file=sys.stderr, flush=True)
server.serve_forever()
