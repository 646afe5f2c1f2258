import time
from datetime import timedelta

from django.core.signing import TimestampSigner, b62_encode


def stamped(form: str, seconds: float = 9, **more: float) -> str:
    """The hidden field of a guarded form that was shown some time ago."""
    ago = timedelta(seconds=seconds, **more).total_seconds()
    signer = TimestampSigner(salt=f"hub.guarded.{form}")
    signer.timestamp = lambda: b62_encode(int(time.time() - ago))
    return signer.sign("shown")
