"""Looking at a PDF that anybody may have sent, in a process of its own that knows no secret and ends in time."""

import os
import subprocess
import sys

import structlog
from django.conf import settings

from portal.contracts.sealing import certificates, findings
from portal.contracts.sealing.certificates import NoSeal
from portal.contracts.sealing.findings import Findings, Trust

PROGRAM = "portal.contracts.sealing.inspecting"
# Its processor time is limited as well; this is for a machine that has other things to do.
SECONDS = 30
logger = structlog.get_logger(__name__)


def look(content: bytes) -> Findings | None:
    """What its seals and time stamps prove; None for a file that was too hard for the process."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", PROGRAM],
            input=findings.asked(content, trust()),
            capture_output=True,
            check=True,
            cwd=settings.BASE_DIR,
            # The environment holds keys and passwords: none of it goes along.
            env={"PATH": os.defpath},
            timeout=SECONDS,
        )
        return findings.answered(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        logger.warning("pdf_too_hard", error=type(error).__name__, size=len(content))
        return None


def trust() -> Trust:
    """Which certificates seals and time stamps are held against; none where none can be read."""
    try:
        return Trust(tuple(certificates.trusted()), tuple(certificates.trusted_for_stamps()))
    except NoSeal:
        logger.exception("no_seal")
        return Trust()
