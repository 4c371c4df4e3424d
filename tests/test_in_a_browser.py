"""The pages of our mail in a real browser: they are shown, and nothing is fetched for them."""

import json
import shutil
import subprocess

import pytest

from tests.look import sample_mails

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PAGES = ("digest-7", "digest-40", "held", "safeguarding", "office")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="needs Chromium (Debian's package chromium), which is not installed"
)


@pytest.fixture(scope="module")
def mails():
    return sample_mails()


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
