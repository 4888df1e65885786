"""What those who read feeds, calendars and pictures make of them. Each line read is a file; each line written is what it says."""

import json
import sys
import xml.etree.ElementTree

import feedparser
import icalendar


def moment(parsed):
    return "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*parsed[:6])


def feed(text):
    read = feedparser.parse(text.encode())
    said = lambda one: one.content[0].value if "content" in one else one.summary
    # What it holds, not what is left of it where a reader is careful.
    bare = feedparser.parse(text.encode(), sanitize_html=False)
    held = [said(one) for one in bare.entries]
    entry = lambda one: {
        "id": one.id,
        "title": one.title,
        "link": one.link,
        "said": said(one),
        "published": moment(one.published_parsed),
        "updated": moment(one.updated_parsed) if "updated_parsed" in one else None,
    }
    wrong = str(read.bozo_exception) if read.bozo else None
    language = read.feed.get("language") or read.feed.get("xml_lang")
    title = {"version": read.version, "title": read.feed.title, "link": read.feed.link, "language": language}
    return {"wrong": wrong, **title, "entries": [entry(one) for one in read.entries], "held": held}


def calendar(text):
    read = icalendar.Calendar.from_ical(text)
    event = lambda one: {
        "uid": str(one["uid"]),
        "summary": str(one["summary"]),
        "description": str(one["description"]),
        "status": str(one["status"]),
        "sequence": int(one["sequence"]),
        "from": one["dtstart"].dt.isoformat(),
        "until": one["dtend"].dt.isoformat(),
        "url": str(one["url"]),
    }
    return {"name": str(read["x-wr-calname"]), "events": [event(one) for one in read.walk("vevent")]}


def tree(text):
    """Every element and attribute, and all text there is."""
    root = xml.etree.ElementTree.fromstring(text)
    names = sorted({element.tag.split("}")[-1] for element in root.iter()})
    attributes = sorted({name.split("}")[-1] for element in root.iter() for name in element.attrib})
    return {"names": names, "attributes": attributes, "text": "".join(root.itertext())}


READERS = {"feed": feed, "calendar": calendar, "tree": tree}

for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps(READERS[asked["as"]](asked["text"])), flush=True)
