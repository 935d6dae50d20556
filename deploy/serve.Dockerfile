# emotts serve, not as root, without a compiler or a GPU's libraries. Build in the repository's folder.
FROM python:3.11-slim
# torch for the processor alone is a tenth of the size; give another index for a GPU
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
COPY constraints.txt /tmp/constraints.txt
RUN pip install --no-cache-dir --constraint /tmp/constraints.txt --index-url "$TORCH_INDEX" torch torchaudio
COPY LICENSE MANIFEST.in README.md lexicon.tsv params.yaml pyproject.toml setup.py /source/
COPY emotts /source/emotts
RUN pip install --no-cache-dir --constraint /tmp/constraints.txt '/source[serve]' \
    && rm -r /source && useradd --create-home voice
USER voice
WORKDIR /home/voice
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s --retries=6 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health', timeout=5)"]
# a key in EMOTTS_API_KEY; without one it does not start
CMD ["emotts", "serve", "--host=0.0.0.0", "--port=8000", "--voice=/voice"]
