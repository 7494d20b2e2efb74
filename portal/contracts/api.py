"""A company's contracts for other programs, and signing them.

Whoever signs proves in the same request who they are. The text comes with the contract, whole: `text_sha256` says that
it was this one.
"""

from typing import Any, ClassVar, cast
from uuid import UUID

import django_filters
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.accounts.models import ConsentText, User
from portal.accounts.permissions import MemberMay
from portal.accounts.roles import Permission
from portal.accounts.services import proofs
from portal.contracts.models import Contract, ContractText, Signature, Signer
from portal.contracts.models.contracts import ContractQuerySet
from portal.contracts.models.signers import Side
from portal.contracts.services import evidence, signing, viewing
from portal.core.api.described import refusals
from portal.core.api.idempotent import idempotent
from portal.core.api.lists import Pages
from portal.core.errors import DomainError
from portal.core.http import MemberRequest
from portal.core.names import ONE_LINE

SIGNERS = MemberMay.to(Permission.VIEW_COMPANY, to_write=Permission.SIGN_CONTRACTS)
KEY = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, description="The same key signs once.")
HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
EXAMPLE = {
    "name": "Grace Njeri",
    "text_sha256": HASH,
    "consent": "2026-11",
    "password": "…",
    "time_zone": "Africa/Nairobi",
}


class ContractSerializer(serializers.ModelSerializer[Contract]):
    """A contract; `ends_on` is the first day after it, null for no end, and `amends` the contract that it changes."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    company = serializers.SlugField(source="company.slug", read_only=True)
    amends = serializers.UUIDField(source="amends.public_id", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Contract
        fields: ClassVar[list[str]] = [
            "id", "number", "status", "company", "type", "title", "amends", "currency", "starts_on", "ends_on",
            "offer_ends_on", "sent_at", "signed_at", "closed_at",
        ]  # fmt: skip
        read_only_fields = fields


class SignerSerializer(serializers.ModelSerializer[Signer]):
    """One who signs."""

    name = serializers.CharField(source="user.get_full_name", read_only=True)

    class Meta:
        model = Signer
        fields: ClassVar[list[str]] = ["name", "side", "title", "position", "status"]
        read_only_fields = fields


class ContractTextSerializer(serializers.ModelSerializer[ContractText]):
    """What is signed: HTML, and the SHA-256 of its bytes in UTF-8."""

    class Meta:
        model = ContractText
        fields: ClassVar[list[str]] = ["version", "sha256", "html"]
        read_only_fields = fields


class ConsentSerializer(serializers.ModelSerializer[ConsentText]):
    """What is agreed to when signing electronically."""

    text = serializers.CharField(source="body", read_only=True)

    class Meta:
        model = ConsentText
        fields: ClassVar[list[str]] = ["version", "text"]
        read_only_fields = fields


class ContractDetailSerializer(ContractSerializer):
    """A contract with its text, those who sign it, and what to agree to; no text and no signers while it is changed."""

    text: Any = serializers.SerializerMethodField()
    consent: Any = serializers.SerializerMethodField()
    signers: Any = serializers.SerializerMethodField()
    waits_for_you = serializers.SerializerMethodField()

    class Meta(ContractSerializer.Meta):
        fields: ClassVar[list[str]] = [*ContractSerializer.Meta.fields, "waits_for_you", "signers", "text", "consent"]
        read_only_fields = fields

    @extend_schema_field(ContractTextSerializer(allow_null=True))
    def get_text(self, contract: Contract) -> Any:
        """What was sent last."""
        newest = contract.texts.order_by("-version").first()
        return ContractTextSerializer(newest).data if newest and contract.status != Contract.Status.DRAFT else None

    @extend_schema_field(ConsentSerializer)
    def get_consent(self, contract: Contract) -> Any:
        """The version in force."""
        return ConsentSerializer(ConsentText.objects.current(ConsentText.Kind.SIGNING).get()).data

    @extend_schema_field(SignerSerializer(many=True))
    def get_signers(self, contract: Contract) -> Any:
        """In their order; who passed it on is left out, and all while it is being changed."""
        if contract.status == Contract.Status.DRAFT:
            return []
        found = contract.signers.exclude(status=Signer.Status.DELEGATED).select_related("user").in_order()
        return SignerSerializer(found, many=True).data

    def get_waits_for_you(self, contract: Contract) -> bool:
        """Whether the one who asks can sign it now."""
        asked = Signer.objects.waiting_for(self.context["request"].user).filter(contract=contract, side=Side.COMPANY)
        return contract.can_be_signed(today=timezone.localdate()) and asked.exists()


class SignSerializer(serializers.Serializer[Any]):
    """The typed name, which text, which version of the consent, and `password`, or `otp` for a second factor."""

    name = serializers.CharField(max_length=signing.LONGEST_NAME, validators=[ONE_LINE])
    text_sha256 = serializers.RegexField(r"^[0-9a-f]{64}$")
    consent = serializers.CharField(max_length=20, help_text="The version agreed to, such as 2026-11.")
    password = serializers.CharField(max_length=256, required=False, trim_whitespace=False, write_only=True)
    otp = serializers.CharField(max_length=256, required=False, write_only=True)
    time_zone = serializers.CharField(max_length=64, required=False, default="")


class SignatureSerializer(serializers.ModelSerializer[Signature]):
    """A signature; `sha256` is that of its own record, `contract_status` what became of the contract by it."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    contract = serializers.UUIDField(source="signer.contract.public_id", read_only=True)
    contract_status = serializers.CharField(source="signer.contract.status", read_only=True)
    name = serializers.CharField(source="typed_name", read_only=True)

    class Meta:
        model = Signature
        fields: ClassVar[list[str]] = [
            "id", "contract", "contract_status", "name", "email", "authentication", "signed_at", "text_sha256",
            "consent_sha256", "sha256",
        ]  # fmt: skip
        read_only_fields = fields


