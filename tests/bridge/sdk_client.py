"""Asks an MCP server over stdio with whichever Python client is installed here.

Standard input: {"entry": {command, args, env}, "calls": {name: arguments}}.
Standard output: {"client", "tools", "answers"}.
"""

import asyncio
import json
import sys
from importlib.metadata import PackageNotFoundError, version


async def with_fastmcp(entry, calls):
    from fastmcp import Client
    from fastmcp.client.transports import StdioTransport

    transport = StdioTransport(entry["command"], entry["args"], env=entry["env"], keep_alive=False)
    async with Client(transport) as client:
        tools = [tool.name for tool in await client.list_tools()]
        answers = {name: text_of(await client.call_tool(name, given)) for name, given in calls.items()}
    return tools, answers


async def with_mcp_2(entry, calls):
    from mcp import Client, StdioServerParameters

    async with Client(StdioServerParameters(**entry)) as client:
        tools = [tool.name for tool in (await client.list_tools()).tools]
        answers = {name: text_of(await client.call_tool(name, given)) for name, given in calls.items()}
    return tools, answers


async def with_mcp_1(entry, calls):
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    async with stdio_client(StdioServerParameters(**entry)) as streams:
        async with ClientSession(*streams) as session:
            await session.initialize()
            tools = [tool.name for tool in (await session.list_tools()).tools]
            answers = {name: text_of(await session.call_tool(name, given)) for name, given in calls.items()}
    return tools, answers


def text_of(result):
    return "".join(block.text for block in result.content if block.type == "text")


def installed():
    try:
        return with_fastmcp, "fastmcp " + version("fastmcp")
    except PackageNotFoundError:
        found = version("mcp")
        return (with_mcp_1 if found.startswith("1.") else with_mcp_2), "mcp " + found


def main():
    wanted = json.load(sys.stdin)
    ask, name = installed()
    tools, answers = asyncio.run(ask(wanted["entry"], wanted["calls"]))
    json.dump({"client": name, "tools": sorted(tools), "answers": answers}, sys.stdout)


main()
