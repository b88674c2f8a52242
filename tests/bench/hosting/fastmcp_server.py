"""FastMCP serving an OpenAPI document over HTTP, without sessions.

    python fastmcp_server.py DOCUMENT ORIGIN PORT
"""

import json
import sys

import httpx2
from fastmcp import FastMCP

document, origin, port = sys.argv[1:]
with open(document, encoding="utf-8") as file:
    server = FastMCP.from_openapi(
        openapi_spec=json.load(file), client=httpx2.AsyncClient(base_url=origin), name="bench"
    )
print("made", flush=True)
server.run(
    transport="http",
    host="127.0.0.1",
    port=int(port),
    path="/mcp",
    stateless_http=True,
    json_response=True,
    log_level="warning",
    show_banner=False,
)
