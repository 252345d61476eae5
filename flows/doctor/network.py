"""Checks of the way to other people's servers: whose certificates are trusted, and proxies, which we do not use."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass

from flows.doctor.checked import Checked, Verdict
from flows.local_server import HERE
from flows.settings import Settings

OURS, APPRISES = "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"
"""The variables that name the trusted authorities: for feeds, pages, webhooks and mail, and for what Apprise sends by https."""


def certificates(settings: Settings) -> Iterator[Checked]:
    """Files of trusted authorities that cannot be used: OpenSSL passes over them, and each https fails as if nobody were trusted."""
    wrong = [(name, why) for name in (OURS, APPRISES) if (given := os.environ.get(name)) and (why := _unusable(given))]
    for name, why in wrong:
        advice = "name a file of certificates in PEM; until then servers that only they vouch for are not trusted"
        yield Checked(name="certificates", verdict=Verdict.WRONG, found=f"{name}: {why}", advice=advice)
    if not wrong and not _anybody():
        advice = "install them (Debian: ca-certificates), or name a file of them in SSL_CERT_FILE"
        told = "this machine knows no authority: no server is trusted"
        yield Checked(name="certificates", verdict=Verdict.WRONG, found=told, advice=advice)
    apprise = [name for name, channel in settings.channels.items() if channel.kind == "apprise"]
    if apprise and os.environ.get(OURS) and not any(os.environ.get(name) for name in (APPRISES, "CURL_CA_BUNDLE")):
        advice = (
            f"where one of these is asked by https and has a certificate of yours, set {APPRISES} too: docs/operate.md"
        )
        told = f"{OURS} does not count for what Apprise sends by https ({', '.join(apprise)})"
        yield Checked(name="certificates", verdict=Verdict.NOTE, found=told, advice=advice)


def _unusable(path: str) -> str:
    """Why a file of authorities cannot be used; empty: it can. A folder of them is for OpenSSL to look through."""
    if Path(path).is_dir():
        return ""
    try:
        ssl.create_default_context(cafile=path)
    except ssl.SSLError:
        return f"{path}: there is no certificate in it"
    except OSError as error:
        return f"{path}: {error.strerror}"
    return ""


def _anybody() -> bool:
    """Whether OpenSSL finds any authority. Those of its folder are read only when they are asked for."""
    folder = ssl.get_default_verify_paths().capath
    return bool(ssl.create_default_context().get_ca_certs()) or (folder is not None and any(Path(folder).iterdir()))


def proxies(_: Settings) -> Iterator[Checked]:
    """Variables that name a proxy: most of what we ask does not heed them, and Prefect's client does. Their values may hold a password."""
    given = [name for name in sorted(os.environ) if name.lower() in ("http_proxy", "https_proxy", "all_proxy")]
    if not (named := [name for name in given if os.environ[name]]):
        return
    told = f"{', '.join(named)}: feeds, pages, webhooks and the heartbeat are asked without a proxy"
    advice = (
        "let this machine reach them directly: behind a proxy nobody could check which address is asked; "
        "only what Apprise sends by https goes through it (NO_PROXY excepts hosts): docs/operate.md"
    )
    yield Checked(name="proxies", verdict=Verdict.NOTE, found=told, advice=advice)
    server = urlsplit(os.environ.get("PREFECT_API_URL", ""))
    host = server.hostname or ""
    if host and host not in HERE and server.scheme in getproxies_environment() and not proxy_bypass(host):
        told = f"the flows look for Prefect's server {host} behind the proxy"
        yield Checked(name="proxies", verdict=Verdict.NOTE, found=told, advice=f"name {host} in NO_PROXY")
