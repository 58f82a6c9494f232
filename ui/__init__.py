"""The page in the browser: chat, and beside it the sources that every sentence rests on."""

from ui.app import build_page, serve
from ui.server import check_address

__all__ = ["build_page", "check_address", "serve"]
