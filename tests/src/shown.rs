//! What somebody is shown, and what a test says about it.

use chrono_tz::Tz;
use muster_core::app::Answer;
use muster_core::ids::IncidentId;
use muster_core::refusal::{Reason, Refusal};
use muster_core::reply::{Body, Reply};
use muster_core::view::form::Form;
use muster_core::view::{View, text};

/// What somebody is shown.
#[derive(Debug, Clone, PartialEq)]
#[must_use = "say what is shown: `.ok()`, `.shows(…)` or `.refused(…)`"]
pub struct Shown(Answer);

impl Shown {
    /// An answer to a command.
    pub fn answer(answer: Answer) -> Self {
        Self(answer)
    }

    /// A message.
    pub fn message(view: View) -> Self {
        Self(Answer::Done(Reply::view(view)))
    }

    /// The answer itself.
    #[must_use]
    pub fn raw(&self) -> &Answer {
        &self.0
    }

    /// The reply of a command that was carried out.
    ///
    /// # Panics
    /// When it was not.
    #[must_use]
    pub fn reply(&self) -> &Reply {
        match &self.0 {
            Answer::Done(reply) => reply,
            Answer::Refused(refusal) => panic!("refused: {} ({:?})", refusal.sentence, refusal.instead),
            Answer::Late => panic!("the answer is late"),
            Answer::Failed(why) => panic!("failed: {why}"),
        }
    }

    /// The incident it is about.
    #[must_use]
    pub fn incident(&self) -> Option<IncidentId> {
        match &self.0 {
            Answer::Done(reply) => reply.incident,
            Answer::Refused(_) | Answer::Late | Answer::Failed(_) => None,
        }
    }

    /// The view shown.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn view(&self) -> &View {
        match &self.reply().body {
            Body::View(view) => view,
            Body::Form(form) => panic!("a form is shown: {}", form.title),
        }
    }

    /// The form shown.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn form(&self) -> &Form {
        match &self.reply().body {
            Body::Form(form) => form,
            Body::View(view) => panic!("no form is shown, but this:\n{}", text::plain(view, Tz::UTC)),
        }
    }

    /// Everything shown, as plain text.
    #[must_use]
    pub fn text(&self) -> String {
        match &self.0 {
            Answer::Done(reply) => match &reply.body {
                Body::View(view) => text::plain(view, Tz::UTC),
                Body::Form(form) => format!("{form:?}"),
            },
            Answer::Refused(refusal) => {
                format!("{}\n{}", refusal.sentence, refusal.instead.as_deref().unwrap_or_default())
            }
            Answer::Late => "late".to_owned(),
            Answer::Failed(why) => why.clone(),
        }
    }

    /// It was carried out.
    ///
    /// # Panics
    /// When it was not.
    pub fn ok(self) {
        let _ = self.reply();
    }

    /// It was carried out, and these words are shown.
    ///
    /// # Panics
    /// When not.
    pub fn shows(self, words: &str) -> Self {
        let _ = self.reply();
        assert!(self.text().contains(words), "“{words}” is not in:\n{}", self.text());
        self
    }

    /// These words are not shown.
    ///
    /// # Panics
    /// When they are.
    pub fn hides(self, words: &str) -> Self {
        assert!(!self.text().contains(words), "“{words}” is in:\n{}", self.text());
        self
    }

    /// The refusal.
    ///
    /// # Panics
    /// When it was not refused.
    #[must_use]
    pub fn refusal(&self) -> &Refusal {
        match &self.0 {
            Answer::Refused(refusal) => refusal,
            Answer::Done(_) | Answer::Late | Answer::Failed(_) => panic!("not refused:\n{}", self.text()),
        }
    }

    /// It was refused, in these words.
    ///
    /// # Panics
    /// When not.
    pub fn refused(self, words: &str) -> Self {
        let sentence = &self.refusal().sentence;
        assert!(sentence.contains(words), "“{words}” is not in: {sentence}");
        self
    }

    /// It was refused, and that is all there is to say.
    ///
    /// # Panics
    /// When it was not.
    pub fn ok_refusal(self) {
        let _ = self.refusal();
    }

    /// It was refused for that reason.
    ///
    /// # Panics
    /// When not.
    pub fn because(self, reason: Reason) -> Self {
        assert_eq!(self.refusal().reason, reason, "{}", self.refusal().sentence);
        self
    }

    /// It was refused, and this is what to type instead.
    ///
    /// # Panics
    /// When not.
    pub fn instead(self, line: &str) -> Self {
        assert_eq!(self.refusal().instead.as_deref(), Some(line), "{}", self.refusal().sentence);
        self
    }
}
