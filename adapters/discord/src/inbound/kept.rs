//! What is kept for somebody for a while because no button can hold it: forms as they were sent, to be corrected.

use crate::config::Id;
use chrono::TimeDelta;
use muster_core::clock::{Entropy, Timestamp};
use muster_core::command::Invocation;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// How long a form is kept: as long as its answer can be given in its place.
const FOR: TimeDelta = TimeDelta::minutes(15);
/// So many forms are kept; the oldest give way. Each is as long as what somebody typed, which Discord bounds.
const MANY: usize = 512;

struct Form {
    id: String,
    whose: Id,
    until: Timestamp,
    call: Invocation,
}

/// Forms as they were sent.
#[derive(Default)]
pub(crate) struct Kept(Mutex<VecDeque<Form>>);

impl Kept {
    /// Keeps a form for the one who filled it in. Gives the name under which it is found again.
    pub(super) fn keep(&self, whose: Id, call: Invocation, now: Timestamp, entropy: &dyn Entropy) -> String {
        let mut dice = [0; 12];
        entropy.fill(&mut dice);
        let id: String = dice.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut forms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        forms.retain(|form| form.until > now);
        if forms.len() >= MANY {
            forms.pop_front();
        }
        forms.push_back(Form { id: id.clone(), whose, until: now + FOR, call });
        id
    }

    /// The form of that name, if it is theirs and has not been kept too long.
    pub(super) fn find(&self, id: &str, whose: Id, now: Timestamp) -> Option<Invocation> {
        let forms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = forms.iter().find(|form| form.id == id && form.whose == whose && form.until > now);
        found.map(|form| form.call.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU8, Ordering};

    struct Count(AtomicU8);
    impl Entropy for Count {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.iter_mut().for_each(|byte| *byte = self.0.fetch_add(1, Ordering::Relaxed));
        }
    }

    #[test]
    fn a_form_is_kept_for_its_author_for_a_quarter_of_an_hour() {
        let (kept, entropy, now) = (Kept::default(), Count(AtomicU8::new(0)), Timestamp::UNIX_EPOCH);
        let call = Invocation::of("new").with("title", "checkout");
        let id = kept.keep(1, call.clone(), now, &entropy);
        assert_eq!(kept.find(&id, 1, now + TimeDelta::minutes(14)), Some(call));
        assert_eq!(kept.find(&id, 2, now), None, "it is nobody else's");
        assert_eq!(kept.find("", 1, now), None);
        assert_eq!(kept.find(&id, 1, now + TimeDelta::minutes(15)), None);
    }

    #[test]
    fn never_too_many_are_kept() {
        let (kept, entropy, now) = (Kept::default(), Count(AtomicU8::new(0)), Timestamp::UNIX_EPOCH);
        (0..3 * MANY).for_each(|_| drop(kept.keep(1, Invocation::of("new"), now, &entropy)));
        assert_eq!(kept.0.lock().unwrap().len(), MANY);
    }
}
