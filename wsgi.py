"""The WSGI entry: `app` for a server that runs eventlet, or `python wsgi.py` for our own."""

from chat.transport.patch import patch

patch()  # before anything else is imported

from chat import create_app

app = create_app()

if __name__ == "__main__":
    from chat.run import run

    run(app)
