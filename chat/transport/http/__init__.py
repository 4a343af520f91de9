"""HTTP/1.1: heads and bodies, and the guard of the socket endpoint."""
