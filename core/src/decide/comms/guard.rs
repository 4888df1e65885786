//! Guards: what keeps a message from being moved on, each in a sentence that says what to do instead.

use super::desk::Desk;
use super::standing::{Standing, latest_text};
use crate::clock::Timestamp;
use crate::comms::{Audience, Message, PublicStatus, Stage};
use crate::decide::runs::may_approve;
use crate::ids::RoleKey;
use crate::incident::role::COMMS;
use crate::incident::{Kind, Visibility};
use crate::plain::echo;
use crate::refusal::Refusal;
use crate::time::clock;
use chrono::TimeDelta;

/// A promise that is to be kept sooner than this is none.
const LEAST: TimeDelta = TimeDelta::minutes(2);
/// So long after a message goes out the next word is promised, where the promise has to be another.
const LATER: TimeDelta = TimeDelta::minutes(30);

/// Who may do it.
impl Desk<'_, '_> {
    /// Refuses whoever may not let it go.
    pub(super) fn must_be_approver(&self, message: &Message, audience: &Audience) -> Result<(), Refusal> {
        let ctx = self.ctx();
        if !may_approve(&audience.approvers, &self.draft.incident, ctx) {
            let sentence = format!("You are not among those who may approve what {} are told", audience.name);
            return Err(Refusal::forbidden(sentence));
        }
        if message.is_author(&ctx.actor.person) {
            return Err(Refusal::forbidden(
                "You have written on it, or asked for its approval: somebody else must approve it",
            ));
        }
        Ok(())
    }

    /// Refuses whoever neither leads the telling nor may approve.
    pub(super) fn must_lead(&self, audience: &Audience) -> Result<(), Refusal> {
        let (ctx, incident) = (self.ctx(), &self.draft.incident);
        let holds = |role: &RoleKey| incident.holds(&ctx.actor.person, role);
        if holds(&RoleKey::commander()) || holds(&RoleKey::from(COMMS)) {
            return Ok(());
        }
        if may_approve(&audience.approvers, incident, ctx) {
            return Ok(());
        }
        let sentence =
            format!("Only the Comms Lead, the commander and those who may approve what {} are told can", audience.name);
        Err(Refusal::forbidden(sentence).instead("role comms"))
    }

    /// Refuses a guest whom nobody vouches for: what leaves the house is sent by somebody of the house.
    pub(super) fn must_be_known(&self) -> Result<(), Refusal> {
        if self.ctx().actor.known {
            return Ok(());
        }
        Err(Refusal::forbidden("Muster does not know you: somebody of the organisation must tell customers"))
    }
}

/// What a message must be.
impl Desk<'_, '_> {
    /// Refuses what cannot go out, then.
    pub(super) fn must_be_publishable(&self, message: &Message, at: Timestamp) -> Result<(), Refusal> {
        self.must_be_told_outside()?;
        if !message.stage.is_open() {
            return Err(senseless(message, "it cannot go out"));
        }
        let audience = self.audience(&message.audience)?;
        must_go_somewhere(audience)?;
        must_be_whole(message)?;
        self.must_have_what_it_corrects(message)?;
        self.must_be_approved(message, audience)?;
        self.must_make_sense(message)?;
        self.must_keep_word(message, at)
    }

    /// Nobody outside hears of a private incident, not even in practice.
    pub(super) fn must_be_told_outside(&self) -> Result<(), Refusal> {
        match self.draft.incident.visibility {
            Visibility::Public => Ok(()),
            Visibility::Private => {
                let id = self.draft.incident.id;
                Err(Refusal::conflict(format!("{id} is private: nobody outside is told of it")).instead("comms list"))
            }
        }
    }

    /// Refuses what a second person must let go and has not, as it is and at the severity that the incident has now.
    fn must_be_approved(&self, message: &Message, audience: &Audience) -> Result<(), Refusal> {
        let severity = self.draft.incident.severity.as_ref();
        if !audience.needs_approval(message, severity) || message.is_approved() {
            return Ok(());
        }
        let (number, name) = (message.number, &audience.name);
        let at = severity.map(|key| format!(" at {key}")).unwrap_or_default();
        Err(match (&message.stage, &message.approval) {
            (Stage::InReview { .. }, _) => {
                Refusal::conflict(format!("Message {number} waits for a second person to approve it"))
                    .instead(format!("comms preview {number}"))
            }
            (_, Some(_)) => Refusal::conflict(format!("Message {number} is not what was approved any more"))
                .instead(format!("comms submit {number}")),
            (_, None) => Refusal::conflict(format!("What {name} are told{at} needs a second person to approve it"))
                .instead(format!("comms submit {number}")),
        })
    }

