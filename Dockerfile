# One image for web, worker and beat; which of them it is, the command says (see compose.yaml).
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN useradd --system --create-home --home-dir /srv/netup netup
WORKDIR /srv/netup

COPY requirements.txt .
RUN pip install --quiet --root-user-action=ignore -r requirements.txt

COPY . .
# The one folder it writes to; a volume mounted there belongs to the account from its first use.
RUN install -d -o netup -g netup -m 0700 var
USER netup

EXPOSE 8000
CMD ["python", "-m", "granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--no-ws", \
     "--workers", "1", "--blocking-threads", "4", "--respawn-failed-workers", "netup.wsgi:application"]
