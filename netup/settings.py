"""Every setting of the installation, read from the environment; unset means embedded, nonsense is refused loudly."""

from pathlib import Path
from typing import Any

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from netup import looks
from netup.databases import database

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env_file = BASE_DIR / ".env"
if env_file.exists():
    env.read_env(env_file)

# Where the installation keeps what it makes itself: the embedded database, the memory's arrays, logs.
VAR_DIR = Path(env.str("NETUP_VAR", str(BASE_DIR / "var")))


def _folder(path: Path) -> Path:
    """A folder of the installation's own, made when it is missing."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"{path}: expected a folder that can be written ({error.strerror})") from error
    return path


def _secret_key() -> str:
    """The secret of the environment, or one made once and kept for this installation."""
    if configured := env.str("SECRET_KEY", ""):
        return str(configured)
    path = VAR_DIR / "secret_key"
    if not path.exists():
        _folder(VAR_DIR)
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key())
    return path.read_text()


DEBUG = env.bool("DEBUG", False)
SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "corsheaders",
    "csp",
    "axes",
    "tree_queries",
    "django_celery_beat",
    "catalog",
    "objectives",
    "personalization",
    "netup",
]

MIDDLEWARE = [
    "catalog.api.request_id.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "csp.middleware.CSPMiddleware",
    "netup.content_security.PagePolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "netup.urls"
WSGI_APPLICATION = "netup.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- Database ---------------------------------------------------------------------------------------------------

# The name of the test database: engineers who share one server keep theirs apart.
TEST_DATABASE = "test_netup" + env.str("NETUP_TEST_SUFFIX", "")
DATABASES = {"default": database(env, embedded_home=VAR_DIR / "postgres", test_name=TEST_DATABASE)}

# --- Background work --------------------------------------------------------------------------------------------

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "filesystem://localhost")
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = False
CELERY_RESULT_EXPIRES = 86_400
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False  # a frozen broker must not hold a request
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = {
    "append-ended-visits": {"task": "personalization.tasks.append_ended_visits", "schedule": 20.0},
    "resume-rebuilds": {"task": "personalization.tasks.resume_rebuilds", "schedule": 30.0},
    "forget-visits-without-consent": {"task": "personalization.tasks.forget_visits_without_consent", "schedule": 300.0},
    # Before the nightly rebuilds, which then know nothing of it.
    "forget-outdated": {"task": "personalization.tasks.forget_outdated", "schedule": crontab(hour="2", minute="40")},
    "rebuild-memories": {"task": "personalization.tasks.rebuild_memories", "schedule": crontab(hour="3", minute="10")},
    # What was asked for, and what a killed worker left; it ends at once where there is nothing.
    "compare-approaches": {"task": "personalization.tasks.compare_approaches", "schedule": 60.0},
    "guard-campaigns": {"task": "personalization.tasks.guard_campaigns", "schedule": 60.0},
    "ask-for-comparisons": {
        "task": "personalization.tasks.ask_for_comparisons",
        "schedule": crontab(hour="4", minute="20", day_of_month="1"),
    },
}
if CELERY_BROKER_URL.startswith("filesystem"):
    _broker = VAR_DIR / "broker"
    for folder in ("queue", "control", "results"):
        _folder(_broker / folder)
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "data_folder_in": str(_broker / "queue"),
        "data_folder_out": str(_broker / "queue"),
        "control_folder": str(_broker / "control"),
    }
    CELERY_RESULT_BACKEND = env.str("CELERY_RESULT_BACKEND", f"file://{_broker / 'results'}")
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 600,  # what a killed worker held comes back after this many seconds
        "socket_timeout": 1.0,  # a frozen broker blocks nobody longer than a second
        "socket_connect_timeout": 1.0,
    }
    CELERY_RESULT_BACKEND = env.str("CELERY_RESULT_BACKEND", CELERY_BROKER_URL)

# --- Cache ------------------------------------------------------------------------------------------------------

CACHES = {
    "default": env.cache("CACHE_URL", default="locmemcache://"),
}

# --- Sign-in and security ---------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_DISABLE_ACCESS_LOG = True  # no address of anybody is kept
LOGIN_REDIRECT_URL = reverse_lazy("admin:index")  # unfold's sign-in form carries no "next"
LOGIN_URL = reverse_lazy("admin:login")

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_TLS_PROXY", False) else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("SECURE_COOKIES", False)
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", False)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_HSTS_SECONDS > 0
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "base-uri": [SELF],
    }
}

# Browsers call the API from any store's pages; each public key has its own allow-list of origins.
CORS_ALLOW_ALL_ORIGINS = True
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_HEADERS = ["authorization", "content-type", "x-request-id", "idempotency-key"]
CORS_EXPOSE_HEADERS = ["x-request-id", "retry-after"]

# --- Admin ------------------------------------------------------------------------------------------------------

UNFOLD = looks.UNFOLD

# --- REST -------------------------------------------------------------------------------------------------------

# Largest body that any call accepts, in bytes.
DATA_UPLOAD_MAX_MEMORY_SIZE = env.int("MAX_BODY_BYTES", 5 * 1024 * 1024)
# What one key may ask of one web process: so many requests a second, after a burst of so many at once.
API_REQUESTS_PER_SECOND = env.float("API_REQUESTS_PER_SECOND", 500.0)
API_BURST = env.int("API_BURST", 2000)
# With a token set, /metrics answers only to its bearer.
METRICS_TOKEN = env.str("METRICS_TOKEN", "")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],  # keys, permissions and bounded bodies come with StoreView
    "DEFAULT_RENDERER_CLASSES": ["catalog.api.rendering.JsonRenderer"],
    "DEFAULT_SCHEMA_CLASS": "catalog.api.schema.ApiSchema",
    "EXCEPTION_HANDLER": "catalog.api.problems.problem_handler",
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Inductive personalization",
    "DESCRIPTION": (
        "Send events, keep the catalog, and ask what suits this visit now. Every call carries a key of the store "
        "(`Authorization: Bearer sk_…`); errors are RFC 9457 problem details whose `type` and `code` never change, "
        "in words that follow `Accept-Language`."
    ),
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "LICENSE": {"name": "Apache-2.0"},
    "SERVERS": [{"url": env.str("PUBLIC_URL", "/"), "description": "This installation"}],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {  # where members of one name have different choices
        "RelationKindEnum": "personalization.api.answer_shapes.RELATION_KINDS",
        "StepEnum": "personalization.api.campaign_shapes.STEPS_OF_KEYS",
        "ZoneKindEnum": "objectives.api.shapes.ZONE_KINDS",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "TAGS": [
        {"name": "catalog", "description": "What the store sells."},
        {"name": "objectives", "description": "What the merchant steers: zones, campaigns, rules."},
        {"name": "personalization", "description": "Events in, recommendations and listings out."},
    ],
}

# --- Language, time, money --------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Files ------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = _folder(VAR_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True

# --- Memory -----------------------------------------------------------------------------------------------------

# Local copies of the arrays that every process of this machine maps.
MEMORY_DIR = Path(env.str("MEMORY_DIR", str(VAR_DIR / "memory")))
# Situations a generation keeps as vectors, the newest; trails of older visits stay. Bounds build time and disk.
MEMORY_MOST_SITUATIONS = env.int("MEMORY_MOST_SITUATIONS", 300_000)
