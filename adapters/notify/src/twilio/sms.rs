//! An SMS: the line, the message, how to answer; within a few parts.

use super::{Resource, Twilio, reports_to};
use crate::errand::{Carrier, Errand};
use async_trait::async_trait;
use muster_core::chat::fit::cut;
use muster_core::effect::About;
use muster_core::ids::PlatformId;
use muster_core::plain::clean;
use muster_core::ports::chat::{DeliveryError, Receipt};
use std::sync::Arc;

/// The longest text, in units of its alphabet: three parts of 153 in GSM, five of 67 in UCS-2.
/// <https://www.twilio.com/docs/glossary/what-sms-character-limit>
const LONGEST: usize = 320;
/// The line gets at least so much.
const LINE: usize = 60;

/// What GSM has in its basic alphabet. <https://www.twilio.com/docs/glossary/what-is-gsm-7-character-encoding>
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§\
                     ¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// What it has in its extension: two units each.
const EXTENDED: &str = "\u{c}^{}\\[~]|€";

pub(crate) struct Sms(pub(crate) Arc<Twilio>);

#[async_trait]
impl Carrier for Sms {
    fn platform(&self) -> PlatformId {
        PlatformId::sms()
    }

    async fn carry(&self, errand: &Errand<'_>) -> Result<Receipt, DeliveryError> {
        let number = Twilio::number(errand)?;
        let (body, reports) = (text(errand), reports_to(errand));
        let mut fields = vec![("To", number.as_str()), ("From", &self.0.config.from), ("Body", &body)];
        fields.extend(reports.as_deref().map(|url| ("StatusCallback", url)));
        self.0.make(Resource::Messages, &fields).await
    }
}

fn text(errand: &Errand<'_>) -> String {
    let how = match errand.notice.about {
        About::Page { .. } => "Reply 4: I have it. 6: not me.",
        About::Test => "Reply 4 if you can read this.",
    };
    let link = errand.link.iter().map(|link| format!("\n{link}")).collect::<String>();
    fitting(&errand.notice.line, &errand.notice.message, &format!("{how}{link}"))
}

/// The end is whole whatever the rest, the line goes before the message.
fn fitting(line: &str, message: &str, end: &str) -> String {
    let (line, message) = (plain(line).replace('\n', " "), plain(message));
    let gsm = is_gsm(&line) && is_gsm(&message) && is_gsm(end);
    let room = LONGEST.saturating_sub(units(end, gsm) + 2).max(LINE);
    let line = shortened(&line, room, gsm);
    let left = room.saturating_sub(units(&line, gsm));
    let message = if left > LINE / 4 { shortened(message.trim(), left, gsm) } else { String::new() };
    [line.as_str(), &message, end].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Marks that a keyboard has in place of those of print: one of these would make the whole text twice as long.
fn plain(text: &str) -> String {
    let text = clean(text).replace('…', "...");
    let mark = |c| match c {
        '“' | '”' | '„' | '«' | '»' => '"',
        '‘' | '’' | '`' => '\'',
        '–' | '—' | '‐' | '−' => '-',
        '\u{a0}' => ' ',
        c => c,
    };
    text.chars().map(mark).collect()
}

fn is_gsm(text: &str) -> bool {
    text.chars().all(|c| BASIC.contains(c) || EXTENDED.contains(c))
}

/// How much of a message a text takes.
fn units(text: &str, gsm: bool) -> usize {
    let unit = |c: char| {
        if !gsm {
            c.len_utf16()
        } else if EXTENDED.contains(c) {
            2
        } else {
            1
        }
    };
    text.chars().map(unit).sum()
}

/// As much of the text as there is room for.
fn shortened(text: &str, room: usize, gsm: bool) -> String {
    if units(text, gsm) <= room {
        return text.to_owned();
    }
    if !gsm {
        return cut(text, room);
    }
    let mut left = room.saturating_sub(3);
    let fits = |c: &char| {
        let unit = if EXTENDED.contains(*c) { 2 } else { 1 };
        let fits = unit <= left;
        left = left.saturating_sub(unit);
        fits
    };
    let kept: String = text.chars().take_while(fits).collect();
    format!("{}...", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    const END: &str = "Reply 4: I have it. 6: not me.\nhttps://muster.example.com/p/msa_\
                       0123456789abcdefghjkmnpqrstvwxyz0123456789abcdefghjk";

    #[test]
    fn the_line_comes_first_and_the_end_is_always_whole() {
        assert_eq!(
            fitting("INC-7 SEV1 Checkout is down", "All stores", "end"),
            "INC-7 SEV1 Checkout is down\nAll stores\nend"
        );
        for (line, message) in [
            ("x".repeat(1_000), "y".repeat(1_000)),
            ("€".repeat(1_000), String::new()),
            ("🔥".repeat(500), "日本".repeat(500)),
            (String::new(), String::new()),
        ] {
            let text = fitting(&line, &message, END);
            assert!(text.ends_with(END), "{text}");
            assert!(units(&text, is_gsm(&text)) <= LONGEST, "{} units: {text}", units(&text, is_gsm(&text)));
        }
    }

    #[test]
    fn what_print_has_is_written_as_a_keyboard_does() {
        let text = fitting("“Checkout” – it’s down…", "", "end");
        assert_eq!(text, "\"Checkout\" - it's down...\nend");
        assert!(is_gsm(&text));
    }

    #[test]
    fn a_message_for_which_there_is_hardly_room_is_left_out() {
        let text = fitting(&"x".repeat(190), "all stores are down since nine", END);
        assert_eq!(text.lines().count(), 3, "{text}");
    }
}
