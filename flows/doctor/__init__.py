"""Checks of an installation: what is looked at, what was found, and what to do about it."""

from __future__ import annotations

from flows.doctor import archived, configured, machine, network, server
from flows.doctor.checked import Check, Checked, Verdict
from flows.settings import Settings, SettingsError

__all__ = ["CHECKS", "QUICK", "Checked", "Verdict", "examine"]


CHECKS: dict[str, Check] = {
    "contact": configured.contact,
    "feeds": configured.feeds,
    "archive": archived.database,
    "operation": archived.incidents,
    "deliveries": archived.deliveries,
    "rules": archived.rules,
    "weights": configured.weights,
    "dossiers": configured.dossiers,
    "parties": configured.parties,
    "modes": configured.modes,
    "channels": configured.channels,
    "addresses": configured.addresses,
    "certificates": network.certificates,
    "proxies": network.proxies,
    "links": configured.links,
    "reading room": configured.names,
    "corrections": configured.corrections,
    "variables": configured.variables,
    "prefect": server.answers,
    "prefect settings": server.configuration,
    "flows": server.registered,
    "clock": machine.clock,
    "disk": machine.disk,
    "packages": machine.packages,
}
QUICK: dict[str, Check] = {"archive": archived.database, "prefect": server.answers, "disk": machine.disk}


def examine(settings: Settings, *, quick: bool = False) -> tuple[Checked, ...]:
    """Run every check, or with `quick` only those that say whether the service is alive. None of them raises."""
    found: list[Checked] = []
    for name, check in (QUICK if quick else CHECKS).items():
        try:
            found.extend(check(settings))
        except Exception as error:  # noqa: BLE001  a check that breaks is a finding, and the others still run
            told, advice = _told(error)
            if any(one.found == told for one in found):
                continue  # a file of the settings that cannot be read stops each check that needs it
            found.append(Checked(name=name, verdict=Verdict.WRONG, found=told, advice=advice))
    return tuple(found)


def _told(error: Exception) -> tuple[str, str]:
    """What stopped a check, and what to do about it: settings that cannot be used, or else a fault of ours."""
    from extractors.feeds import FeedListError
    from extractors.files import BrokenFileError
    from extractors.relevance import BrokenDossier
    from storage.engine import AddressError

    first = str(error).partition("\n")[0]
    match error:
        case FeedListError():
            return first, "correct the list, or `feeds` in the settings; depesche feeds check"
        case BrokenDossier():
            return first, "correct the file, or `dossiers` in the settings; depesche dossier check"
        case BrokenFileError():
            return first, "correct the file; what it says is wrong stops everything that reads it"
        case AddressError():
            return first, "correct `database` in the settings"
        case SettingsError():
            return first, "correct the settings"
    return f"{type(error).__name__}: {first}", "see the message; the check itself failed"
