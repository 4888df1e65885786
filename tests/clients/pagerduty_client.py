"""What somebody does with PagerDuty's own client. Each line read is a call; each line written is its answer."""

import json
import sys

import pagerduty


def answer(client, call):
    try:
        return {"done": getattr(client, call["method"])(*call.get("args", []), **call.get("named", {}))}
    except pagerduty.HttpError as error:
        return {"refused": error.response.status_code, "said": error.response.json()}


url, key = sys.argv[1:]
with pagerduty.EventsApiV2Client(key, base_url=url) as client:
    for line in sys.stdin:
        print(json.dumps(answer(client, json.loads(line))), flush=True)
