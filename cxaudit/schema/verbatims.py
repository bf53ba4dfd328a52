"""The labels a verbatim can bear, and the two sentiments that group them."""

LABELS = (
    "anger",
    "annoyance",
    "disappointment",
    "irony",
    "worry",
    "confusion",
    "relief",
    "gratitude",
    "satisfaction",
    "neutral",
)
# Irony stands in neither group: an ironic text counts as negative only by another label that it earns.
NEGATIVE = ("anger", "annoyance", "disappointment", "worry", "confusion")
POSITIVE = ("relief", "gratitude", "satisfaction")
SENTIMENTS = ("negative", "positive")
