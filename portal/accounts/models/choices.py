"""What a company may say of itself, as choices."""

from django.db import models


class Industry(models.TextChoices):
    """What a company does, coarse enough for figures and for everybody to find themselves."""

    AGRICULTURE = "agriculture", "Agriculture and food"
    CONSTRUCTION = "construction", "Construction and property"
    EDUCATION = "education", "Education"
    ENERGY = "energy", "Energy and water"
    FINANCE = "finance", "Finance and savings co-operatives"
    HEALTH = "health", "Health"
    HOSPITALITY = "hospitality", "Hotels, restaurants and tourism"
    LOGISTICS = "logistics", "Transport and logistics"
    MANUFACTURING = "manufacturing", "Manufacturing"
    MEDIA = "media", "Media and communication"
    NON_PROFIT = "non_profit", "Non-profit"
    PUBLIC = "public", "Public sector"
    RETAIL = "retail", "Retail and wholesale"
    SERVICES = "services", "Professional services"
    TECHNOLOGY = "technology", "Technology"
    OTHER = "other", "Something else"


class Size(models.TextChoices):
    """How many people work there."""

    SOLO = "1", "Just me"
    SMALL = "2-10", "2 to 10 people"
    GROWING = "11-50", "11 to 50 people"
    MEDIUM = "51-200", "51 to 200 people"
    LARGE = "201-1000", "201 to 1,000 people"
    LARGEST = "1001+", "More than 1,000 people"
