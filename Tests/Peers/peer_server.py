# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""A small server on whichever library is named: peer_server.py LIBRARY (stdio | PORT)."""

import sys


def build(library, port):
    if library == "fastmcp":
        from fastmcp import Context, FastMCP

        server = FastMCP("peer")
        run = lambda: server.run(show_banner=False) if port is None else server.run(
            transport="http", host="127.0.0.1", port=port, show_banner=False
        )
    elif library == "mcp1":
        from mcp.server.fastmcp import Context, FastMCP

        server = FastMCP("peer", host="127.0.0.1", port=port or 0)
        run = lambda: server.run("stdio" if port is None else "streamable-http")
    else:
        from mcp.server import MCPServer
        from mcp.server.mcpserver import Context

        server = MCPServer("peer")
        run = lambda: server.run() if port is None else server.run(
            "streamable-http", host="127.0.0.1", port=port
        )

    @server.tool()
    def add(a: int, b: int) -> int:
        """Adds two numbers."""
        return a + b

    # The annotation is evaluated where the function is made, so it is given as a value.
    async def count(steps: int, ctx) -> str:
        """Counts and tells its progress."""
        for step in range(steps):
            await ctx.report_progress(step + 1, steps)
        return f"counted {steps}"

    count.__annotations__["ctx"] = Context
    server.tool()(count)

    @server.tool()
    def fail() -> str:
        """Fails."""
        raise ValueError("the peer failed on purpose")

    @server.resource("peer://motd")
    def motd() -> str:
        return "hello"

    return run


if __name__ == "__main__":
    build(sys.argv[1], None if sys.argv[2] == "stdio" else int(sys.argv[2]))()
