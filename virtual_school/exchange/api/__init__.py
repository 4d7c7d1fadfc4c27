"""The HTTP API for programs: `/api/v1/`. What it takes and answers is told in docs/api.md."""
