"""The sample's two years: its days, its events, and what each day does to orders, deliveries and recontacts.

Times inside the generator are whole seconds since the first midnight (local, Europe/Paris); -1 stands for "never".
"""

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from cxaudit.sample.world import CARRIERS

DAY = 86_400
HOUR = 3_600
START = datetime(2024, 10, 1)
DAYS = 730
END = DAYS * DAY
NEVER = -1
AFTERMATH_DAYS = 14

BASE_RECONTACT = 0.20
DEGRADED_RECONTACT = 0.22
DEGRADED_FROM = date(2026, 6, 1)


def day_of(when: date) -> int:
    """Days from the first day of the sample to `when`."""
    return (when - START.date()).days


@dataclass(frozen=True)
class Event:
    """A dated context event, with what it does to the world on its days.

    `orders` multiplies the orders of the day; `recontact` and `aftermath` are points (0-1) added to the recontact rate
    on its days and on the 14 days after; `late` is the share of parcels then late. With a `carrier`, it touches the
    orders of that one alone.
    """

    name: str
    kind: str
    starts_on: date
    ends_on: date
    orders: float = 1.0
    recontact: float = 0.0
    aftermath: float = 0.0
    late: float = 0.0
    carrier: str = ""

    @property
    def scope(self) -> str:
        """What it touches, as the list of events says it."""
        return f"carrier={self.carrier}" if self.carrier else "tout le site"

    @property
    def carriers(self) -> list[int]:
        """Positions of the carriers whose orders it touches."""
        return [CARRIERS.index(self.carrier)] if self.carrier else list(range(len(CARRIERS)))


EVENTS = (
    Event("Black Friday 2024", "peak", date(2024, 11, 25), date(2024, 12, 2), 3.0, 0.05, 0.02, 0.20),
    Event("Noël 2024", "season", date(2024, 12, 3), date(2024, 12, 24), 1.5),
    Event("Soldes d’hiver 2025", "promotion", date(2025, 1, 8), date(2025, 2, 4), 1.35),
    Event("Soldes d’été 2025", "promotion", date(2025, 6, 25), date(2025, 7, 22), 1.3),
    Event("Black Friday 2025", "peak", date(2025, 11, 24), date(2025, 12, 1), 3.2, 0.05, 0.02, 0.20),
    Event("Noël 2025", "season", date(2025, 12, 2), date(2025, 12, 24), 1.5),
    Event("Soldes d’hiver 2026", "promotion", date(2026, 1, 7), date(2026, 2, 3), 1.35),
    Event("Soldes d’été 2026", "promotion", date(2026, 6, 24), date(2026, 7, 21), 1.3),
    Event(
        "Grève du transporteur Colivert",
        "incident",
        date(2026, 7, 6),
        date(2026, 7, 17),
        recontact=0.14,
        aftermath=0.06,
        late=0.80,
        carrier="Colivert",
    ),
    Event("Lancement de la collection Atelier", "launch", date(2026, 8, 24), date(2026, 9, 6), 1.6, 0.03),
)

# January to December: a home-linen shop sells in autumn and in January, and rests in August.
_SEASON = (1.05, 0.92, 0.95, 0.95, 1.0, 0.95, 0.9, 0.78, 1.0, 1.08, 1.15, 1.2)
_WEEKDAY = (1.08, 1.0, 0.98, 0.97, 0.9, 0.92, 1.15)
_YEARLY_GROWTH = 0.06


def calendar_days() -> np.ndarray:
    """The 730 days as datetime64[D]."""
    return np.datetime64(START.date()) + np.arange(DAYS)


def event_days(event: Event) -> slice:
    """The event's days as a slice of the calendar."""
    return slice(day_of(event.starts_on), day_of(event.ends_on) + 1)


def order_intensity() -> np.ndarray:
    """Relative orders a day, mean 1."""
    days = calendar_days()
    month = days.astype("datetime64[M]").astype(int) % 12
    weekday = (days.astype(int) + 3) % 7
    intensity = np.take(_SEASON, month) * np.take(_WEEKDAY, weekday) * (1 + _YEARLY_GROWTH * np.arange(DAYS) / 365)
    for event in EVENTS:
        intensity[event_days(event)] *= event.orders
    return intensity / intensity.mean()


def recontact_target() -> np.ndarray:
    """The planted 30-day recontact rate of first contacts (0-1), by day (rows) and carrier of the order (columns)."""
    target = np.full((DAYS, len(CARRIERS)), BASE_RECONTACT)
    target[day_of(DEGRADED_FROM) :] = DEGRADED_RECONTACT
    extra = np.zeros_like(target)
    for event in EVENTS:
        days = event_days(event)
        after = slice(days.stop, days.stop + AFTERMATH_DAYS)
        for rows, points in ((days, event.recontact), (after, event.aftermath)):
            extra[rows, event.carriers] = np.maximum(extra[rows, event.carriers], points)
    return target + extra


def normal_days() -> np.ndarray:
    """True on the days that no event or aftermath moves the recontact rate."""
    base = np.where(np.arange(DAYS) < day_of(DEGRADED_FROM), BASE_RECONTACT, DEGRADED_RECONTACT)
    return np.isclose(recontact_target(), base[:, None]).all(axis=1)
