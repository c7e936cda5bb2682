"""A labelled benchmark of detection: seeded payloads of telemetry, benign and leaking, and a judge. README.md says how doubtful rows are decided."""
