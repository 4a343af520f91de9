"""How bytes reach people: Engine.IO and Socket.IO over eventlet, hardened.

Nothing is imported here, so that `chat.transport.patch` can run before anything else is loaded. The way in for the
application is `factory.create_socketio` and `server.serve`; `threads.offload` and `background` lend it the hub.
"""
