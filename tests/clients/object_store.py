"""An object store that speaks S3. It takes nothing that is not signed as AWS's own library would sign it.

Each line read asks where it is, for all objects, for the requests since it was last asked, or says how many may succeed before it fails.
"""

import datetime
import json
import sys
import threading
import urllib.parse

import boto3
import botocore.auth
import botocore.awsrequest
import botocore.credentials
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

ACCESS, SECRET, REGION, BUCKET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "eu-north-1", "status"
state = {"left": None, "requests": []}


def is_signed(environ):
    query = urllib.parse.parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    signing = {name: value for name, value in query if name.startswith("X-Amz-")}
    if "X-Amz-Signature" not in signing:
        return False
    header = lambda name: environ.get("HTTP_" + name.upper().replace("-", "_"), environ.get(name.upper().replace("-", "_")))
    headers = {name: header(name) for name in signing["X-Amz-SignedHeaders"].split(";") if name != "host"}
    path = urllib.parse.quote(environ["PATH_INFO"].encode("latin-1"), safe="/~-._")
    url = f"http://{environ['HTTP_HOST']}{path}"
    request = botocore.awsrequest.AWSRequest(method=environ["REQUEST_METHOD"], url=url, headers=headers)
    then = datetime.datetime.strptime(signing["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
    botocore.auth.get_current_datetime = lambda *_, **__: then
    credentials = botocore.credentials.Credentials(ACCESS, SECRET)
    botocore.auth.S3SigV4QueryAuth(credentials, "s3", REGION, expires=int(signing["X-Amz-Expires"])).add_auth(request)
    expected = urllib.parse.parse_qs(urllib.parse.urlsplit(request.url).query)["X-Amz-Signature"]
    return expected == [signing["X-Amz-Signature"]]


class Guarded(DomainDispatcherApplication):
    def __call__(self, environ, start_response):
        if "X-Amz-Date" not in environ.get("QUERY_STRING", ""):
            # The one who asks below.
            return super().__call__(environ, start_response)
        state["requests"].append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        if not is_signed(environ):
            return refuse(start_response, "403 Forbidden", "SignatureDoesNotMatch")
        if state["left"] is not None:
            if state["left"] == 0:
                return refuse(start_response, "503 Service Unavailable", "SlowDown")
            state["left"] -= 1
        return super().__call__(environ, start_response)


def refuse(start_response, status, code):
    start_response(status, [("content-type", "application/xml")])
    return [f"<Error><Code>{code}</Code></Error>".encode()]


app = Guarded(create_backend_app)
server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=MotoRequestHandler)
threading.Thread(target=server.serve_forever, daemon=True).start()
host, port = server.server_address
client = boto3.client(
    "s3", endpoint_url=f"http://{host}:{port}", region_name=REGION, aws_access_key_id=ACCESS, aws_secret_access_key=SECRET
)
client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})


def objects():
    found = {}
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET):
        for one in page.get("Contents", []):
            got = client.get_object(Bucket=BUCKET, Key=one["Key"])
            text = got["Body"].read().decode("utf-8", "replace")
            found[one["Key"]] = {"type": got["ContentType"], "cache": got.get("CacheControl"), "text": text}
    return found


for line in sys.stdin:
    asked = json.loads(line)
    if asked["ask"] == "where":
        answer = {"endpoint": f"http://{host}:{port}", "access": ACCESS, "secret": SECRET, "region": REGION, "bucket": BUCKET}
    elif asked["ask"] == "objects":
        answer = objects()
    elif asked["ask"] == "requests":
        answer, state["requests"] = state["requests"], []
    else:
        state["left"] = asked["left"]
        answer = {}
    print(json.dumps(answer), flush=True)
