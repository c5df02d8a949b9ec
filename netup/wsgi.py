"""The web server's door."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netup.settings")

application = get_wsgi_application()

# Models can be imported only once the application stands.
from personalization.warming import warm_in_background  # noqa: E402

warm_in_background()
