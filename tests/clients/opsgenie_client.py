"""What somebody does with Opsgenie's own client. Each line read is a call; each line written is its answer."""

import json
import sys

import opsgenie_sdk
from opsgenie_sdk.exceptions import ApiException

BODIES = {
    "create_alert": ("create_alert_payload", opsgenie_sdk.CreateAlertPayload),
    "acknowledge_alert": ("acknowledge_alert_payload", opsgenie_sdk.AcknowledgeAlertPayload),
    "close_alert": ("close_alert_payload", opsgenie_sdk.CloseAlertPayload),
    "add_note": ("add_note_to_alert_payload", opsgenie_sdk.AddNoteToAlertPayload),
}

url, key, authority = sys.argv[1:]
config = opsgenie_sdk.Configuration()
config.host = url
config.ssl_ca_cert = authority
config.api_key["Authorization"] = key
config.retry_enabled = False
api = opsgenie_sdk.AlertApi(opsgenie_sdk.ApiClient(configuration=config))


def answer(call):
    named = call.get("named", {})
    if call["method"] in BODIES:
        name, body = BODIES[call["method"]]
        named[name] = body(**call["body"])
    try:
        done = getattr(api, call["method"])(**named)
        # What is asked for by a ticket is waited for, as this client does it.
        if hasattr(done, "retrieve_result"):
            done = done.retrieve_result()
        return {"done": json.loads(json.dumps(done.to_dict(), default=str))}
    except ApiException as error:
        return {"refused": error.status, "said": json.loads(error.body)}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
