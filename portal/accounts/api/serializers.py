"""Companies as the API tells of them and takes them."""

from typing import Any

from rest_framework import serializers

from portal.accounts import countries, roles, tax_ids
from portal.accounts.models import Company, Membership, Verification, VerificationDocument
from portal.accounts.models.choices import Industry, Size


class AddressSerializer(serializers.Serializer[Company]):
    """Where invoices go."""

    email = serializers.EmailField(source="billing_email", required=False, allow_blank=True)
    street = serializers.CharField(source="billing_street", max_length=200, required=False, allow_blank=True)
    city = serializers.CharField(source="billing_city", max_length=80, required=False, allow_blank=True)
    region = serializers.CharField(source="billing_region", max_length=80, required=False, allow_blank=True)
    postal_code = serializers.CharField(source="billing_postal_code", max_length=20, required=False, allow_blank=True)
    country = serializers.ChoiceField(
        source="billing_country", choices=countries.choices(), required=False, allow_blank=True
    )


class CompanySerializer(serializers.ModelSerializer[Company]):
    """A company; `status` is how far its verification is."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    status = serializers.ChoiceField(source="verification", choices=Company.Verification.choices, read_only=True)
    country = serializers.ChoiceField(choices=countries.choices())
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    tax_id = serializers.CharField(max_length=40, required=False, allow_blank=True, allow_null=True)
    billing_address = AddressSerializer(source="*", required=False)

    class Meta:
        model = Company
        fields = [
            "id",
            "slug",
            "name",
            "legal_name",
            "registration_number",
            "tax_id",
            "country",
            "currency",
            "industry",
            "size",
            "website",
            "email",
            "phone",
            "email_domain",
            "is_labs_customer",
            "labs_url",
            "billing_address",
            "status",
            "verified_at",
            "verification_ends_on",
            "created_at",
        ]
        read_only_fields = [
            "slug",
            "currency",
            "email_domain",
            "is_labs_customer",
            "verified_at",
            "verification_ends_on",
            "created_at",
        ]

    def to_representation(self, instance: Company) -> dict[str, Any]:
        """The company; its tax number in full only for a `membership` in the context that edits it or sees bills."""
        told: dict[str, Any] = super().to_representation(instance)
        if "tax_id" in told and not sees_tax_id(self.context.get("membership")):
            told["tax_id"] = tax_ids.masked(instance.tax_id)
        return told


def sees_tax_id(membership: Membership | None) -> bool:
    """Whether a member reads the whole tax number."""
    wanted = (roles.Permission.EDIT_COMPANY, roles.Permission.VIEW_BILLING)
    return any(roles.allows(membership, permission) for permission in wanted)


class MemberSerializer(serializers.ModelSerializer[Membership]):
    """Who asks, and what they may do in the company."""

    id = serializers.UUIDField(source="user.public_id", read_only=True)
    email = serializers.EmailField(source="user.email", read_only=True)
    first_name = serializers.CharField(source="user.first_name", read_only=True)
    last_name = serializers.CharField(source="user.last_name", read_only=True)
    permissions = serializers.SerializerMethodField()

    class Meta:
        model = Membership
        fields = ["id", "email", "first_name", "last_name", "role", "permissions"]
        read_only_fields = ["role"]

    def get_permissions(self, membership: Membership) -> list[str]:
        """Names of what the table of roles allows."""
        return [str(permission) for permission in roles.Permission if roles.allows(membership, permission)]


class CustomerSerializer(serializers.Serializer[Membership]):
    """A member with the company they act for."""

    member = MemberSerializer(source="*", read_only=True)
    company = CompanySerializer(read_only=True)


class PaperSerializer(serializers.ModelSerializer[VerificationDocument]):
    """A paper, without its content."""

    id = serializers.UUIDField(source="public_id", read_only=True)

    class Meta:
        model = VerificationDocument
        fields = ["id", "kind", "name", "content_type", "size", "expires_on", "uploaded_at"]
        read_only_fields = fields


class VerificationSerializer(serializers.ModelSerializer[Verification]):
    """An attempt to be verified; `missing` are the kinds of papers still to hand in."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    company = serializers.SlugRelatedField[Company](slug_field="slug", read_only=True)
    status = serializers.ChoiceField(choices=Verification.Status.choices, read_only=True)
    documents = PaperSerializer(many=True, read_only=True)
    missing = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Verification
        fields = ["id", "company", "status", "submitted_at", "documents", "missing"]
        read_only_fields = ["submitted_at"]


class PapersSerializer(serializers.Serializer[Any]):
    """Papers as a form sends them: a file for each kind, and until when it is valid."""

    registration_certificate = serializers.FileField(required=False)
    tax_certificate = serializers.FileField(required=False)
    proof_of_address = serializers.FileField(required=False)
    directors = serializers.FileField(required=False)
    registration_certificate_expires_on = serializers.DateField(required=False)
    tax_certificate_expires_on = serializers.DateField(required=False)
    proof_of_address_expires_on = serializers.DateField(required=False)
    directors_expires_on = serializers.DateField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Demand one file at least."""
        if not any(kind in attrs for kind in VerificationDocument.Kind.values):
            raise serializers.ValidationError("Send a file for at least one kind of document.")
        return attrs


class CustomerListSerializer(CompanySerializer):
    """A company as staff see it in the list."""

    industry = serializers.ChoiceField(choices=Industry.choices, allow_blank=True, read_only=True)
    size = serializers.ChoiceField(choices=Size.choices, allow_blank=True, read_only=True)
    members = serializers.IntegerField(read_only=True)

    class Meta(CompanySerializer.Meta):
        fields = [
            "id",
            "slug",
            "name",
            "country",
            "currency",
            "industry",
            "size",
            "is_labs_customer",
            "status",
            "verified_at",
            "is_active",
            "members",
            "created_at",
        ]
        read_only_fields = fields
