"""The files that travel with the program are found in a checkout and in an installed wheel."""

import shutil
import subprocess
import sys

import pytest

from gateway import resources
from gateway.resources import MissingResource, resource_path


def test_templates_are_found_in_a_checkout():
    assert resource_path("templates", "init", "policy.toml").is_file()


def test_a_file_that_is_not_there_says_that_the_installation_is_broken():
    with pytest.raises(MissingResource, match="install it again"):
        resource_path("templates", "nothing")


def test_templates_are_found_where_a_wheel_puts_them(tmp_path):
    package = tmp_path / "gateway"
    (package / "_data" / "templates" / "init").mkdir(parents=True)
    (package / "_data" / "templates" / "init" / "policy.toml").write_text("")
    (package / "__init__.py").write_text("")
    shutil.copy(resources.__file__, package)
    program = "from gateway.resources import resource_path as r; print(r('templates', 'init'))"
    shown = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == str(package / "_data" / "templates" / "init")
