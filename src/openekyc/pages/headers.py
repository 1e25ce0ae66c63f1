"""Response headers that keep a page to itself: nothing from another host, no frame but the operator's, no capability but the camera."""

from collections.abc import Mapping, Sequence

KEPT_FOREVER = "public, max-age=31536000, immutable"
ASKED_EVERY_TIME = "no-cache"


def policy(embed_origins: Sequence[str]) -> str:
    """The Content-Security-Policy. A worker's script brings its own, so it goes out with every file."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "worker-src 'self'",
            "connect-src 'self'",
            "img-src 'self' data: blob:",
            "media-src 'self' blob:",
            "style-src 'self'",
            "font-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors " + (" ".join(embed_origins) or "'none'"),
        )
    )


def guarded(embed_origins: Sequence[str]) -> Mapping[str, str]:
    """The headers of every file and page."""
    return {
        "Content-Security-Policy": policy(embed_origins),
        "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()",
        "Referrer-Policy": "no-referrer",  # a page's address may hold a token
        "X-Content-Type-Options": "nosniff",
    }
