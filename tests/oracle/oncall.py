"""Who is on call, worked out in another way: an oracle for the schedules of Muster.

Reads schedules as JSON, one a line, and answers each with who is on call at the moments it asks about. It shares nothing
with Muster but the rules: it walks every turn from the first, with zoneinfo and dateutil.
"""

import json
import sys
from bisect import bisect_right
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from dateutil.tz import datetime_exists

UTC = timezone.utc
END = datetime(2031, 1, 1)


@lru_cache(maxsize=None)
def instant(civil, zone):
    """The earlier moment of that civil time, or the first one after the gap it falls into."""
    aware = civil.replace(tzinfo=ZoneInfo(zone), fold=0)
    if datetime_exists(aware):
        return int(aware.timestamp())
    # Somewhere in these two days the clock jumps over it: look for the first moment that is not before it.
    low = int(civil.replace(tzinfo=UTC).timestamp()) - 172_800
    high = low + 345_600
    while low < high:
        middle = (low + high) // 2
        shown = datetime.fromtimestamp(middle, ZoneInfo(zone)).replace(tzinfo=None)
        if shown < civil:
            low = middle + 1
        else:
            high = middle
    return low


def step(unit, count, turns):
    return relativedelta(**{unit: count * turns})


class Layer:
    def __init__(self, said):
        self.said = said
        self.zone = said["zone"]
        first = datetime.fromisoformat(said["first"])
        unit, count = said["turn"]
        self.handoffs = []
        civil, turns = first, 0
        while civil < END:
            self.handoffs.append(instant(civil, self.zone))
            turns += 1
            civil = first + step(unit, count, turns)
        self.until = said["until"] and instant(datetime.fromisoformat(said["until"]), self.zone)

    def is_open(self, at):
        windows = self.said["windows"]
        if not windows:
            return True
        today = datetime.fromtimestamp(at, ZoneInfo(self.zone)).replace(tzinfo=None, hour=0, minute=0, second=0)
        for back in range(-1, 9):
            day = today - timedelta(days=back)
            for days, opens, lasts in windows:
                if days and day.weekday() not in days:
                    continue
                opening = day + timedelta(minutes=opens)
                closing = opening + timedelta(minutes=lasts)
                if instant(opening, self.zone) <= at < instant(closing, self.zone):
                    return True
        return False

    def who(self, at):
        turn = bisect_right(self.handoffs, at) - 1
        if turn < 0 or (self.until is not None and at >= self.until) or not self.is_open(at):
            return []
        return self.said["slots"][turn % len(self.said["slots"])]


for line in sys.stdin:
    asked = json.loads(line)
    layers = [Layer(said) for said in asked["layers"]]
    answers = []
    for at in asked["at"]:
        everybody = (layer.who(at) for layer in reversed(layers))
        answers.append(sorted(next((people for people in everybody if people), [])))
    print(json.dumps(answers), flush=True)
