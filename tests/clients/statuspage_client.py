"""What a program made for Statuspage makes of a page: an exporter of metrics, asked for each line read, which is an address."""

import json
import os
import sys
import tempfile

os.environ["SERVICES_JSON_PATH"] = os.path.join(tempfile.mkdtemp(), "services.json")
with open(os.environ["SERVICES_JSON_PATH"], "w") as services:
    services.write("{}")
os.chdir(os.path.dirname(os.environ["SERVICES_JSON_PATH"]))

from statuspage_prometheus_exporter import service_checker

for number, line in enumerate(sys.stdin):
    url = json.loads(line)
    told = service_checker.check_status_page_service(f"shop-{number}", {"name": "Shop", "url": url})
    told.pop("response_time", None)
    print(json.dumps(told), flush=True)
