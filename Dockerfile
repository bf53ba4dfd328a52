# The app alone: no root, no telemetry, no network at run time. See docs/hosting.md.
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1
WORKDIR /app

COPY requirements.txt ./
RUN pip install -r requirements.txt && useradd --create-home --uid 10001 audit

COPY .streamlit ./.streamlit
COPY cxaudit ./cxaudit
COPY pages ./pages
COPY sample_data ./sample_data
COPY app.py ./
# Only where the figures that ship with the sample no longer match the code.
RUN python -m cxaudit.ui.shipped

USER audit
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]

# Inside the container the server must listen beyond 127.0.0.1; publish the port to a reverse proxy, never to the world.
CMD ["python", "-m", "streamlit", "run", "app.py", "--server.address=0.0.0.0", "--server.port=8501", "--server.headless=true"]
