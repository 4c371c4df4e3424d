"""The pages of our mail in a real browser: they are shown, and nothing is fetched for them."""

import html
import json
import re
import shutil
import subprocess

import pytest

from tests.look import sample_mails
from tests.translated import bilingual_mails

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PAGES = (
    "single",
    "digest-7",
    "digest-40",
    "passed",
    "whole",
    "held",
    "safeguarding",
    "office",
    "held-2-ur",
)
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="needs Chromium (Debian's package chromium), which is not installed"
)


@pytest.fixture(scope="module")
def mails():
    return sample_mails() | bilingual_mails()


def opened(page, folder):
    """Open a page; return the picture's octets and the addresses that were asked for."""
    path = folder / "page.html"
    path.write_text(page, "utf-8")
    log = folder / "net.json"
    subprocess.run(
        [
            CHROMIUM,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={folder / 'profile'}",
            f"--log-net-log={log}",
            "--window-size=400,1200",
            f"--screenshot={folder / 'page.png'}",
            path.as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=90,
    )
    events = json.loads(log.read_text("utf-8"))["events"]
    urls = {str(event.get("params", {}).get("url", "")) for event in events}
    return (folder / "page.png").read_bytes(), {url for url in urls if url}


@pytest.mark.parametrize("name", PAGES)
def test_a_mail_is_shown_and_nothing_is_fetched_for_it(name, mails, tmp_path):
    found = next(mail for key, mail in mails.items() if key.startswith(name))
    picture, urls = opened(found.html, tmp_path)
    assert picture.startswith(b"\x89PNG")
    ours = {url for url in urls if "google" not in url}  # the browser's own errands
    assert {url.partition(":")[0] for url in ours} <= {"file", "data", "chrome", "about"}


NARROW = """<!doctype html><body><iframe width="320" height="900" srcdoc="{page}"></iframe>
<script>onload = () => {{ const page = document.querySelector("iframe").contentDocument;
document.title = "wide " + page.documentElement.scrollWidth; }}</script>"""


@pytest.mark.parametrize("name", ["single", "digest-7", "digest-40", "whole", "passed"])
def test_a_mail_needs_no_sideways_scrolling_on_a_small_telephone(name, mails, tmp_path):
    found = next(mail for key, mail in mails.items() if key.startswith(name))
    path = tmp_path / "narrow.html"
    path.write_text(NARROW.format(page=html.escape(found.html)), "utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=3000"]
    options += ["--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={tmp_path / 'profile'}"]
    shown = subprocess.run(
        [CHROMIUM, *options, "--dump-dom", path.as_uri()],
        check=True,
        capture_output=True,
        timeout=90,
        text=True,
    ).stdout
    width = re.search(r"<title>wide (\d+)</title>", shown)
    assert width is not None
    assert int(width[1]) <= 320
