"""All settings, from the environment. Where one is wrong or missing, starting fails with what to do."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from .embedded import home
from .roles import database_settings

CHECKOUT = Path(__file__).resolve().parent.parent
TESTING = os.environ.get("VS_TESTING") == "1"
DEBUG = False
HOME = home()


def _flag(name: str, default: bool = False) -> bool:
    value = os.environ.get(name, "1" if default else "0").strip().lower()
    if value not in {"0", "1", "true", "false", "yes", "no"}:
        raise ImproperlyConfigured(f"{name} is {value!r}: say 1 or 0.")
    return value in {"1", "true", "yes"}


def _secret_key() -> str:
    """From VIRTUAL_SCHOOL_SECRET_KEY, else made once and kept beside the data, readable by its owner only."""
    if TESTING:
        return "only-for-tests-" + "0" * 50
    given = os.environ.get("VIRTUAL_SCHOOL_SECRET_KEY", "")
    if given:
        if len(given) < 50:
            raise ImproperlyConfigured("VIRTUAL_SCHOOL_SECRET_KEY is too short: give 50 random characters or more.")
        return given
    file = HOME / "secret-key"
    if not file.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        new = file.with_suffix(f".{os.getpid()}")
        new.touch(mode=0o600)
        new.write_text(secrets.token_urlsafe(64))
        try:
            os.link(new, file)
        except FileExistsError:
            pass
        new.unlink()
    return file.read_text().strip()


SECRET_KEY = _secret_key()
DEMO = _flag("VIRTUAL_SCHOOL_DEMO")
IS_HTTPS = _flag("VIRTUAL_SCHOOL_HTTPS")
TRUSTED_PROXIES = int(os.environ.get("VIRTUAL_SCHOOL_TRUSTED_PROXIES", "0"))
ALLOWED_HOSTS = ["*"] if TESTING else os.environ.get("VIRTUAL_SCHOOL_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host != "*"] if IS_HTTPS else []

INSTALLED_APPS = [
    "config",
    "virtual_school.demo",
    "virtual_school.exchange",
    "virtual_school.caseload",
    "virtual_school.duties",
    "virtual_school.quality",
    "virtual_school.plans",
    "virtual_school.attendance",
    "virtual_school.voice",
    "virtual_school.schools",
    "virtual_school.care",
    "virtual_school.children",
    "virtual_school.access",
    "virtual_school.authorities",
    "virtual_school.audit",
    "virtual_school.identity",
    "virtual_school.design",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "virtual_school.access.middleware.Headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "virtual_school.access.middleware.FetchMetadata",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "virtual_school.access.middleware.SessionLimits",
    "virtual_school.access.middleware.SignInRequired",
    "virtual_school.voice.middleware.Capability",
    "virtual_school.exchange.api.middleware.Program",
    "virtual_school.access.middleware.Acting",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "virtual_school.access.frame.frame",
            ],
        },
    }
]
FORM_RENDERER = "virtual_school.design.forms.Renderer"

DATABASES = {"default": database_settings(os.environ.get("VS_DB_ROLE", "vs_app"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
IDENTITY_SECONDS = 10 * 365 * 86_400 if TESTING else 15 * 60
"""How long a sealed identity is good for: longer than any transaction may last."""

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"},
}

AUTH_USER_MODEL = "access.User"
# An address is unique whatever its capitals: by a constraint on lower(email), which this check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING
    else [
        "django.contrib.auth.hashers.Argon2PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "virtual_school.access.allauth.AccountAdapter"
_OURS = "virtual_school.access.forms."
ACCOUNT_FORMS = {
    "login": f"{_OURS}SignInForm",
    "change_password": f"{_OURS}NewPasswordForm",
    "reset_password": f"{_OURS}ForgottenForm",
    "reset_password_from_key": f"{_OURS}ResetForm",
}
MFA_FORMS = {
    "authenticate": f"{_OURS}CodeForm",
    "reauthenticate": f"{_OURS}CodeAgainForm",
    "activate_totp": f"{_OURS}SetUpAppForm",
    "add_webauthn": f"{_OURS}AddPasskeyForm",
    "edit_webauthn": f"{_OURS}RenamePasskeyForm",
}
MFA_ADAPTER = "virtual_school.access.allauth.MFAAdapter"
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
"""Messages name people: they stay on the server."""
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "signup": "20/m/ip",
    "confirm_email": "1/3m/key",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_TOTP_ISSUER = "Virtual School"
MFA_RECOVERY_CODE_COUNT = 10
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS
USERSESSIONS_TRACK_ACTIVITY = False

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_IDLE_SECONDS = 30 * 60
SESSION_IDLE_SECONDS_AT_HOME = 15 * 60
"""For carers and young people, whose phone somebody else may pick up."""
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
if IS_HTTPS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
    SECURE_HSTS_SECONDS = 63_072_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}

LANGUAGE_CODE = "en-gb"
LANGUAGES_BIDI = ["he", "ar", "ar-dz", "ckb", "fa", "fa-af", "ps", "ug", "ur"]
"""Django's own list lacks Pashto, which would be laid out left to right without an error."""
TIME_ZONE = "Europe/London"
USE_TZ = True
DATE_FORMAT = "j F Y"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TESTING
WHITENOISE_AUTOREFRESH = TESTING
MEDIA_ROOT = HOME / "files"
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
LARGEST_UPLOAD = 100 * 1024 * 1024

EMAIL_BACKEND = os.environ.get("VIRTUAL_SCHOOL_EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = HOME / "mail"
EMAIL_HOST = os.environ.get("VIRTUAL_SCHOOL_SMTP_HOST", "")
if EMAIL_HOST:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_PORT = int(os.environ.get("VIRTUAL_SCHOOL_SMTP_PORT", "587"))
    EMAIL_HOST_USER = os.environ.get("VIRTUAL_SCHOOL_SMTP_USER", "")
    EMAIL_HOST_PASSWORD = os.environ.get("VIRTUAL_SCHOOL_SMTP_PASSWORD", "")
    EMAIL_USE_TLS = True
DEFAULT_FROM_EMAIL = os.environ.get("VIRTUAL_SCHOOL_MAIL_FROM", "virtual-school@localhost")
BASE_URL = os.environ.get("VIRTUAL_SCHOOL_URL", f"http://localhost:{os.environ.get('PORT', '8000')}")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"virtual_school": {"level": "INFO"}},
}
