"""Canaille, a real provider of identities, as a process of its own: `python canaille_server.py PORT`.

It says `ready` when it serves, and does what each line of its input asks for, one JSON object a line. In a process of
its own, because it brings web and queue libraries that have one global state.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import uuid
import wsgiref.simple_server
from collections.abc import Callable
from socketserver import ThreadingMixIn
from typing import Any

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from joserfc.jwk import JWKRegistry


class Server(ThreadingMixIn, wsgiref.simple_server.WSGIServer):
    daemon_threads = True


class Quiet(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, *_args: Any) -> None:
        return


def configuration(port: int) -> dict[str, Any]:
    key = JWKRegistry.generate_key("RSA", 2048)
    key.ensure_kid()
    return {
        "SECRET_KEY": str(uuid.uuid4()),
        "WTF_CSRF_ENABLED": False,
        "PREFERRED_URL_SCHEME": "http",
        "SERVER_NAME": f"localhost:{port}",
        "CANAILLE": {
            "DATABASE": "memory",
            "JAVASCRIPT": False,
            "ACL": {"DEFAULT": {"PERMISSIONS": ["use_oidc"]}},
            "LOGGING": {"version": 1, "disable_existing_loggers": False},
        },
        "CANAILLE_OIDC": {"ACTIVE_JWKS": [key.as_dict(private=True)]},
    }


def main(port: int) -> None:
    logging.disable(logging.CRITICAL)
    app = create_app(config=configuration(port), env_file=None)
    # Whom it has verified: it has no such field of its own, so a person's title says it.
    app.config["CANAILLE_OIDC"]["USERINFO_MAPPING"]["EMAIL_VERIFIED"] = "{{ user.title }}"
    server = wsgiref.simple_server.make_server("localhost", port, app, Server, Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    say("ready")
    for line in sys.stdin:
        asked = json.loads(line)
        with app.app_context():
            say(DOES[asked.pop("do")](**asked))


def say(what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def add_user(name: str, email: str, verified: str, password: str) -> str:
    user = models.User(
        user_name=name,
        formatted_name=name.title(),
        family_name=name.title(),
        emails=[email],
        title=verified,
        password=password,
    )
    Backend.instance.save(user)
    return str(user.identifier)


def add_client(id: str, secret: str, back: str) -> bool:
    client = models.Client(
        client_id=id,
        client_secret=secret,
        client_name=id,
        contacts=["owner@example.com"],
        redirect_uris=[back],
        grant_types=["authorization_code"],
        response_types=["code"],
        scope=["openid", "profile", "email"],
        token_endpoint_auth_method="client_secret_basic",
        client_uri="http://shop.localhost",
    )
    Backend.instance.save(client)
    client.audience = [client]
    Backend.instance.save(client)
    return True


DOES: dict[str, Callable[..., Any]] = {"add_user": add_user, "add_client": add_client}

if __name__ == "__main__":
    main(int(sys.argv[1]))
