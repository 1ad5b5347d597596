"""Makes a self-signed certificate for loopback; runs in Superset's Python, which
has what it takes: certificate.py CERTIFICATE KEY DAYS. Prints when it ends."""

import ipaddress
import os
import sys
from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


def main(certificate: str, key: str, days: str) -> None:
    ends = datetime.now(timezone.utc).replace(microsecond=0) + timedelta(days=float(days))
    made = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(made.public_key())
        .serial_number(x509.random_serial_number())
        # Also one that has ended must have begun before.
        .not_valid_before(min(ends, datetime.now(timezone.utc)) - timedelta(days=1))
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(made, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    secret = made.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    with open(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(secret)
    with open(certificate, "wb") as file:
        file.write(signed.public_bytes(pem))
    print(ends.isoformat())


if __name__ == "__main__":
    main(*sys.argv[1:])
