"""The HTTP API of finished voices: speech by OpenAI's names, with emotions."""
