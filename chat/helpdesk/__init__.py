"""Live help: visitors of web sites talk to the server's people. What is said is said in rooms of kind `help`."""
