"""A certification authority of a house's own, and certificates of servers on this machine that it signed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

DAY = timedelta(days=1)
HERE = (x509.DNSName("localhost"), *(x509.IPAddress(ip_address(one)) for one in ("127.0.0.1", "::1")))


class House:
    """Signs for servers; whoever is to trust them is given `trusted`, a PEM file."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        self._certificate = (
            _begun("Hausstelle", self._key, until=datetime.now(UTC) + 9 * DAY)
            .issuer_name(_name("Hausstelle"))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(self._key, hashes.SHA256())
        )
        self.trusted = folder / "house.pem"
        self.trusted.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))

    def server(self, kind: str = "good") -> Path:
        """The PEM file of a server: `good`, `elsewhere` (of another host), or `expired`."""
        key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
        names = (x509.DNSName("anderswo.example"),) if kind == "elsewhere" else HERE
        certificate = (
            _begun(kind, key, until=now - DAY if kind == "expired" else now + 9 * DAY)
            .issuer_name(_name("Hausstelle"))
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path = self._folder / f"{kind}.pem"
        path.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
        return path


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common)])


def _begun(common: str, key: ec.EllipticCurvePrivateKey, *, until: datetime) -> x509.CertificateBuilder:
    return x509.CertificateBuilder(
        subject_name=_name(common),
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=until - 99 * DAY,
        not_valid_after=until,
    )
