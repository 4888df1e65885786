//! What a template is for: by that Muster finds the one to send by itself, whatever its file is called.

use super::Template;
use crate::comms::{Audience, PublicStatus};
use crate::incident::{Incident, Kind};

/// What a template is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To say where things stand: people write with it, and planned work begins and ends with it.
    Word,
    /// The first word to its audience, out by one click.
    Holding,
    /// Words of one's own, wherever things stand: steps of runbooks write with it.
    Free,
    /// That something was wrong, and is taken back.
    Retraction,
    /// That planned work is near: only those who have subscribed hear it.
    Reminder,
    /// That planned work which has begun ends at another time.
    NewEnd,
    /// That planned work is called off.
    CalledOff,
}

impl Purpose {
    /// Every one, with its word in files.
    pub(super) const WORDS: [(&str, Self); 7] = [
        ("word", Self::Word),
        ("holding", Self::Holding),
        ("free", Self::Free),
        ("retraction", Self::Retraction),
        ("reminder", Self::Reminder),
        ("new_end", Self::NewEnd),
        ("called_off", Self::CalledOff),
    ];

    /// Its word in files.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, purpose)| *purpose == self).map_or("", |(word, _)| word)
    }

    /// Whether it is sent with nobody looking at it before: then it is approved beforehand, and asks for nothing.
    #[must_use]
    pub fn is_unseen(self) -> bool {
        match self {
            Self::Holding | Self::Retraction | Self::Reminder => true,
            Self::Word | Self::Free | Self::NewEnd | Self::CalledOff => false,
        }
    }

    /// Whether nobody writes with it by hand.
    #[must_use]
    pub fn is_by_itself(self) -> bool {
        match self {
            Self::Retraction | Self::Reminder => true,
            Self::Word | Self::Holding | Self::Free | Self::NewEnd | Self::CalledOff => false,
        }
    }

    /// Whether it says that things stand as they were said to: the status of its file counts only where nothing has been said.
    #[must_use]
    pub fn is_of_any_status(self) -> bool {
        match self {
            Self::Free | Self::Retraction => true,
            Self::Word | Self::Holding | Self::Reminder | Self::NewEnd | Self::CalledOff => false,
        }
    }

    /// The only status that makes sense with it, if there is only one.
    pub(super) fn status(self) -> Option<PublicStatus> {
        match self {
            Self::Reminder => Some(PublicStatus::Scheduled),
            Self::NewEnd => Some(PublicStatus::InProgress),
            Self::CalledOff => Some(PublicStatus::Completed),
            Self::Word | Self::Holding | Self::Free | Self::Retraction => None,
        }
    }
}

impl Template {
    /// Whether it can be said of an incident: of such a one, at its severity.
    #[must_use]
    pub fn fits(&self, incident: &Incident) -> bool {
        let at = |key| self.severities.contains(key);
        let at_severity = self.severities.is_empty() || incident.severity.as_ref().is_some_and(at);
        at_severity && (self.purpose.is_of_any_status() || self.status.fits(incident.kind))
    }

    /// Where it says that things stand with an incident of which nothing has been said.
    #[must_use]
    pub fn first_status(&self, kind: Kind) -> PublicStatus {
        match kind {
            _ if self.status.fits(kind) || !self.purpose.is_of_any_status() => self.status,
            Kind::Maintenance => PublicStatus::Scheduled,
            Kind::Incident | Kind::Drill => PublicStatus::Investigating,
        }
    }

    /// Whether both could be meant where one is looked for.
    pub(super) fn rivals(&self, other: &Self) -> bool {
        let any = self.severities.is_empty() || other.severities.is_empty();
        let meets = any || self.severities.iter().any(|severity| other.severities.contains(severity));
        self.purpose != Purpose::Word && (&self.audience, self.purpose) == (&other.audience, other.purpose) && meets
    }
}

/// The purposes for which nothing is there to tell an audience with: of planned work only where that is announced to it.
#[must_use]
pub fn lacking(audience: &Audience, templates: &[Template]) -> Vec<Purpose> {
    let of_it = || templates.iter().filter(|one| one.audience == audience.id);
    let is_announced = of_it().any(|one| (one.purpose, one.status) == (Purpose::Word, PublicStatus::Scheduled));
    let is_wanted = |purpose: Purpose| match purpose {
        Purpose::Word | Purpose::Free | Purpose::Retraction => true,
        Purpose::Holding => audience.clocked,
        Purpose::Reminder | Purpose::NewEnd | Purpose::CalledOff => is_announced,
    };
    let purposes = Purpose::WORDS.iter().map(|(_, purpose)| *purpose).filter(|purpose| is_wanted(*purpose));
    purposes.filter(|purpose| of_it().all(|one| one.purpose != *purpose)).collect()
}
