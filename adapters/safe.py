"""Secrets locked with the installation's secret key (AES-256-GCM)."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr

from kernel.safe import WrongKey

#: Stands before what is locked, so that another way of locking can come beside this one.
VERSION = b"\x01"
NONCE = 12


class AesSafe:
    """Every process of the installation opens what another has locked, and nobody without the key does."""

    def __init__(self, key: SecretStr) -> None:
        # A key of its own, so that what seals receipts opens no secrets.
        derived = HKDF(SHA256(), length=32, salt=None, info=b"goldsmith safe").derive(key.get_secret_value().encode())
        self._cipher = AESGCM(derived)

    def lock(self, secret: bytes, about: str) -> bytes:
        nonce = os.urandom(NONCE)
        return VERSION + nonce + self._cipher.encrypt(nonce, secret, about.encode())

    def unlock(self, locked: bytes, about: str) -> bytes:
        version, nonce, rest = locked[:1], locked[1 : 1 + NONCE], locked[1 + NONCE :]
        try:
            if version != VERSION:
                raise WrongKey
            return self._cipher.decrypt(nonce, rest, about.encode())
        except (InvalidTag, ValueError) as wrong:
            raise WrongKey from wrong
