"""Configuration of the knowledge app."""

from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    """Connects what keeps documents true to pages."""

    name = "helpcenter.knowledge"

    def ready(self) -> None:
        """Connect the receivers and fill the registries."""
        from billing.launch.registry import product_parts
        from helpcenter.knowledge import erasers, exports, product_part, receivers, retention, widgets
        from helpcenter.knowledge.models import Feedback
        from portal.accounts import choosing
        from portal.activity.registry import Verb, verbs
        from portal.core import privacy, reader_cache
        from portal.core.widgets import statistics

        receivers.connect()
        product_parts.register("articles", product_part.articles)
        # Editors name the companies whose members may read a page.
        choosing.rights.register("knowledge", "knowledge.change_feedback")
        privacy.person_exporters.register("feedback", exports.PERSON)
        privacy.person_erasers.register("feedback", erasers.PERSON)
        privacy.retention_rules.fill(retention.RULES)
        reader_cache.watch(Feedback, lambda vote: [vote.user_id] if vote.user_id else [])
        for key, statistic in widgets.STATISTICS.items():
            statistics.register(key, statistic)
        verbs.register("help.published", Verb("{actor} published {subject}", icon="book-open"))
