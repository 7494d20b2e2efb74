"""Pages are compressed on their way out; kept pages hold their compressed form."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXT = ("text/", "application/json", "application/problem+json", "application/xml", "application/atom+xml")


class TextCompressionMiddleware(GZipMiddleware):
    """Compresses text alone: pictures and documents are compressed already, and lose their length and ranges by it."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress a text that is not streamed."""
        if response.streaming or not response.get("Content-Type", "").startswith(TEXT):
            return response
        return super().process_response(request, response)
