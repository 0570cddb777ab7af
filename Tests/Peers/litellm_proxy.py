# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""litellm's proxy, which serves models of one family to clients of another."""

import os
import subprocess
import time
import urllib.request

import environments
from peers import free_port

# The proxy, and the official clients of both families.
PACKAGES = ["litellm[proxy]>=1.106", "anthropic>=2", "openai>=3"]
INSTALL_SECONDS = 200
START_SECONDS = 90


def install(home):
    """Why the packages are not there; None when they are."""
    return environments.install(home, PACKAGES, INSTALL_SECONDS)


class Proxy:
    """Runs until it is stopped."""

    def __init__(self, home, folder, configuration):
        self.port = free_port()
        settings = os.path.join(folder, "proxy.yaml")
        with open(settings, "w") as file:
            file.write(configuration.replace("PROXY_PORT", str(self.port)))
        self.process = subprocess.Popen(
            [os.path.join(home, "bin", "litellm"), "--config", settings]
            + ["--host", "127.0.0.1", "--port", str(self.port), "--telemetry", "False"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "LITELLM_LOCAL_MODEL_COST_MAP": "True", "NO_PROXY": "*"},
        )

    def is_up(self):
        """Whether it has come up, which is waited for."""
        end = time.monotonic() + START_SECONDS
        place = f"http://127.0.0.1:{self.port}/health/liveliness"
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(place, timeout=5) as reply:
                    if reply.status == 200:
                        return True
            except OSError:
                time.sleep(0.3)
        return False

    def stop(self):
        self.process.terminate()
        self.process.wait()
