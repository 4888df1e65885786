//! What Twilio is told to say, as it reads it. All text is escaped by maud. <https://www.twilio.com/docs/voice/twiml>

use maud::{Markup, PreEscaped, html};
use muster_core::plain::clean;

/// How long a digit is waited for, in seconds.
const PATIENCE: &str = "8";

fn document(body: &Markup) -> String {
    html! { (PreEscaped("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")) Response { (body) } }.into_string()
}

/// Text as XML 1.0 takes it: two characters that are none would spoil the whole.
fn text(text: &str) -> String {
    clean(text).replace(['\u{FFFE}', '\u{FFFF}'], "")
}

/// Nothing.
pub(super) fn silence() -> String {
    document(&html! {})
}

/// An SMS in answer to one. <https://www.twilio.com/docs/messaging/twiml>
pub(super) fn reply(sentence: &str) -> String {
    document(&html! { Message { (text(sentence)) } })
}

/// Says something and hangs up.
pub(super) fn say(sentence: &str) -> String {
    document(&html! { Say { (text(sentence)) } })
}

/// Says something twice, waiting for a digit all the while, which is sent to `to`.
/// <https://www.twilio.com/docs/voice/twiml/gather>
pub(super) fn ask(sentence: &str, to: &str) -> String {
    document(&html! {
        Gather numDigits="1" method="POST" action=(to) timeout=(PATIENCE) { Say loop="2" { (text(sentence)) } }
        Say { "No answer. Goodbye." }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_is_said_and_never_obeyed() {
        let hostile = "</Say><Dial>+1900</Dial> & \"'\0\u{FFFE}";
        for twiml in [reply(hostile), say(hostile), ask(hostile, "https://x.example/?a=1&b=\"2\"")] {
            assert!(
                !twiml.contains("<Dial>") && twiml.contains("&lt;Dial&gt;") && twiml.contains(" &amp; "),
                "{twiml}"
            );
            assert!(!twiml.contains(['\0', '\u{FFFE}']));
        }
        assert_eq!(silence(), "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response></Response>");
        assert!(
            ask("a", "https://x.example/?a=1&b=\"2\"")
                .contains("action=\"https://x.example/?a=1&amp;b=&quot;2&quot;\"")
        );
    }
}
