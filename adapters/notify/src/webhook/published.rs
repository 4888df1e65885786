//! A bulletin as programs read it. The fields are described in docs/customers.md.

use chrono::SecondsFormat;
use muster_core::clock::Timestamp;
use muster_core::comms::{Bulletin, Locale, words};
use muster_core::org::Organisation;
use serde_json::{Value, json};

/// What is sent: `title` and `body` in that language, and all others beside them.
pub(super) fn payload(bulletin: &Bulletin, locale: &Locale, org: &Organisation) -> Value {
    let kind = match (bulletin.is_digest(), bulletin.retracts, bulletin.corrects) {
        (true, _, _) => "digest.published",
        (false, true, _) => "message.retracted",
        (false, false, Some(_)) => "message.corrected",
        (false, false, None) => "message.published",
    };
    let (locale, written) = bulletin.written(locale).unzip();
    let components = org.comms.components.iter().filter_map(|component| {
        let state = bulletin.components.get(&component.id)?;
        let name = component.name(locale.unwrap_or(&bulletin.locale), &org.comms);
        Some(json!({ "id": component.id, "name": name, "status": state.word() }))
    });
    let corrects = |is_one: bool| bulletin.corrects.filter(|_| is_one);
    json!({
        "type": kind,
        "timestamp": written_out(bulletin.at),
        "data": {
            "incident": bulletin.cleared.incident(),
            "number": bulletin.number,
            "audience": bulletin.audience,
            "status": bulletin.status.map(|status| status.word()),
            "status_name": bulletin.status.zip(locale).map(|(status, locale)| words(locale).status(status)),
            "locale": locale,
            "title": written.map(|written| &written.title),
            "body": written.map(|written| &written.body),
            "texts": bulletin.texts,
            "components": components.collect::<Vec<_>>(),
            "next_at": bulletin.next_at.map(written_out),
            "scheduled_for": bulletin.window.map(|window| written_out(window.from)),
            "scheduled_until": bulletin.window.map(|window| written_out(window.until)),
            "corrects": corrects(!bulletin.retracts),
            "retracts": corrects(bulletin.retracts),
            "url": bulletin.page(&org.comms, locale.unwrap_or(&bulletin.locale)),
        },
    })
}

fn written_out(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
