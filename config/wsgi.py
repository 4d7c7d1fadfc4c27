"""What the server serves. It does not start as a database role that could step around row-level security."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection

from config.roles import refuse_old, refuse_unsafe_role
from config.warm import load_pages

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from virtual_school.access.demo_mode import refuse_real_data  # noqa: E402  (needs the apps)

refuse_unsafe_role(connection)
refuse_old(connection.connection.info.server_version)
if settings.DEMO:
    refuse_real_data()
connection.close()
load_pages()
