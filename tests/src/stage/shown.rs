//! What somebody is shown on a stage, and what a story says about it.

use super::rules::{self, fold};
use super::{Given, Seen};

/// What somebody is shown.
#[derive(Debug, Clone)]
#[must_use = "say what is shown: `.ok()`, `.shows(…)` or `.refused(…)`"]
pub struct Shown {
    given: Given,
    /// Whether anything has changed meanwhile.
    changed: bool,
    /// How a line to type is shown.
    typing: fn(&str) -> String,
}

impl Shown {
    /// What came of something that was done.
    pub(super) fn given(given: Given, changed: bool, typing: fn(&str) -> String) -> Self {
        Self { given, changed, typing }
    }

    /// A message.
    pub(super) fn message(seen: Seen) -> Self {
        Self { given: Given::Answer(Seen { refusal: None, ..seen }), changed: false, typing: str::to_owned }
    }

    /// What can be clicked on.
    pub(super) fn seen(&self) -> &Seen {
        match &self.given {
            Given::Answer(seen) | Given::Form(seen) => seen,
            Given::Lacking(fields) => panic!("the form was not sent, it lacks {}", fields.join(", ")),
        }
    }

    /// Everything that is read in it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.seen().words
    }

    fn is_refused(&self) -> bool {
        match &self.given {
            Given::Answer(seen) => seen.refusal.is_some() && !self.changed,
            Given::Form(_) | Given::Lacking(_) => false,
        }
    }

    /// It was carried out.
    ///
    /// # Panics
    /// When it was not.
    pub fn ok(self) {
        assert!(!self.is_refused(), "refused: {}", self.text());
        assert!(matches!(self.given, Given::Answer(_)), "a form is shown: {}", self.text());
    }

    /// It was carried out, and these words are shown: in the answer, or beside it in the headline of the room.
    ///
    /// # Panics
    /// When not.
    pub fn shows(self, words: &str) -> Self {
        assert!(!self.is_refused(), "refused: {}", self.text());
        let seen = self.seen();
        let is_in = |text: &str| fold(text).contains(&fold(words));
        assert!(is_in(&seen.words) || is_in(&seen.in_sight), "“{words}” is not in:\n{}\n{}", seen.words, seen.in_sight);
        self
    }

    /// These words are not shown.
    ///
    /// # Panics
    /// When they are.
    pub fn hides(self, words: &str) -> Self {
        assert!(!fold(self.text()).contains(&fold(words)), "“{words}” is in:\n{}", self.text());
        self
    }

    /// A form is shown, with this heading.
    ///
    /// # Panics
    /// When none is.
    pub fn asks(self, heading: &str) -> Self {
        assert!(matches!(self.given, Given::Form(_)), "no form is shown, but this:\n{}", self.text());
        self.shows(heading)
    }

    /// It was refused, in these words.
    ///
    /// # Panics
    /// When not.
    pub fn refused(self, words: &str) -> Self {
        match &self.given {
            Given::Form(_) | Given::Lacking(_) => {
                assert!(rules::is_made_up_for(words), "a form is shown; “{words}” was expected: {:?}", self.given);
            }
            Given::Answer(seen) => {
                let (sentence, _) = seen.refusal.as_ref().unwrap_or_else(|| panic!("not refused:\n{}", seen.words));
                assert!(fold(sentence).contains(&fold(words)), "“{words}” is not in: {sentence}");
                assert!(!self.changed, "it was refused, and something has changed: {sentence}");
            }
        }
        self
    }

    /// The sentence by which it was refused; nothing has changed.
    ///
    /// # Panics
    /// When it was not refused.
    #[must_use]
    pub fn sentence(self) -> String {
        let refusal = match &self.given {
            Given::Answer(seen) => seen.refusal.clone().filter(|_| !self.changed),
            Given::Form(_) | Given::Lacking(_) => None,
        };
        refusal.unwrap_or_else(|| panic!("not refused, or something has changed:\n{:?}", self.given)).0
    }

    /// It was refused, and that is all there is to say.
    ///
    /// # Panics
    /// When it was not.
    pub fn ok_refusal(self) {
        if let Given::Answer(seen) = &self.given {
            assert!(self.is_refused(), "not refused:\n{}", seen.words);
        }
    }

    /// It was refused, and this is what to type instead.
    ///
    /// # Panics
    /// When not.
    pub fn instead(self, line: &str) -> Self {
        if let Given::Answer(seen) = &self.given {
            let expected = (self.typing)(line);
            let instead = seen.refusal.as_ref().and_then(|(_, instead)| instead.as_deref());
            assert_eq!(instead, Some(expected.as_str()), "{}", seen.words);
        }
        self
    }
}
