"""A small reverse proxy on loopback, as people put before the page: it takes a prefix off and passes on streams."""

import asyncio
import contextlib
import threading

import httpx
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.responses import StreamingResponse
from starlette.routing import Route

from ui.server import PageServer, listen, url_of

_OF_ONE_CONNECTION = {"connection", "transfer-encoding", "keep-alive"}
_METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]


@contextlib.contextmanager
def proxy(target, prefix):
    """The address of `target` behind a proxy that shows it under `prefix`."""
    client = httpx.AsyncClient(base_url=target, timeout=None, trust_env=False)

    async def pass_on(request):
        path = request.url.path.removeprefix(prefix) or "/"
        headers = {name: value for name, value in request.headers.items() if name not in _OF_ONE_CONNECTION}
        headers |= {"x-forwarded-prefix": prefix, "x-forwarded-for": "198.51.100.7"}
        sent = client.build_request(
            request.method, f"{path}?{request.url.query}", headers=headers, content=await request.body()
        )
        answer = await client.send(sent, stream=True)
        told = {name: value for name, value in answer.headers.items() if name not in _OF_ONE_CONNECTION}
        return StreamingResponse(answer.aiter_raw(), answer.status_code, told, background=BackgroundTask(answer.aclose))

    @contextlib.asynccontextmanager
    async def lifespan(app):
        async with client:
            yield

    app = Starlette(lifespan=lifespan, routes=[Route(f"{prefix}{{rest:path}}", pass_on, methods=_METHODS)])
    ready, servers = threading.Event(), []

    async def serve():
        servers.append(PageServer(app, listener, lambda url: ready.set()))
        await servers[0].serve(sockets=[listener])

    with contextlib.closing(listen("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=asyncio.run, args=(serve(),))
        thread.start()
        try:
            assert ready.wait(120)
            yield url_of(listener) + prefix
        finally:
            servers[0].should_exit = True
            thread.join()
