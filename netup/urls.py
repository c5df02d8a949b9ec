"""Every address of the installation."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularRedocView, SpectacularSwaggerView

from personalization.api import health

api_v1: list[URLPattern | URLResolver] = [
    path("openapi.json", SpectacularJSONAPIView.as_view(), name="openapi"),
    path("", include("catalog.api.urls")),
    path("", include("objectives.api.urls")),
]
if find_spec("personalization.api.urls"):
    api_v1.append(path("", include("personalization.api.urls")))

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("metrics", health.metrics, name="metrics"),
    path("api/v1/", include(api_v1)),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="openapi"), name="api-docs"),
    path(
        "api/docs/redoc/",
        SpectacularRedocView.as_view(url_name="openapi", template_name="netup/redoc.html"),
        name="api-redoc",
    ),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("netup.demo.urls")),
]

handler400 = "catalog.api.problems.bad_request"
handler403 = "catalog.api.problems.permission_denied"
handler404 = "catalog.api.problems.page_not_found"
handler500 = "catalog.api.problems.server_error"
