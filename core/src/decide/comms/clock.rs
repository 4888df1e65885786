//! The comms clock of an incident: set when it is declared, moved by what customers are told, and stopped at its end.

use crate::comms::Message;
use crate::decide::Draft;

/// Keeps the clock and its reminders with any change of the incident.
pub(super) fn follow(draft: &mut Draft<'_>) {
    let _ = draft;
}

/// Customers have just been told this.
pub(super) fn told(draft: &mut Draft<'_>, message: &Message) {
    let _ = (draft, message);
}

/// The last that customers were told was taken back: they are due another word.
pub(super) fn untold(draft: &mut Draft<'_>, message: &Message) {
    let told = &mut draft.incident.told;
    if told.last_at.is_some() {
        told.over = told.over && !message.status.is_over();
        told.promised = false;
    }
}
