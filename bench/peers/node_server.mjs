// Bare Socket.IO on Node.js, at its best: `node --expose-gc node_server.mjs` prints its port.

import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer();
// No compression of WebSockets, as is its default; Node's HTTP server sets TCP_NODELAY by itself. Long-polling stays on,
// for the one scenario that uses it.
const io = new Server(http, { serveClient: false, perMessageDeflate: false, maxHttpBufferSize: 1e6 });

// As Socket.IO's documentation advises, so that each connection does not keep its first HTTP request in memory.
io.engine.on("connection", (raw) => {
  raw.request = null;
});

io.on("connection", (socket) => {
  socket.on("join", ({ rooms }, done) => {
    socket.join(rooms);
    done?.(true);
  });
  socket.on("message", (said, done) => {
    io.to(said.room).emit("message", said);
    done?.(true);
  });
});

// Its memory is measured without garbage.
process.on("SIGUSR2", () => globalThis.gc?.());

http.listen({ host: "127.0.0.1", port: 0, backlog: 4096 }, () => console.log(`ready ${http.address().port}`));