    /// Refuses what those who get it could not understand: a status of another kind, a time for which nothing is planned any more,
    /// what is over and goes on.
    fn must_make_sense(&self, message: &Message) -> Result<(), Refusal> {
        let (number, incident) = (message.number, &self.draft.incident);
        must_fit(message.status, incident.kind).map_err(|why| why.instead(format!("comms edit {number}")))?;
        if message.window != incident.window {
            let sentence = format!("The work was moved after message {number} was written: look at it again");
            return Err(Refusal::conflict(sentence).instead(format!("comms edit {number}")));
        }
        if message.corrects.is_some() {
            return Ok(());
        }
        let standing = Standing::of(&self.messages(), &message.audience).status;
        if standing.is_some_and(PublicStatus::is_over) && !message.status.is_over() && !incident.status.is_open() {
            let sentence = format!("They were told that it is over, and {} is: reopen it first", incident.id);
            return Err(Refusal::conflict(sentence).instead("reopen it came back"));
        }
        Ok(())
    }

    /// Refuses what puts right what does not stand any more.
    pub(super) fn must_have_what_it_corrects(&self, message: &Message) -> Result<(), Refusal> {
        match message.corrects {
            Some(root) if latest_text(&self.messages(), root).is_none() => {
                let number = message.number;
                let sentence = format!("Message {root}, which message {number} puts right, was taken back");
                Err(Refusal::conflict(sentence).instead(format!("comms discard {number}")))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Refuses a promise that has passed by then, or is about to.
    fn must_keep_word(&self, message: &Message, at: Timestamp) -> Result<(), Refusal> {
        let Some(next) = message.next_at.filter(|next| *next < at + LEAST) else { return Ok(()) };
        let (now, next) = (self.ctx().now, clock(next, self.ctx().zone()));
        let sentence = format!("It promises the next word at {next}, which is over by then: promise another");
        // Rounded up to whole minutes.
        let later = (at + LATER - now + TimeDelta::seconds(59)).num_minutes();
        Err(Refusal::conflict(sentence).instead(format!("comms edit {} --next {later}m", message.number)))
    }
}

/// Refuses what nobody would hear.
pub(super) fn must_go_somewhere(audience: &Audience) -> Result<(), Refusal> {
    if !audience.to.is_empty() {
        return Ok(());
    }
    let Audience { id, name, .. } = audience;
    let sentence =
        format!("Nobody would hear it: the config does not say where {name} are told (`to` of the audience {id})");
    Err(Refusal::conflict(sentence).instead("comms draft"))
}

/// Refuses what nobody has asked to be approved.
pub(super) fn must_be_in_review(message: &Message) -> Result<(), Refusal> {
    match message.stage {
        Stage::InReview { .. } => Ok(()),
        Stage::Draft => {
            let sentence = format!("Nobody has asked yet for message {} to be approved", message.number);
            Err(Refusal::conflict(sentence).instead(format!("comms submit {}", message.number)))
        }
        Stage::Approved
        | Stage::Scheduled { .. }
        | Stage::Published { .. }
        | Stage::Retracted { .. }
        | Stage::Discarded => Err(senseless(message, "it does not wait for approval")),
    }
}

/// Refuses what the one who acts has not seen, by the mark of what they were shown: the beginning of a seal.
pub(super) fn must_be_what_was_shown(message: &Message, mark: &str) -> Result<(), Refusal> {
    let number = message.number;
    if mark.is_empty() {
        let sentence =
            "Look at it before you approve it: the button below holds its mark, or add the --seal … that stands there";
        return Err(Refusal::invalid(sentence));
    }
    let is_mark = mark.len() >= Message::MARK && mark.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_mark {
        let sentence =
            format!("“{}” is not a mark: the whole one stands below message {number}, after --seal", echo(mark));
        return Err(Refusal::invalid(sentence));
    }
    if !message.seal().starts_with(mark) {
        let sentence =
            format!("Message {number} is not what you were shown any more: it has changed since, look again");
        return Err(Refusal::conflict(sentence));
    }
    Ok(())
}

/// Refuses what is still to be said.
pub(super) fn must_be_whole(message: &Message) -> Result<(), Refusal> {
    let number = message.number;
    let lacks: Vec<_> = message.missing.iter().filter(|one| one.blocks).collect();
    if lacks.is_empty() && !message.texts.is_empty() {
        return Ok(());
    }
    let lacks: Vec<_> = lacks.iter().take(4).map(|one| format!("{} ({})", one.what, one.locale)).collect();
    let lacks = if lacks.is_empty() { "a text".to_owned() } else { lacks.join(", ") };
    Err(Refusal::conflict(format!("Message {number} lacks {lacks}")).instead(format!("comms edit {number}")))
}

/// Refuses what is not said of an incident of that kind.
pub(super) fn must_fit(status: PublicStatus, kind: Kind) -> Result<(), Refusal> {
    if status.fits(kind) {
        return Ok(());
    }
    let known: Vec<_> = PublicStatus::ALL.iter().filter(|one| one.fits(kind)).map(|one| one.word()).collect();
    let sentence = format!("“{}” is not said of such an incident: there are {}", status.word(), known.join(", "));
    Err(Refusal::conflict(sentence).instead("comms draft"))
}

/// It is not at a stage at which that makes sense.
pub(super) fn senseless(message: &Message, why: &str) -> Refusal {
    let number = message.number;
    let word = if message.stage == Stage::Draft { "a draft" } else { message.stage.word() };
    Refusal::conflict(format!("Message {number} is {word}: {why}")).instead(format!("comms preview {number}"))
}
