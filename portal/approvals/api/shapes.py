"""Approvals as the API writes them, and decisions as it reads them."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.approvals import services
from portal.approvals.forms import LONGEST_COMMENT
from portal.approvals.models import Approval


class PersonSerializer(serializers.Serializer[Any]):
    """Somebody who asked or decided."""

    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField(source="get_full_name")


class FactSerializer(serializers.Serializer[Any]):
    """One line of what a decider reads; `url` may be empty."""

    label: Any = serializers.CharField()
    value = serializers.CharField()
    url = serializers.CharField()


class MemberApprovalSerializer(serializers.ModelSerializer[Approval]):
    """An approval as members of its company see it: people by name alone."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    label: Any = serializers.CharField(read_only=True, help_text="the kind in words")
    subject = serializers.CharField(source="subject_label", read_only=True)
    asked_by: Any = serializers.CharField(
        source="asked_by.get_full_name", read_only=True, allow_null=True, default=None
    )
    decided_by: Any = serializers.CharField(
        source="decided_by.get_full_name", read_only=True, allow_null=True, default=None
    )
    status = serializers.ChoiceField(choices=Approval.Status.choices, read_only=True)

    class Meta:
        model = Approval
        fields: ClassVar[list[str]] = [
            "id", "kind", "label", "subject", "status", "asked_by", "asked_at", "decided_by", "decided_at", "comment",
        ]  # fmt: skip
        read_only_fields = fields


class StaffApprovalSerializer(MemberApprovalSerializer):
    """An approval as staff see it."""

    company = serializers.SlugField(source="company.slug", read_only=True, allow_null=True, default=None)
    asked_by: Any = PersonSerializer(read_only=True, allow_null=True)
    decided_by: Any = PersonSerializer(read_only=True, allow_null=True)
    concerns = PersonSerializer(read_only=True, allow_null=True)

    class Meta(MemberApprovalSerializer.Meta):
        fields: ClassVar[list[str]] = [*MemberApprovalSerializer.Meta.fields, "company", "concerns"]
        read_only_fields = fields


class DetailMixin(serializers.Serializer[Approval]):
    """What only one approval by itself tells."""

    facts = FactSerializer(many=True, read_only=True)
    may_decide = serializers.SerializerMethodField()

    @extend_schema_field(bool)
    def get_may_decide(self, approval: Approval) -> bool:
        """Whether it waits and whoever asks may decide it."""
        return approval.is_pending and services.may_decide(approval=approval, by=self.context["request"].user)


class MemberApprovalDetailSerializer(DetailMixin, MemberApprovalSerializer):
    """An approval with its facts, as members see it."""

    class Meta(MemberApprovalSerializer.Meta):
        fields: ClassVar[list[str]] = [*MemberApprovalSerializer.Meta.fields, "facts", "may_decide"]
        read_only_fields = fields


class StaffApprovalDetailSerializer(DetailMixin, StaffApprovalSerializer):
    """An approval with its facts, as staff see it."""

    class Meta(StaffApprovalSerializer.Meta):
        fields: ClassVar[list[str]] = [*StaffApprovalSerializer.Meta.fields, "facts", "may_decide"]
        read_only_fields = fields


class DecisionSerializer(serializers.Serializer[Any]):
    """Why; needed to reject, and when staff decide in place of a company."""

    comment = serializers.CharField(required=False, default="", allow_blank=True, max_length=LONGEST_COMMENT)
