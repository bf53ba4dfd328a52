"""Orders of one chunk: who buys what and when, how it is delivered, what comes back; then what complaints cost."""

from dataclasses import dataclass

import numpy as np

from cxaudit.sample.calendar import DAY, DAYS, END, EVENTS, HOUR, NEVER, event_days, order_intensity
from cxaudit.sample.catalogue import products
from cxaudit.sample.draws import Rng, balanced, pick, pick_rows
from cxaudit.sample.rows import Rows
from cxaudit.sample.world import CARRIERS, World

HOUR_WEIGHTS = (0, 0, 0, 0, 0, 0, 1, 2, 4, 5, 6, 6, 7, 7, 6, 5, 5, 6, 7, 8, 10, 11, 8, 4)
CODES = (("", 0.0), ("BIENVENUE10", 0.10), ("ALBA15", 0.15), ("SOLDES20", 0.20), ("BLACK25", 0.25))
FREE_SHIPPING_FROM, SHIPPING = 80.0, 4.9
OVERDRAW = 1.12
WINDOW_DAYS = 90


@dataclass(frozen=True)
class Orders(Rows):
    """Orders sorted by customer, then time: arrays of one length. Times are seconds, NEVER where there is none."""

    customer: np.ndarray
    at: np.ndarray
    product: np.ndarray
    second: np.ndarray
    third: np.ndarray
    items: np.ndarray
    quantity: np.ndarray
    subtotal: np.ndarray
    code: np.ndarray
    discount: np.ndarray
    shipping: np.ndarray
    carrier: np.ndarray
    cancelled_at: np.ndarray
    test: np.ndarray
    zero: np.ndarray
    shipped_at: np.ndarray
    promised_day: np.ndarray
    delivered_at: np.ndarray
    returned_at: np.ndarray
    refunded_at: np.ndarray
    refund_share: np.ndarray

    @property
    def day(self) -> np.ndarray:
        """Day number of the order."""
        return self.at // DAY

    @property
    def amount(self) -> np.ndarray:
        """What was paid, euros."""
        return np.where(self.zero, 0.0, np.round(self.subtotal - self.discount + self.shipping, 2))

    @property
    def counted(self) -> np.ndarray:
        """Orders that count as orders: neither cancelled, nor test, nor of no amount."""
        return (self.cancelled_at == NEVER) & ~self.test & (self.amount > 0)

    @property
    def repurchase(self) -> np.ndarray:
        """Orders that count as a purchase: counted, and not fully refunded."""
        return self.counted & (self.refund_share < 1)

    @property
    def late(self) -> np.ndarray:
        """Delivered after the promised day."""
        return (self.delivered_at != NEVER) & (self.delivered_at // DAY > self.promised_day)


def draw_orders(size: int, world: World, rng: Rng) -> Orders:
    """Candidate orders, somewhat more than `size`, before what complaints take away."""
    buyers = int(size / world.orders_mean * OVERDRAW) + 60
    loyalty = rng.gamma(world.loyalty_shape, 1 / world.loyalty_shape, size=buyers)
    per_buyer = rng.poisson(loyalty * world.orders_mean)
    customer = np.repeat(np.arange(buyers), per_buyer)
    at = draw_times(len(customer), rng)
    order = np.lexsort((at, customer))
    return _fill(customer[order], at[order], world, rng)


def draw_times(size: int, rng: Rng) -> np.ndarray:
    """Seconds at which orders fall: the calendar's days, the evening's hours."""
    day = pick(order_intensity(), size, rng)
    hour = pick(HOUR_WEIGHTS, size, rng)
    return day * DAY + hour * HOUR + rng.integers(HOUR, size=size)


def _fill(customer: np.ndarray, at: np.ndarray, world: World, rng: Rng) -> Orders:
    size = len(at)
    catalogue = products()
    first, second, third = (pick(tuple(p.weight for p in catalogue), size, rng) for _ in range(3))
    items = 1 + pick((0.58, 0.29, 0.13), size, rng)
    quantity = 1 + pick((0.88, 0.12), size, rng)
    price = np.array([p.price for p in catalogue])
    subtotal = price[first] * quantity + price[second] * (items > 1) + price[third] * (items > 2)
    code = _codes(at // DAY, rng)
    discount = np.round(subtotal * np.array([cut for _, cut in CODES])[code], 2)
    test = rng.random(size) < world.test
    zero = ~test & (rng.random(size) < world.zero_amount)
    carrier = pick((0.55, 0.28, 0.17), size, rng)
    cancelled_at = np.where(
        ~test & ~zero & (rng.random(size) < world.cancelled), at + rng.integers(HOUR, 2 * DAY, size=size), NEVER
    )
    delivery = _deliver(at, carrier, world, rng)
    never = (cancelled_at != NEVER) | test | (delivery["delivered_at"] >= END)
    delivered_at = np.where(never, NEVER, delivery["delivered_at"])
    returned, refunded_at, share = _return(delivered_at, cancelled_at, world, rng)
    return Orders(
        customer=customer,
        at=at,
        product=first,
        second=second,
        third=third,
        items=items,
        quantity=quantity,
        subtotal=subtotal,
        code=code,
        discount=discount,
        shipping=np.where(subtotal - discount < FREE_SHIPPING_FROM, SHIPPING, 0.0),
        carrier=carrier,
        cancelled_at=cancelled_at,
        test=test,
        zero=zero,
        shipped_at=np.where(delivered_at == NEVER, NEVER, delivery["shipped_at"]),
        promised_day=delivery["promised_day"],
        delivered_at=delivered_at,
        returned_at=returned,
        refunded_at=refunded_at,
        refund_share=share,
    )


def _codes(day: np.ndarray, rng: Rng) -> np.ndarray:
    weights = np.tile((0.80, 0.11, 0.09, 0.0, 0.0), (DAYS, 1))
    for event in EVENTS:
        if event.kind == "promotion":
            weights[event_days(event), 3] = 0.45
        elif event.kind == "peak":
            weights[event_days(event), 4] = 1.6
    return pick_rows(weights[day], rng)


def late_probability(world: World) -> np.ndarray:
    """Share of parcels late by day of shipping (rows) and carrier (columns)."""
    late = np.full((DAYS, len(CARRIERS)), world.late)
    for event in EVENTS:
        if event.late:
            late[event_days(event), event.carriers] = event.late
    return late


def _deliver(at: np.ndarray, carrier: np.ndarray, world: World, rng: Rng) -> dict[str, np.ndarray]:
    size = len(at)
    shipped_day = np.minimum(at // DAY + 1 + pick((0.6, 0.3, 0.1), size, rng), DAYS - 1)
    transit = 2 + pick((0.25, 0.5, 0.25), size, rng)
    promised_day = shipped_day + transit
    is_late = rng.random(size) < late_probability(world)[shipped_day, carrier]
    early = np.minimum(pick((0.5, 0.35, 0.15), size, rng), transit - 1)
    delay = 1 + rng.geometric(0.28, size=size).clip(max=14) - 1
    delivered_day = promised_day + np.where(is_late, delay, -early)
    return {
        "shipped_at": shipped_day * DAY + rng.integers(8 * HOUR, 19 * HOUR, size=size),
        "promised_day": promised_day,
        "delivered_at": delivered_day * DAY + rng.integers(8 * HOUR, 20 * HOUR, size=size),
    }


def _return(
    delivered_at: np.ndarray, cancelled_at: np.ndarray, world: World, rng: Rng
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    size = len(delivered_at)
    back = (delivered_at != NEVER) & (rng.random(size) < world.returned)
    returned_at = np.where(back, delivered_at + rng.integers(2 * DAY, 16 * DAY, size=size), NEVER)
    wait = (rng.gamma(2.2, 4.0, size=size) * DAY).astype(np.int64) + DAY
    cancelled = cancelled_at != NEVER
    refunded_at = np.where(back, returned_at + wait, np.where(cancelled, cancelled_at + wait // 2, NEVER))
    full = (rng.random(size) < world.refunded_fully) | cancelled
    part = np.round(rng.uniform(0.2, 0.7, size=size), 2)
    share = np.where(refunded_at == NEVER, 0.0, np.where(full, 1.0, part))
    seen = (returned_at < END) & (refunded_at < END)
    return np.where(returned_at < END, returned_at, NEVER), np.where(seen, refunded_at, NEVER), np.where(seen, share, 0)


@dataclass(frozen=True)
class Deterred:
    """What complaints took away, by order: which stay, which complaint took a repurchase, whether it was the first."""

    kept: np.ndarray
    taken: np.ndarray
    first: np.ndarray


def deter(orders: Orders, complained_at: np.ndarray, world: World, rng: Rng) -> Deterred:
    """Take away the repurchases that complaints cost: `complaint_effect` points of all complaints, within 90 days.

    Complaints are taken in order for each customer, so that one on an order that never happens has no effect.
    """
    kept = np.ones(len(orders), dtype=bool)
    pending = complained_at != NEVER
    taken, first_ones = np.zeros(len(orders), dtype=bool), np.zeros(len(orders), dtype=bool)
    while (pending & kept).any():
        first = _first_pending(orders.customer, complained_at, pending & kept)
        first_ones[first] |= not first_ones.any()
        pending[first] = False
        since = np.full(orders.customer.max() + 1, END, dtype=np.int64)
        since[orders.customer[first]] = complained_at[first]
        start = since[orders.customer]
        inside = kept & (orders.at > start) & (orders.day <= start // DAY + WINDOW_DAYS)
        would = np.bincount(orders.customer, weights=inside & orders.repurchase, minlength=len(since)) > 0
        hit = first[_deterred(would[orders.customer[first]], complained_at[first], world, rng)]
        taken[hit] = True
        gone = np.zeros(len(since), dtype=bool)
        gone[orders.customer[hit]] = True
        kept &= ~(inside & gone[orders.customer])
    return Deterred(kept, taken, first_ones)


def _deterred(would: np.ndarray, complained_at: np.ndarray, world: World, rng: Rng) -> np.ndarray:
    """Which complaints take a repurchase away: enough of those that had one coming for the planted points."""
    mature = complained_at // DAY + WINDOW_DAYS < DAYS
    coming = would[mature].mean() if mature.any() else 1.0
    share = min(1.0, -world.complaint_effect / max(coming, 1e-9))
    return balanced(np.where(would, share, 0.0), mature * 2 + would, complained_at, rng)


def _first_pending(customer: np.ndarray, at: np.ndarray, pending: np.ndarray) -> np.ndarray:
    rows = np.flatnonzero(pending)
    rows = rows[np.lexsort((at[rows], customer[rows]))]
    return rows[np.unique(customer[rows], return_index=True)[1]]


def trim(orders: Orders, size: int, rng: Rng) -> np.ndarray:
    """Positions of exactly `size` orders: whole customers, the last gap filled with single-order ones."""
    count = np.bincount(orders.customer)
    buyers = rng.permutation(np.flatnonzero(count))
    total = np.cumsum(count[buyers])
    last = int(np.searchsorted(total, size, side="right"))
    chosen = np.zeros(len(count), dtype=bool)
    chosen[buyers[:last]] = True
    missing = size - int(total[last - 1]) if last else size
    spare = buyers[last:]
    singles = spare[count[spare] == 1][:missing]
    if len(singles) < missing:
        raise ValueError(f"{len(orders)} candidate orders are too few for {size}")
    chosen[singles] = True
    return np.flatnonzero(chosen[orders.customer])
