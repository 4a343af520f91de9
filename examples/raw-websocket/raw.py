"""Engine.IO 4 and Socket.IO 5 by hand over one WebSocket: joins a room, says TEXT, prints what is said from then on.

HUBBUB_URL=http://localhost:5000 HUBBUB_TOKEN=hub_... python raw.py ROOM TEXT ...
"""

import json
import os
import sys
import uuid

import websocket

name, *words = sys.argv[1:]
url = os.environ.get("HUBBUB_URL", "http://localhost:5000").replace("http", "ws", 1)
# Browsers name the page's origin; a program comes from no page.
line = websocket.create_connection(f"{url}/socket.io/?EIO=4&transport=websocket", suppress_origin=True)
# 4 is an Engine.IO message; in it 0 is CONNECT, 2 an event, 3 an ack, 4 a refusal. An event's number asks for its ack.
line.send("40/chat," + json.dumps({"token": os.environ["HUBBUB_TOKEN"], "client": "raw.py"}))
room = None
while packet := str(line.recv()):
    kind, _, content = packet.partition("/chat,")
    data = json.loads(content[content.find("[") :]) if kind in ("42", "43") else []
    if packet == "2":  # a heartbeat: answered, or the server hangs up
        line.send("3")
    elif kind == "44" or (kind == "43" and not data[0]["ok"]):
        sys.exit(f"raw.py: refused: {content}")
    elif kind == "40":
        line.send("42/chat,1" + json.dumps(["room_join", {"room": name, "create": True}]))
    elif kind == "43" and content.startswith("1["):
        room = data[0]["room"]["id"]
        message = {"room": room, "cid": str(uuid.uuid4()), "text": " ".join(words)}
        line.send("42/chat,2" + json.dumps(["message_send", message]))
    elif kind == "42" and data[0] == "message_new" and data[1]["room"] == room:
        said = data[1]["message"]
        print(f"[{said['seq']}] {said['author']['name']}: {said['text']}", flush=True)
sys.exit("raw.py: the server closed the connection")