class ContractFilter(django_filters.FilterSet):
    """By state and type."""

    status = django_filters.ChoiceFilter(choices=Contract.Status.choices)
    type = django_filters.ChoiceFilter(choices=Contract.Type.choices)

    class Meta:
        model = Contract
        fields: ClassVar[list[str]] = []


def of_company(request: Request) -> ContractQuerySet:
    """What was sent to the company in use."""
    company = cast("MemberRequest", request._request).company
    return Contract.objects.for_company(company).sent().select_related("company", "amends")


class ContractList(generics.ListAPIView[Contract]):
    """The company's contracts, the newest first."""

    queryset = Contract.objects.none()
    serializer_class = ContractSerializer
    permission_classes = [SIGNERS]
    pagination_class = Pages
    filterset_class = ContractFilter

    def get_queryset(self) -> ContractQuerySet:
        """Those of the company in use."""
        return of_company(self.request).newest()


class ContractDetail(generics.RetrieveAPIView[Contract]):
    """One contract, with its text."""

    queryset = Contract.objects.none()
    serializer_class = ContractDetailSerializer
    permission_classes = [SIGNERS]

    def get_object(self) -> Contract:
        """Of the company in use."""
        return get_object_or_404(of_company(self.request), public_id=self.kwargs["contract_id"])


class Sign(APIView):
    """Signs a contract in the place of the one who asks."""

    permission_classes = [SIGNERS]

    @extend_schema(
        request=SignSerializer,
        responses={201: SignatureSerializer, **refusals(400, 403, 404, 409, 422, 429)},
        parameters=[KEY],
        operation_id="contracts_sign",
        examples=[OpenApiExample("With the password", value=EXAMPLE, request_only=True)],
    )
    @idempotent
    def post(self, request: Request, contract_id: UUID) -> Response:
        """Sign. The request is the reading: it names the hash of the text that came whole with the contract."""
        signer = _place(request, contract_id)
        sent = SignSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        try:
            way = prove(request, sent.validated_data)
        except DomainError as refusal:
            # Answered, not raised: with a key this runs in a transaction, in which wrong tries are to stay counted.
            answer: Response = self.handle_exception(refusal)
            return answer
        return Response(SignatureSerializer(give(request, signer, sent.validated_data, way)).data, status=201)


def _place(request: Request, contract_id: UUID) -> Signer:
    mine = Signer.objects.filter(user=cast("User", request.user), side=Side.COMPANY).exclude(status="delegated")
    signer = mine.filter(contract__in=of_company(request), contract__public_id=contract_id).select_related("contract")
    found = signer.first()
    if found is None:
        get_object_or_404(of_company(request), public_id=contract_id)
        raise NotASigner(_("You are not asked to sign this contract."))
    return found


class NotASigner(DomainError):
    """A member of the company, who has no place in the contract."""

    code = "not_asked"
    status = status.HTTP_409_CONFLICT


def prove(request: Request, said: dict[str, Any]) -> str:
    """By which proof the one who asks is who they say. Raises WrongCode, WrongPassword, TooManyAttempts."""
    user = cast("User", request.user)
    field = "otp" if user.second_factor_at else "password"
    try:
        proofs.demand(request=request._request, user=user, proof=said.get(field, ""))
    except DomainError as refusal:
        refusal.field = field
        raise
    return Signature.Authentication.SECOND_FACTOR if user.second_factor_at else Signature.Authentication.PASSWORD


@transaction.atomic
def give(request: Request, signer: Signer, said: dict[str, Any], way: str) -> Signature:
    """The signature, after the text was read."""
    consent = ConsentText.objects.filter(kind=ConsentText.Kind.SIGNING, version=said["consent"]).first()
    at, user = timezone.now(), cast("User", request.user)
    trace = evidence.trace_of(request._request, authentication=way, time_zone=said["time_zone"])
    same: dict[str, Any] = {"signer": signer, "by": user, "at": at, "text_sha256": said["text_sha256"], "trace": trace}
    if signer.viewed_at is None:
        viewing.viewed(**same)
    return signing.sign(**same, typed_name=said["name"], consent_id=consent.pk if consent else 0)
