# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""Environments of Python with packages from PyPI."""

import os
import subprocess
import sys
import time


def install(home, packages, seconds):
    """Why packages are not in an environment, having been put there now if need be; None when they
    are."""
    end = time.monotonic() + seconds
    python = os.path.join(home, "bin", "python")
    try:
        if not os.path.exists(python):
            subprocess.run([sys.executable, "-m", "venv", home], check=True, timeout=60)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--retries", "1"]
            + ["--disable-pip-version-check"] + packages,
            check=True, timeout=max(1, end - time.monotonic()), stdout=subprocess.DEVNULL,
        )
    except (subprocess.SubprocessError, OSError) as error:
        return f"{packages[0]} cannot be installed ({type(error).__name__})"
    return None
