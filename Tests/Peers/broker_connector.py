#!/usr/bin/env python3
# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""alpaca-mcp-server as it is, but for the address of the broker: STAND_IN_URL in place of its own.

Usage: broker_connector.py. It tells the stand-in which process it is, so that a test can end it.
"""

import json
import os
import urllib.request

from alpaca_mcp_server import server

URL = os.environ["STAND_IN_URL"]
for name in server.TRADING_API_BASE_URLS:
    server.TRADING_API_BASE_URLS[name] = URL
urllib.request.urlopen(
    urllib.request.Request(
        f"{URL}/control", json.dumps({"process": os.getpid()}).encode(), method="POST"
    )
).read()
server.build_server().run(transport="stdio", show_banner=False)
