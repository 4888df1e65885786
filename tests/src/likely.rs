//! What somebody would do next as an incident stands: so that random stories get deep into it.

use crate::dice::Dice;
use crate::dump::Dump;
use crate::generate;
use muster_core::command::Invocation;
use muster_core::ids::PersonId;
use muster_core::incident::Incident;
use muster_core::incident::event::Event;
use muster_core::incident::role::{Assignment, Offer};

/// Who does it, and what.
pub type Step = (PersonId, Invocation);

/// Something that makes sense now, in one of the incidents there are; `None` if there is none.
pub fn step(dice: &mut Dice, dump: &Dump, people: &[&str]) -> Option<Step> {
    let all: Vec<&Incident> = dump.incidents.values().collect();
    let incident = *all.get(dice.below(all.len().max(1)))?;
    let anybody = PersonId::from(dice.one_of(people));
    let insider = incident.participants[dice.below(incident.participants.len())].person.clone();
    let someone = if dice.percent(50) { anybody } else { insider };
    let call = |words: &str| Invocation::of(words).on(incident.id);
    let step = match dice.below(9) {
        0 | 1 if !incident.offers.is_empty() => {
            let which = dice.below(incident.offers.len());
            answer(dice, incident, &incident.offers[which])
        }
        0..3 if !incident.roles.is_empty() => {
            let which = dice.below(incident.roles.len());
            hand_over(dice, incident, &incident.roles[which], people)
        }
        3 => {
            let role = dice.one_of(&["commander", "sme", "sme", "comms"]);
            let call = call("role").with("role", role).with("person", dice.one_of(people));
            (someone, if dice.percent(30) { call.with("replace", "yes") } else { call })
        }
        4 => (someone, work(dice, incident)),
        5 => (someone, amend(dice, incident, dump)),
        6 => {
            let other = all[dice.below(all.len())].id;
            let end = dice.one_of(&["resolve", "cancel", "close", "merge", "mitigate"]);
            let call = call(end);
            let call = match end {
                "merge" => call.with("into", other.to_string()),
                "cancel" => call.with("note", "not ours"),
                _ => call,
            };
            (someone, call)
        }
        7 if !incident.status.is_open() => (someone, call("reopen").with("reason", "it is back")),
        7 => {
            let next: Vec<_> = incident.status.phase().next().map(|phase| phase.word()).collect();
            (someone, call("status").with("status", dice.one_of(&next)))
        }
        _ => (someone, call("update").with("text", "we are on it").with("next", dice.one_of(&["15m", "1h"]))),
    };
    Some(step)
}

fn answer(dice: &mut Dice, incident: &Incident, offer: &Offer) -> Step {
    let (who, words) = match dice.below(5) {
        0 => (&offer.from, "handoff withdraw"),
        1 => (&offer.to, "handoff decline"),
        _ => (&offer.to, "handoff accept"),
    };
    let call = Invocation::of(words).on(incident.id);
    let named = dice.percent(50);
    (who.clone(), if named { call.with("role", offer.role.as_str()) } else { call })
}

fn hand_over(dice: &mut Dice, incident: &Incident, held: &Assignment, people: &[&str]) -> Step {
    let role = held.role.as_str();
    let call = match dice.below(5) {
        0 => Invocation::of("role release").with("role", role),
        _ => Invocation::of("handoff").with("person", dice.one_of(people)).with("role", role),
    };
    (held.person.clone(), call.on(incident.id))
}

fn work(dice: &mut Dice, incident: &Incident) -> Invocation {
    let list = dice.one_of(&["task", "followup"]);
    let count = if list == "task" { incident.tasks.len() } else { incident.followups.len() };
    let call = match dice.below(4) {
        _ if count == 0 => Invocation::of(list).with("text", "call the bank"),
        0 => Invocation::of(list).with("text", "restart the workers").with("person", "@bob"),
        1 => Invocation::of(&format!("{list} assign")).with("person", dice.one_of(generate::PEOPLE)),
        2 => Invocation::of(&format!("{list} reopen")),
        _ => Invocation::of(&format!("{list} done")),
    };
    let takes_number = !call.verb.is_empty();
    let number = (1 + dice.below(count.max(1))).to_string();
    (if takes_number { call.with("number", number) } else { call }).on(incident.id)
}

fn amend(dice: &mut Dice, incident: &Incident, dump: &Dump) -> Invocation {
    let is_text = |event: &Event| matches!(event, Event::Noted { .. } | Event::Updated { .. });
    let texts: Vec<i64> =
        dump.log(incident.id).iter().filter(|entry| is_text(&entry.what)).map(|entry| entry.number).collect();
    if texts.is_empty() || dice.percent(20) {
        return Invocation::of("note").with("text", generate::text(dice)).with("at", "5m ago").on(incident.id);
    }
    let number = texts[dice.below(texts.len())].to_string();
    let call = match dice.below(4) {
        0 => Invocation::of("timeline remove"),
        1 => Invocation::of("timeline backdate").with("at", "20m ago"),
        2 => Invocation::of("timeline history"),
        _ => Invocation::of("timeline edit").with("text", generate::text(dice)),
    };
    call.with("number", number).on(incident.id)
}
