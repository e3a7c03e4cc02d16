"""Django settings, read from the environment (docs/reference/settings.md lists every variable)."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from souto.config import database, environment, identity, logging, storage

BASE_DIR = Path(__file__).resolve().parents[3]
PACKAGE_DIR = Path(__file__).resolve().parents[1]

DEMO = environment.DEMO.get()
DEBUG = False
STATE_DIR = environment.STATE.get()
COMPILED_DIR = environment.compiled_code(STATE_DIR)
CITY_DIR = environment.CITY.get()
DRAFT_DAYS = environment.DRAFT_DAYS.get()
DRAFT_WARNING_DAYS = environment.DRAFT_WARNING_DAYS.get()
FACES = environment.FACES.get()

# In production both keys are given; in demo and tests they are made once and kept in the state folder.
SECRET_KEY = database.secret("SOUTO_SECRET_KEY", STATE_DIR / "secret-key")
MASTER_KEY_FILE = environment.MASTER_KEY_FILE.get() or STATE_DIR / "master-key"
KEYS_DIR = environment.KEYS.get() or STATE_DIR / "keys"
BASE_URL = environment.BASE_URL.get()
ALLOWED_HOSTS = [*environment.HOSTS.get(), urlsplit(BASE_URL).hostname or "localhost"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE = BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "procrastinate.contrib.django",
    "souto.foundation.ui.apps.UiConfig",
    "souto.foundation.vault.apps.VaultConfig",
    "souto.foundation.audit.apps.AuditConfig",
    "souto.foundation.identity.apps.IdentityConfig",
    "souto.foundation.registry.apps.RegistryConfig",
    "souto.foundation.retention.apps.RetentionConfig",
    "souto.foundation.documents.apps.DocumentsConfig",
    "souto.foundation.notifications.apps.NotificationsConfig",
    "souto.services.procedures.apps.ProceduresConfig",
    "souto.services.payments.apps.PaymentsConfig",
    "souto.services.transit.apps.TransitConfig",
    "souto.services.applications.apps.ApplicationsConfig",
    "souto.services.casework.apps.CaseworkConfig",
    "souto.plan.apps.PlanConfig",
    "souto.web.apps.WebConfig",
    "souto.demo.apps.DemoConfig",
    "souto.config.apps.ConfigConfig",
]

MIDDLEWARE = [
    # First, so that answers of every layer below carry the policy: redirects, static files, error pages.
    "csp.middleware.CSPMiddleware",
    "souto.config.middleware.HealthMiddleware",
    "souto.config.middleware.RequestLogMiddleware",
    "souto.config.middleware.CanonicalHostMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "souto.foundation.ui.middleware.LanguageMiddleware",
    "souto.foundation.ui.middleware.PrivatePageMiddleware",
    "souto.foundation.ui.middleware.FuriganaMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "souto.foundation.identity.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "souto.foundation.ui.middleware.SignInAgainMiddleware",
    "souto.foundation.ui.middleware.ErrorPageMiddleware",
]

ROOT_URLCONF = "souto.config.urls"
ASGI_APPLICATION = "souto.config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "souto.foundation.ui.context.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "souto.foundation.ui.templatetags.souto",
                "souto.foundation.ui.templatetags.components",
                "souto.foundation.ui.templatetags.maps",
            ],
        },
    }
]

DATABASES = {"default": database.parse(environment.DATABASE_URL.get() or "postgresql://souto@127.0.0.1:5432/souto")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "identity.Account"
AUTHENTICATION_BACKENDS = ["souto.foundation.identity.backends.SessionBackend"]
LOGIN_URL = "identity:sign_in"

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("ja-easy", "やさしい日本語"), ("en", "English")]
USE_I18N = True
# The kernel is no Django app, so its catalogues (messages of its errors) are named here.
LOCALE_PATHS = [PACKAGE_DIR / "kernel" / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Tokyo"

STATIC_URL = "/static/"
STATIC_ROOT = environment.STATIC_ROOT.get() or STATE_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns of a folder that is not there
STORAGES = {
    "default": storage.backend(
        environment.STORAGE.get(),
        folder=STATE_DIR / "files",
        key=environment.STORAGE_KEY.get(),
        secret=environment.STORAGE_SECRET.get(),
    ),
    "staticfiles": {"BACKEND": "souto.foundation.ui.storage.VersionedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# Addresses carry the hash of their file (foundation/ui/storage.py).
WHITENOISE_MAX_AGE = 60 if DEMO else 2_592_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# Each face has its own cookies; a host that serves one face only never sees the other's.
SESSION_COOKIE_NAME = "souto_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_AGE = 60 * 60 * 24
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
CSRF_COOKIE_NAME = "souto_csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_FAILURE_VIEW = "souto.foundation.ui.errors.csrf_failure"
LANGUAGE_COOKIE_NAME = "souto_language"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY = "camera=(self), geolocation=(self), microphone=()"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        # Sign-in and payment forms answer with a redirect to the provider, which browsers count as a form target.
        "form-action": ["'self'", identity.provider_origin(demo=DEMO), *environment.FORM_TARGETS.get()],
    }
}

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = environment.SMTP_HOST.get()
EMAIL_PORT = environment.SMTP_PORT.get()
EMAIL_HOST_USER = environment.SMTP_USER.get()
EMAIL_HOST_PASSWORD = environment.SMTP_PASSWORD.get()
EMAIL_USE_TLS = environment.SMTP_TLS.get()
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = environment.MAIL_FROM.get()

# Other systems; each room reads the addresses of its own.
IDENTITY = identity.settings_of(demo=DEMO, state=STATE_DIR, base_url=BASE_URL)
CASHLESS_URL = environment.CASHLESS_URL.get()
CASHLESS_KEY = environment.CASHLESS_KEY.get()
CASHLESS_SECRET = environment.CASHLESS_SECRET.get()
CORE_SYSTEM_URL = environment.CORE_SYSTEM_URL.get()
HANDOVER_DIR = environment.HANDOVER_DIR.get() or STATE_DIR / "handover"
CLAMD = environment.CLAMD.get()
SIMULATION_EXECUTOR = environment.SIMULATION_EXECUTOR.get()
SIMULATION_PROCESSES = environment.SIMULATION_PROCESSES.get()
RAY_ADDRESS = environment.RAY_ADDRESS.get()
FONTS_DIR = PACKAGE_DIR / "foundation" / "ui" / "static" / "souto" / "fonts"

LOGGING = logging.configuration(style=environment.log_style(), level=environment.LOG_LEVEL.get())

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "procrastinate_tasks_are_bound_in_config_jobs"
