"""The public page that says what a code or a sealed PDF proves."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.contracts.services import verifying
from portal.contracts.verdicts import VerifyForm, page_of
from portal.core.limits import limited_for_everybody, place_at

# A file that was made to be hard keeps a processor busy for 15 seconds, and a request with it.
AT_ONCE, LONGEST_SECONDS = 3, 60


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@limited_for_everybody("verify", "POST")
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for a code or a file, and answer for the file."""
    form = VerifyForm(request.POST, request.FILES) if request.method == "POST" else VerifyForm()
    if not form.is_valid():
        return render(request, "contracts/verify.html", {"form": form}, status=422 if form.errors else 200)
    if code := form.cleaned_data["code"]:
        return redirect("verify-code", code)
    with place_at(request, "verify", most=AT_ONCE, seconds=LONGEST_SECONDS) as is_free:
        if not is_free:
            form.add_error("file", _("Other files are being looked at. Try again in a minute."))
            return render(request, "contracts/verify.html", {"form": form}, status=503)
        verdict = verifying.by_file(form.cleaned_data["file"].read())
    return render(request, "contracts/verify.html", {"form": VerifyForm(), **page_of(verdict)})


@require_safe
@never_cache
@limited_for_everybody("verify", "GET", "HEAD")
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """The document of a code; of every code that is none the same answer."""
    proof = verifying.by_code(code)
    context = {"form": VerifyForm(), "proof": proof, "code": code, "is_unknown": proof is None}
    return render(request, "contracts/verify.html", context, status=200 if proof else 404)
