//! What can happen to a comms message, for the timeline.

use super::{Locale, PublicStatus};
use crate::clock::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum CommsEvent {
    /// It was begun with a template.
    Drafted {
        /// The name of the template.
        template: String,
    },
    /// Its text was changed.
    Edited,
    /// Somebody is asked to look at it.
    Submitted,
    /// A second person lets it go.
    Approved,
    /// A second person does not.
    Rejected {
        /// Why.
        reason: String,
    },
    /// It was changed after it had been approved, so that the approval is gone.
    ApprovalLost,
    /// Nobody has looked at it for so long that others are asked.
    Escalated,
    /// It goes out later.
    Scheduled {
        /// When.
        at: Timestamp,
    },
    /// It does not go out by itself any more.
    Unscheduled,
    /// It is out.
    Published {
        /// Where customers were told that things stand.
        status: PublicStatus,
        /// In which languages.
        locales: Vec<Locale>,
        /// Its title in the first of them.
        title: String,
        /// What it says in that language.
        body: String,
        /// When the next word is promised.
        next_at: Option<Timestamp>,
        /// The number of the message that it puts right.
        corrects: Option<i64>,
        /// Whether it was practice: nobody outside was told.
        practice: bool,
    },
    /// It was to go out, and could not.
    NotPublished {
        /// Why.
        reason: String,
    },
    /// It was taken back.
    Retracted {
        /// Why, for responders only.
        reason: String,
    },
    /// Nobody wants it any more.
    Discarded,
    /// A way out did not take it.
    Undelivered {
        /// To whom, in words.
        to: String,
        /// What went wrong.
        error: String,
    },
}

impl CommsEvent {
    /// What the audit log calls it and says of it, beside the message: whatever decides what those outside hear is on it.
    #[must_use]
    pub fn deed(&self) -> Option<(&'static str, Value)> {
        Some(match self {
            Self::Submitted => ("message.submitted", json!({})),
            Self::Approved => ("message.approved", json!({})),
            Self::Rejected { reason } => ("message.rejected", json!({ "reason": reason })),
            Self::ApprovalLost => ("message.approval_lost", json!({})),
            Self::Scheduled { at } => ("message.scheduled", json!({ "at": at })),
            Self::Unscheduled => ("message.unscheduled", json!({})),
            Self::Published { practice, .. } => ("message.published", json!({ "practice": practice })),
            Self::NotPublished { reason } => ("message.not_published", json!({ "reason": reason })),
            Self::Retracted { reason } => ("message.retracted", json!({ "reason": reason })),
            Self::Discarded => ("message.discarded", json!({})),
            Self::Drafted { .. } | Self::Edited | Self::Escalated | Self::Undelivered { .. } => return None,
        })
    }
}
