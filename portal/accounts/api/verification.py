"""Handing in papers."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.accounts.api.profile import in_use
from portal.accounts.api.serializers import PapersSerializer, VerificationSerializer
from portal.accounts.models import Verification, VerificationDocument
from portal.accounts.models.verifications import missing_from
from portal.accounts.permissions import MemberMay
from portal.accounts.roles import Permission
from portal.accounts.services import verifications

Kind = VerificationDocument.Kind


class BusinessVerification(APIView):
    """Papers for verification; they are handed in as soon as all that are required are there."""

    permission_classes = [MemberMay.to(Permission.EDIT_COMPANY)]
    parser_classes = [MultiPartParser]

    @extend_schema(
        request={"multipart/form-data": PapersSerializer},
        responses={201: VerificationSerializer},
        summary="Send documents for verification",
    )
    def post(self, request: Request) -> Response:
        """Take the papers, and hand them in when none is missing; 409 while earlier ones are being checked."""
        sent = PapersSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        given = sent.validated_data
        membership = in_use(request)
        attempt = verifications.hand_in(
            company=membership.company,
            papers={kind: (given[kind], given.get(f"{kind}_expires_on")) for kind in Kind.values if kind in given},
            by=membership.user,
            at=timezone.now(),
        )
        return Response(told(attempt), status=status.HTTP_201_CREATED)


def told(attempt: Verification) -> object:
    """The attempt with what is still missing."""
    vars(attempt)["missing"] = [str(kind) for kind in missing_from(attempt.documents.all())]
    return VerificationSerializer(attempt).data
