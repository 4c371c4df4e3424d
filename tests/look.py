"""Write every sample mail as files to look at: `python -m tests.look OUTDIR`."""

from __future__ import annotations

import sys
from pathlib import Path

from gateway.mail.digest import render_digest
from gateway.mail.render import Rendered, render
from tests.samples import HELD_ENTRY, SAMPLES, SCHOOL, sample_digest, sample_entry
from tests.translated import bilingual_mails


def sample_mails() -> dict[str, Rendered]:
    """Return each sample mail by a short name: every template, and digests of several sizes."""
    mails = {
        f"{kind}-{number}": render(kind, {**SCHOOL, **values})
        for kind, samples in SAMPLES.items()
        for number, values in enumerate(samples, 1)
    }
    digests = {
        "single": (sample_entry(0),),
        "with-dsl": (HELD_ENTRY,),
        "digest-7": (*map(sample_entry, range(6)), HELD_ENTRY),
        "digest-40": tuple(map(sample_entry, range(40))),
    }
    for name, entries in digests.items():
        for page, mail in enumerate(render_digest(sample_digest(*entries)), 1):
            mails[f"{name}-{page}"] = mail
    return mails


def main() -> None:
    """Write NAME.html and NAME.txt for each sample mail."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, mail in (sample_mails() | bilingual_mails()).items():
        (folder / f"{name}.html").write_text(mail.html, "utf-8")
        (folder / f"{name}.txt").write_text(f"Subject: {mail.subject}\n\n{mail.text}", "utf-8")


if __name__ == "__main__":
    main()
