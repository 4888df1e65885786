//! What comes back to the one who gave a command. Kept under the request id, so that a repeated request gets it again.

use crate::ids::IncidentId;
use crate::view::form::Form;
use crate::view::{Tone, View, text};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// A view.
    View(Box<View>),
    /// A form to fill in; nothing has changed yet.
    Form(Box<Form>),
}

/// What comes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The incident it is about.
    pub incident: Option<IncidentId>,
    /// What to show.
    pub body: Body,
    /// Whether it holds a secret: then it is shown once and never kept.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub once: bool,
}

impl Reply {
    /// A view about no incident in particular.
    #[must_use]
    pub fn view(view: View) -> Self {
        Self { incident: None, body: Body::View(Box::new(view)), once: false }
    }

    /// A form.
    #[must_use]
    pub fn form(form: Form) -> Self {
        Self { incident: None, body: Body::Form(Box::new(form)), once: false }
    }

    /// The same, shown once and never kept.
    #[must_use]
    pub fn once(self) -> Self {
        Self { once: true, ..self }
    }

    /// What is kept of it under the request id.
    #[must_use]
    pub fn kept(&self) -> Cow<'_, Self> {
        if !self.once {
            return Cow::Borrowed(self);
        }
        let gone = View::titled(Tone::Neutral, vec![text("This was shown once; ask again for a new one")]);
        Cow::Owned(Self { incident: self.incident, ..Self::view(gone) })
    }

    /// The same, about an incident.
    #[must_use]
    pub fn about(mut self, incident: IncidentId) -> Self {
        self.incident = Some(incident);
        self
    }
}
