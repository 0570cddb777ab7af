# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""The official SDK doing what mcp-benchmark does.

peer.py serve | peer.py listen | peer.py client ROUNDS PROGRAM… | peer.py client ROUNDS URL
"""

import asyncio
import sys
import time

WARM_UP = 20


def make():
    from mcp.server import MCPServer

    server = MCPServer("echo")

    @server.tool()
    def echo(text: str) -> str:
        """Gives back a text."""
        return text

    return server


def listen():
    """Answers with plain bodies of JSON where the revision leaves the choice, as ours does."""
    import socket

    import uvicorn

    place = socket.socket()
    place.bind(("127.0.0.1", 0))
    place.listen(128)
    app = make().streamable_http_app(json_response=True, stateless_http=True)
    print(f"http://127.0.0.1:{place.getsockname()[1]}/mcp", flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[place])


async def client(rounds, words):
    from mcp import Client, StdioServerParameters

    target = StdioServerParameters(command=words[0], args=words[1:])
    if words[0].startswith("http://"):
        target = words[0]
    async with Client(target) as session:
        for round in range(-WARM_UP, rounds):
            begun = time.perf_counter_ns()
            result = await session.call_tool("echo", {"text": f"hello {round}"})
            span = time.perf_counter_ns() - begun
            assert result.content[0].text == f"hello {round}"
            if round >= 0:
                print(span, flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        make().run()
    elif sys.argv[1] == "listen":
        listen()
    else:
        asyncio.run(client(int(sys.argv[2]), sys.argv[3:]))
