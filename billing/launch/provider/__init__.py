"""The OpenID Connect provider: what of oauthlib and django-allauth is promised, and the rules that they leave open."""
