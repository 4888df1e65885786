//! What the page itself says, in the languages it speaks. Names and messages come from elsewhere.

use muster_core::comms::{Locale, Tongue};

/// The page's own words in one language. Where something is to be filled in, there is `{}`.
#[derive(Debug)]
pub(crate) struct Words {
    /// The months.
    pub(crate) months: [&'static str; 12],
    /// What follows the number of a day.
    pub(crate) ordinal: &'static str,
    /// What stands between a day and the time of it.
    pub(crate) at: &'static str,
    /// What stands before the decimals of a number.
    pub(crate) decimal: char,
    /// What stands before a sign of per cent.
    pub(crate) percent: &'static str,
    /// Days, hours, minutes, as short as they go.
    pub(crate) units: [&'static str; 3],
    pub(crate) frame: Frame,
    pub(crate) overall: Overall,
    pub(crate) status: Status,
    pub(crate) story: Story,
    pub(crate) subscribe: Subscribe,
}

/// What is around every page.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) skip: &'static str,
    pub(crate) pages: &'static str,
    pub(crate) status: &'static str,
    pub(crate) history: &'static str,
    pub(crate) subscribe: &'static str,
    pub(crate) language: &'static str,
    pub(crate) times: &'static str,
    pub(crate) calendar: &'static str,
    pub(crate) contact: &'static str,
    pub(crate) home: &'static str,
    pub(crate) title: &'static str,
    pub(crate) description: &'static str,
    pub(crate) not_found: &'static str,
    pub(crate) not_found_text: &'static str,
}

/// How it is on the whole, where the words for the state of a component do not say it.
#[derive(Debug)]
pub(crate) struct Overall {
    pub(crate) calm: &'static str,
    pub(crate) noticed: &'static str,
    pub(crate) watching: &'static str,
    pub(crate) affected: &'static str,
    pub(crate) as_of: &'static str,
    pub(crate) reload: &'static str,
}

/// The parts of the page that says how things are.
#[derive(Debug)]
pub(crate) struct Status {
    pub(crate) open: &'static str,
    pub(crate) planned: &'static str,
    pub(crate) components: &'static str,
    pub(crate) others: &'static str,
    pub(crate) places: &'static str,
    pub(crate) everywhere: &'static str,
    pub(crate) past: &'static str,
    pub(crate) quiet: &'static str,
    pub(crate) uptime: &'static str,
    pub(crate) bars: &'static str,
    pub(crate) more_days: &'static str,
    pub(crate) uptime_since: &'static str,
    pub(crate) bars_since: &'static str,
    pub(crate) no_data: &'static str,
    pub(crate) oldest: &'static str,
    pub(crate) today: &'static str,
    pub(crate) legend: &'static str,
}

/// What is said of one incident.
#[derive(Debug)]
pub(crate) struct Story {
    pub(crate) affects: &'static str,
    pub(crate) affected: &'static str,
    pub(crate) only_at: &'static str,
    pub(crate) began: &'static str,
    pub(crate) ended: &'static str,
    pub(crate) lasted: &'static str,
    pub(crate) window: &'static str,
    pub(crate) maintenance: &'static str,
    pub(crate) incident: &'static str,
    pub(crate) withdrawn: &'static str,
    pub(crate) next_at: &'static str,
    pub(crate) corrected: &'static str,
    pub(crate) before: &'static str,
    pub(crate) until: &'static str,
    pub(crate) retracted: &'static str,
    pub(crate) retracted_text: &'static str,
    pub(crate) updates: &'static str,
    pub(crate) all_updates: &'static str,
}

/// Subscribing, confirming, leaving.
#[derive(Debug)]
pub(crate) struct Subscribe {
    pub(crate) title: &'static str,
    pub(crate) lead: &'static str,
    pub(crate) email: &'static str,
    pub(crate) language: &'static str,
    pub(crate) components: &'static str,
    pub(crate) components_hint: &'static str,
    pub(crate) all: &'static str,
    pub(crate) leave_empty: &'static str,
    pub(crate) send: &'static str,
    pub(crate) feeds: &'static str,
    pub(crate) asked: (&'static str, &'static str),
    pub(crate) wrong_email: &'static str,
    pub(crate) wrong_email_title: &'static str,
    pub(crate) too_many: (&'static str, &'static str),
    pub(crate) unavailable: (&'static str, &'static str),
    pub(crate) confirm: (&'static str, &'static str, &'static str),
    pub(crate) confirmed: (&'static str, &'static str),
    pub(crate) leave: (&'static str, &'static str, &'static str),
    pub(crate) left: (&'static str, &'static str),
    pub(crate) wrong_link: (&'static str, &'static str),
}

mod english;
mod german;
mod swedish;

/// The words of a language; English for those the page does not speak.
pub(crate) fn words(locale: &Locale) -> &'static Words {
    match locale.tongue() {
        Tongue::English => &english::WORDS,
        Tongue::Swedish => &swedish::WORDS,
        Tongue::German => &german::WORDS,
    }
}

/// A phrase with its gap filled.
pub(crate) fn fill(phrase: &str, with: &str) -> String {
    phrase.replacen("{}", with, 1)
}
