# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""The official SDK doing what mcp-benchmark does: peer.py serve | peer.py client ROUNDS PROGRAM…"""

import asyncio
import sys
import time

WARM_UP = 20


def serve():
    from mcp.server import MCPServer

    server = MCPServer("echo")

    @server.tool()
    def echo(text: str) -> str:
        """Gives back a text."""
        return text

    server.run()


async def client(rounds, program):
    from mcp import Client, StdioServerParameters

    target = StdioServerParameters(command=program[0], args=program[1:])
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
        serve()
    else:
        asyncio.run(client(int(sys.argv[2]), sys.argv[3:]))
