"""Enough of Django to draw pages: no database, no sessions."""

SECRET_KEY = "only for drawing pages in tests"
DEBUG = False
USE_TZ = True
TIME_ZONE = "Europe/London"
LANGUAGE_CODE = "en-gb"
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["django.forms", "django.contrib.staticfiles", "virtual_school.design"]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "virtual_school.design.urls"
STATIC_URL = "/static/"
FORM_RENDERER = "virtual_school.design.forms.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
