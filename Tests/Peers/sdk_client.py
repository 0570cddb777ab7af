# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""The official SDK as client: sdk_client.py (auto | legacy | mcp1) (URL | PROGRAM ARGUMENT...).

Prints one JSON object: the revision, the tools, and what a few calls gave. With a URL the token is
read from the variable PEER_TOKEN.
"""

import asyncio
import json
import os
import sys

EXPRESSION = {"expression": "1 + 2 * 3"}


def plain(result):
    structured = getattr(result, "structured_content", None)
    structured = structured or getattr(result, "structuredContent", None)
    failed = getattr(result, "is_error", None) or getattr(result, "isError", None)
    return {
        "text": result.content[0].text,
        "structured": structured,
        "failed": bool(failed),
    }


async def ask(session, version):
    tools = await session.list_tools()
    good = await session.call_tool("evaluate", EXPRESSION)
    bad = await session.call_tool("evaluate", {"expression": "1 +"})
    templates = await session.list_resource_templates()
    status = await session.call_tool("desk_status", {})
    return {
        "revision": version,
        "tools": [tool.name for tool in tools.tools],
        "good": plain(good),
        "bad": plain(bad),
        "status": plain(status),
        "templates": len(
            getattr(templates, "resource_templates", None) or templates.resourceTemplates
        ),
    }


async def new(mode, place):
    from mcp import Client, StdioServerParameters
    from mcp.client.streamable_http import create_mcp_http_client, streamable_http_client

    if place[0].startswith("http"):
        headers = {"Authorization": "Bearer " + os.environ["PEER_TOKEN"]}
        target = streamable_http_client(
            place[0], http_client=create_mcp_http_client(headers=headers)
        )
    else:
        target = StdioServerParameters(command=place[0], args=place[1:])
    async with Client(target, mode=mode) as client:
        return await ask(client, client.protocol_version)


async def old(place):
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client
    from mcp.client.streamable_http import streamablehttp_client

    if place[0].startswith("http"):
        headers = {"Authorization": "Bearer " + os.environ["PEER_TOKEN"]}
        transport = streamablehttp_client(place[0], headers=headers)
    else:
        transport = stdio_client(StdioServerParameters(command=place[0], args=place[1:]))
    async with transport as streams:
        async with ClientSession(streams[0], streams[1]) as session:
            hello = await session.initialize()
            return await ask(session, hello.protocolVersion)


if __name__ == "__main__":
    mode, place = sys.argv[1], sys.argv[2:]
    work = old(place) if mode == "mcp1" else new(mode, place)
    print(json.dumps(asyncio.run(work)))
