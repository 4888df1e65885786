//! Requests and checks by request. Nothing that is filled in decides where they go.

use super::super::fault::{Place, did_you_mean, typed};
use super::super::field::{Any, At, Entries, Field, Many, Words};
use super::super::raw::{RawCall, RawProbe};
use super::Builder;
use super::known::{Known, Seen};
use muster_core::runbook::{Body, Call, Part, Probe, StatusRange, Text};
use serde_json::Value;
use std::time::Duration;

const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
/// What belongs to the connection, and is not for a runbook to say: RFC 9110, 7.6.1, and what frames a message.
const CONNECTION: [&str; 9] = [
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "upgrade",
    "te",
    "trailer",
    "keep-alive",
    "proxy-connection",
];
/// The pause between two checks unless something is said, and the shortest.
const EVERY: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(1));

impl Builder<'_> {
    pub(super) fn call(&self, at: &At<RawCall>, known: &Known) -> Option<Call> {
        let raw = &at.value;
        let url = self.need(&raw.url, &at.place, "url", "say where to: `url: https://…`");
        let body = self.body((&raw.json, &raw.body), &at.place, known);
        let method = self.method(&raw.method, &at.place, body.is_some());
        let headers = self.headers(&raw.headers, known);
        let expect = self.expect(&raw.expect);
        Some(Call { method, url: self.url(url?, known)?, headers, body, expect })
    }

    pub(super) fn probe(&self, at: &At<RawProbe>, known: &Known) -> Option<Probe> {
        let raw = &at.value;
        let url = self.need(&raw.url, &at.place, "url", "say where to: `url: https://…`");
        let body = self.body((&raw.json, &raw.body), &at.place, known);
        let method = self.method(&raw.method, &at.place, body.is_some());
        let headers = self.headers(&raw.headers, known);
        let expect = self.expect(&raw.expect);
        let (usual, shortest) = EVERY;
        let every = self.limit(&raw.every).unwrap_or(usual);
        if every < shortest {
            self.fault(
                &at.place.lacks("every"),
                "this would be asked more than once a second",
                "write `every: 1s` or more",
            );
        }
        let times = match &raw.times {
            Field::Missing => 1,
            given @ (Field::Wrong | Field::Given(_)) => {
                u32::try_from(self.number(given, &at.place, ("times", 1..=100))?).unwrap_or(1)
            }
        };
        let holds = match raw.holds.given() {
            Some(holds) => Some(self.expr(holds, &known.of_probe())?),
            None => None,
        };
        let call = Call { method, url: self.url(url?, known)?, headers, body, expect };
        Some(Probe { call, holds, every, times })
    }

    fn method(&self, raw: &Field<String>, within: &Place, has_body: bool) -> String {
        let Some(method) = raw.given() else { return if has_body { "POST" } else { "GET" }.to_owned() };
        if !METHODS.contains(&method.value.as_str()) {
            let hint = did_you_mean(&method.value.to_uppercase(), METHODS);
            self.faults.add(&method.place, format!("{} is no method", typed(&method.value)), hint);
        } else if has_body && matches!(method.value.as_str(), "GET" | "HEAD") {
            self.fault(
                &within.lacks("method"),
                format!("a {} has no body", method.value),
                "write `method: POST`, or take the body away",
            );
        }
        method.value.clone()
    }

    fn url(&self, at: &At<Words>, known: &Known) -> Option<Text> {
        let text = self.text(at, known, Seen::InUrls)?;
        let first = match text.parts().first() {
            Some(Part::Literal(first)) => first.as_str(),
            Some(Part::Value(_) | Part::Secret(_)) | None => "",
        };
        let is_whole = text.parts().iter().all(|part| matches!(part, Part::Literal(_)));
        let authority = first.find("://").map_or(0, |at| at + 3);
        let end = first[authority..].find(['/', '?', '#']).map(|end| authority + end);
        if !is_whole && (authority == 0 || end.is_none()) {
            let hint = "write scheme, host and port out; for several hosts make a step each, with `if`";
            self.fault(
                &at.place,
                "nothing is filled into the scheme, host or port of an address: it decides who is told",
                hint,
            );
            return None;
        }
        let origin = &first[..end.unwrap_or(first.len())];
        let wrong = match url::Url::parse(origin) {
            Err(_) => Some("this is no address"),
            Ok(url) if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() => {
                Some("this is neither http nor https")
            }
            Ok(url) if !url.username().is_empty() || url.password().is_some() => {
                Some("a password in an address is shown to everybody")
            }
            Ok(_) if first.contains(|c: char| c.is_whitespace() || c.is_control()) => {
                Some("there is a space in this address")
            }
            Ok(_) => None,
        };
        if let Some(sentence) = wrong {
            self.fault(
                &at.place,
                sentence,
                "write it as `https://gateway.internal/v1/health`; passwords go into a header",
            );
        }
        wrong.is_none().then_some(text)
    }

    fn headers(&self, raw: &Field<Entries<Words>>, known: &Known) -> Vec<(String, Text)> {
        let mut headers = Vec::new();
        for (name, value) in raw.each() {
            let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
            if name.value.contains("{{") {
                self.fault(&name.place, "nothing is filled into the name of a header", "write the name out");
            } else if name.value.is_empty() || !name.value.chars().all(is_token) {
                self.fault(
                    &name.place,
                    format!("{} is no name of a header", typed(&name.value)),
                    "for example `X-Request-Id`",
                );
            } else if CONNECTION.contains(&name.value.to_ascii_lowercase().as_str()) {
                self.fault(&name.place, format!("{} is for the connection to say", typed(&name.value)), "take it away");
            }
            if value.value.0.contains(['\r', '\n', '\0']) {
                self.fault(&value.place, "a header is one line", "put it into quotes on one line");
            }
            headers.extend(self.text(value, known, Seen::Privately).map(|text| (name.value.clone(), text)));
        }
        headers
    }

    fn body(&self, (json, text): (&Field<Any>, &Field<Words>), within: &Place, known: &Known) -> Option<Body> {
        if json.is_there() && text.is_there() {
            self.fault(&within.lacks("body"), "there are two bodies, `json` and `body`", "take one of them away");
        }
        if let Some(json) = json.given() {
            return self.json(&json.value.0, &json.place, known).then(|| Body::Json(json.value.0.clone()));
        }
        self.text(text.given()?, known, Seen::Privately).map(Body::Text)
    }

    /// Whether every text in it can be read.
    fn json(&self, value: &Value, place: &Place, known: &Known) -> bool {
        match value {
            Value::String(text) => self.template(text, place, (known, Seen::Privately)).is_some(),
            Value::Array(items) => {
                items.iter().map(|item| self.json(item, place, known)).filter(|fine| !fine).count() == 0
            }
            Value::Object(fields) => fields.iter().fold(true, |fine, (name, value)| {
                if name.contains("{{") || name == "$secret" {
                    self.fault(
                        place,
                        format!("{} cannot be a key here", typed(name)),
                        "nothing is filled into keys; write them out",
                    );
                }
                self.json(value, place, known) && fine
            }),
            Value::Null | Value::Bool(_) | Value::Number(_) => true,
        }
    }

    fn expect(&self, raw: &Field<Many<Words>>) -> Vec<StatusRange> {
        if !raw.is_there() {
            return vec![StatusRange { from: 200, to: 299 }];
        }
        raw.each()
            .filter_map(|at| {
                let text = at.value.0.trim();
                let (from, to) = text.split_once('-').unwrap_or((text, text));
                let status = |text: &str| text.trim().parse::<u16>().ok().filter(|status| (100..=599).contains(status));
                let range = status(from).zip(status(to)).filter(|(from, to)| from <= to);
                if range.is_none() {
                    self.fault(&at.place, format!("{} is no status of HTTP", typed(text)), "write `200`, or `500-599`");
                }
                range.map(|(from, to)| StatusRange { from, to })
            })
            .collect()
    }
}
