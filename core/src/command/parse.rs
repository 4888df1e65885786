//! A typed line becomes an [`Invocation`]. Everything it knows it knows from the table.

mod value;

use super::call::Invocation;
use super::spec::{Arg, ArgKind, Slot, Spec, Verb};
use super::words::{Word, flag, split};
use super::{SHORTCUTS, TABLE, find};
use crate::ids::IncidentId;
use crate::inbound::Place;
use crate::org::Organisation;
use crate::plain::{echo, one_line};
use crate::refusal::Refusal;
use crate::time::parse_span;
use std::collections::{BTreeMap, VecDeque};
use value::{value_of, whole};

/// The longest line that is looked at, in bytes.
const LONGEST: usize = 64 * 1024;

/// Reads a line. An empty one is the menu.
///
/// # Errors
/// One sentence about the first mistake, and the nearest right line.
pub fn line(line: &str, org: &Organisation, place: &Place) -> Result<Invocation, Refusal> {
    if line.len() > LONGEST {
        return Err(Refusal::invalid("This line is too long to be a command"));
    }
    let line = without_slash(line);
    let (front, rest) = leading_incident(line);
    let (command, rest) = first_word(rest);
    if command.is_empty() {
        let call = if front.is_some() { Invocation::of("show") } else { Invocation::of("help menu") };
        return Ok(Invocation { incident: front, ..call });
    }
    let expanded = expand(&command, rest)?;
    let (command, rest) = first_word(&expanded);
    let Some(spec) = find(&command) else { return Err(unknown(&command, rest)) };
    Reader { spec, org, place }.read(front, rest)
}

/// People type the slash and its word even where they need not.
fn without_slash(line: &str) -> &str {
    let line = line.trim();
    let Some(slashed) = line.strip_prefix('/') else { return line };
    let (word, rest) = slashed.split_once(char::is_whitespace).unwrap_or((slashed, ""));
    match word.to_ascii_lowercase().as_str() {
        "inc" | "incident" | "muster" => rest.trim_start(),
        _ => slashed,
    }
}

fn first_word(line: &str) -> (String, &str) {
    let line = line.trim_start();
    let end = line.find(char::is_whitespace).unwrap_or(line.len());
    (line[..end].to_lowercase(), &line[end..])
}

/// `INC-42 resolve`: an incident before the command is the one it is about.
fn leading_incident(line: &str) -> (Option<IncidentId>, &str) {
    let (word, rest) = first_word(line);
    match named_incident(&word) {
        Some(incident) => (Some(incident), rest),
        None => (None, line),
    }
}

/// Only `INC-42` in full names an incident by the way; a bare number may be anything.
fn named_incident(word: &str) -> Option<IncidentId> {
    let lower = word.to_ascii_lowercase();
    lower.strip_prefix("inc-").filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
    lower.parse().ok()
}

fn expand(command: &str, rest: &str) -> Result<String, Refusal> {
    match SHORTCUTS.iter().find(|(word, _)| *word == command) {
        Some((_, line)) => Ok(format!("{line}{rest}")),
        None if find(command).is_some() => Ok(format!("{command}{rest}")),
        None => Err(unknown(command, rest)),
    }
}

fn unknown(command: &str, rest: &str) -> Refusal {
    let refusal = Refusal::invalid(format!("“{}” is not a command", echo(command)));
    let words = TABLE.iter().map(|spec| spec.name).chain(SHORTCUTS.iter().map(|(word, _)| *word));
    match nearest(command, words) {
        Some(word) => refusal.instead(format!("{word}{}", echo_rest(rest))),
        None => refusal.instead("help"),
    }
}

fn echo_rest(rest: &str) -> String {
    let rest = one_line(rest);
    if rest.is_empty() || rest.len() > 200 { String::new() } else { format!(" {rest}") }
}

/// How near a word is of which the beginning was typed: nearer than one of as many letters that are others, further than a slip.
const BEGUN: f64 = 0.75;

/// The known word nearest to what was typed, if one is near enough to be meant.
#[must_use]
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed: String = typed.to_lowercase().chars().take(60).collect();
    let near = known.into_iter().filter_map(|word| {
        let lower = word.to_lowercase();
        let likeness = strsim::normalized_damerau_levenshtein(&typed, &lower);
        // A word is known by its beginning, too: `pay` for `payments`.
        let is_begun = typed.chars().count() > 2 && lower.starts_with(&typed);
        let is_near = is_begun || likeness >= 0.6 || strsim::jaro_winkler(&typed, &lower) > 0.8;
        is_near.then_some((if is_begun { likeness.max(BEGUN) } else { likeness }, word))
    });
    let mut near: Vec<_> = near.collect();
    near.sort_by(|(like, _), (less, _)| less.total_cmp(like));
    match near.as_slice() {
        // Of those that are as near as each other none is: SEV9 is not SEV4.
        [(first, one), (second, other), ..] if first == second && one != other => None,
        [(_, word), ..] => Some(*word),
        [] => None,
    }
}

struct Reader<'a> {
    spec: &'static Spec,
    org: &'a Organisation,
    place: &'a Place,
}

impl Reader<'_> {
    fn read(&self, front: Option<IncidentId>, rest: &str) -> Result<Invocation, Refusal> {
        let mut words: VecDeque<Word> = split(rest).into();
        let mut incident = front;
        // Where one was named in front, the name of another belongs to the text.
        let before_verb = if front.is_some() { None } else { self.peek_incident(&words, None)? };
        if before_verb.is_some() {
            words.pop_front();
        }
        incident = incident.or(before_verb);
        let verb = self.verb(&mut words)?;
        if incident.is_none() {
            incident = self.peek_incident(&words, Some(verb))?;
            if incident.is_some() {
                words.pop_front();
            }
        }
        let mut args = BTreeMap::new();
        let flagged = self.flags(verb, &mut words, &mut args)?;
        incident = match flagged {
            Some(named) => Some(named),
            None => incident,
        };
        self.positionals(verb, rest, words, &mut args)?;
        Ok(Invocation { command: self.spec.name.to_owned(), verb: verb.name.to_owned(), incident, args })
    }

    /// The incident at the front of the words. In a room, text that begins with another incident's name is
    /// ambiguous, and acting on the wrong incident is worse than asking.
    fn peek_incident(&self, words: &VecDeque<Word>, verb: Option<&Verb>) -> Result<Option<IncidentId>, Refusal> {
        let first = words.front().filter(|word| !word.quoted);
        // `show 42`: where nothing else can follow, a bare number is an incident, too.
        let takes_nothing = verb.is_some_and(|verb| verb.args.is_empty());
        let bare_number = |word: &Word| word.text.parse().ok().filter(|_| takes_nothing);
        let named = first.and_then(|word| named_incident(&word.text).or_else(|| bare_number(word)));
        let scope = self.spec.scope;
        let names_one = verb.map_or(scope.names_one(), |verb| scope.names_one_with(verb));
        let Some(named) = named.filter(|_| names_one) else { return Ok(None) };
        let verb = verb.or_else(|| self.spec.verb(""));
        let Some(first) = verb.and_then(|verb| verb.args.first()) else { return Ok(Some(named)) };
        if first.kind == ArgKind::Incident {
            // `merge INC-7` in a room, `merge INC-3 INC-7` outside.
            let second = words.get(1).and_then(|word| named_incident(&word.text));
            return Ok(if self.place.incident.is_none() || second.is_some() { Some(named) } else { None });
        }
        let takes_text = verb.is_some_and(|verb| verb.args.iter().any(|arg| arg.slot == Slot::Rest));
        match self.place.incident {
            Some(here) if here != named && takes_text => Err(Refusal::invalid(format!(
                "This is the room of {here}: put {named} before the command to act there, or in quotes to write it"
            ))
            .instead(format!("{named} {}", self.spec.name))),
            Some(_) | None => Ok(Some(named)),
        }
    }

    fn verb(&self, words: &mut VecDeque<Word>) -> Result<&'static Verb, Refusal> {
        if let Some(word) = words.front().filter(|word| !word.quoted) {
            let typed = word.text.to_lowercase();
            if let Some(verb) = self.spec.verb(&typed).filter(|_| !typed.is_empty()) {
                words.pop_front();
                return Ok(verb);
            }
        }
        self.spec.verb("").ok_or_else(|| {
            let verbs: Vec<_> = self.spec.verbs.iter().map(|verb| verb.name).collect();
            Refusal::invalid(format!("`{}` needs one of: {}", self.spec.name, verbs.join(", ")))
                .instead(self.spec.verbs.first().and_then(|verb| verb.examples.first()).copied().unwrap_or("help"))
        })
    }

    /// Takes the flags out of the words; returns the incident that `--incident` named.
    fn flags(
        &self,
        verb: &'static Verb,
        words: &mut VecDeque<Word>,
        args: &mut BTreeMap<String, String>,
    ) -> Result<Option<IncidentId>, Refusal> {
        let mut incident = None;
        let mut others = VecDeque::new();
        while let Some(word) = words.pop_front() {
            let Some((name, inline)) = flag(&word) else {
                others.push_back(word);
                continue;
            };
            if name.is_empty() {
                // In front, `--` says that all the rest is text; later it is a dash in that text.
                if others.is_empty() && inline.is_none() {
                    others.append(words);
                    break;
                }
                others.push_back(word);
                continue;
            }
            let name = name.to_ascii_lowercase();
            let arg = verb.arg(&name).filter(|_| name != "incident");
            let value = match (arg, inline) {
                (Some(arg), None) if arg.is_toggle() => "yes".to_owned(),
                (None, _) if name != "incident" || !self.spec.scope.names_one_with(verb) => {
                    return Err(self.unknown_flag(verb, &name));
                }
                (_, Some(value)) => value.to_owned(),
                (_, None) => value_of(&name, arg, words)?,
            };
            if name == "incident" {
                incident = Some(value.parse().map_err(|_| {
                    Refusal::invalid(format!("“{}” is not an incident: write it as INC-42", echo(&value)))
                })?);
            } else if args.insert(name.clone(), value).is_some() {
                return Err(Refusal::invalid(format!("--{name} is there twice")));
            }
        }
        *words = others;
        Ok(incident)
    }

    fn unknown_flag(&self, verb: &Verb, name: &str) -> Refusal {
        let refusal = Refusal::invalid(format!("`{}` has no option --{}", self.spec.name, echo(name)));
        match nearest(name, verb.args.iter().map(|arg| arg.name)) {
            Some(near) => refusal.instead(format!("--{near}")),
            None => refusal.instead(format!("help {}", self.spec.name)),
        }
    }

    fn positionals(
        &self,
        verb: &'static Verb,
        line: &str,
        mut words: VecDeque<Word>,
        args: &mut BTreeMap<String, String>,
    ) -> Result<(), Refusal> {
        let rest = verb.args.iter().find(|arg| arg.slot == Slot::Rest);
        for arg in verb.args.iter().filter(|arg| arg.slot == Slot::Positional) {
            if args.contains_key(arg.name) {
                continue;
            }
            let fits = words.front().is_some_and(|word| arg.required || self.could_be(arg, word, rest.is_some()));
            let taken = if fits { words.pop_front() } else { self.trailing_person(arg, rest, &mut words) };
            if let Some(word) = taken {
                let text = whole(arg, word.text, &mut words);
                args.insert(arg.name.to_owned(), text);
            }
        }
        match (rest, words.front()) {
            (_, None) => Ok(()),
            (Some(rest), Some(_)) if args.contains_key(rest.name) => Err(self.too_much(&words)),
            (Some(rest), Some(_)) => {
                // Quotes within pairs belong to them.
                let is_pairs = rest.kind == ArgKind::Inputs;
                args.insert(rest.name.to_owned(), verbatim(line, &words, is_pairs));
                Ok(())
            }
            (None, Some(_)) => Err(self.too_much(&words)),
        }
    }

    fn too_much(&self, words: &VecDeque<Word>) -> Refusal {
        let first = words.front().map(|word| echo(&word.text)).unwrap_or_default();
        let sentence = format!("`{}` does not know what to do with “{first}”", self.spec.name);
        Refusal::invalid(sentence).instead(format!("help {}", self.spec.name))
    }

    /// `task restart the pods @bob`
    fn trailing_person(&self, arg: &Arg, rest: Option<&Arg>, words: &mut VecDeque<Word>) -> Option<Word> {
        let person =
            |word: &Word| !word.quoted && word.text.starts_with('@') && self.org.find_person(&word.text).is_some();
        let is_meant = arg.kind == ArgKind::Person && rest.is_some() && words.len() > 1;
        if is_meant && words.back().is_some_and(person) { words.pop_back() } else { None }
    }

    /// Whether a word can be meant as an optional argument.
    fn could_be(&self, arg: &Arg, word: &Word, before_text: bool) -> bool {
        if word.quoted {
            return !before_text;
        }
        let text = word.text.as_str();
        match arg.kind {
            ArgKind::Severity => self.org.find_severity(text).is_some() || self.looks_like_severity(text),
            ArgKind::Person => text.starts_with('@') || text.eq_ignore_ascii_case("me") || !before_text,
            ArgKind::Incident => named_incident(text).is_some() || !before_text,
            ArgKind::Number => text.trim_start_matches('#').parse::<i64>().is_ok() || !before_text,
            ArgKind::Role => self.org.find_role(text).is_some() || !before_text,
            ArgKind::Status => {
                crate::incident::status::Phase::from_word(&text.to_lowercase()).is_some() || !before_text
            }
            ArgKind::PublicStatus => crate::comms::PublicStatus::from_word(text).is_some() || !before_text,
            ArgKind::Kind => crate::incident::Kind::ALL.iter().any(|kind| kind.word() == text) || !before_text,
            ArgKind::Word(words) => words.contains(&text.to_lowercase().as_str()) || !before_text,
            ArgKind::Span => parse_span(text).is_some() || !before_text,
            // What follows it are pairs, in any organisation.
            ArgKind::Template => !text.contains('='),
            ArgKind::Audience => self.org.comms.find_audience(text).is_some() || !before_text,
            ArgKind::Line(_)
            | ArgKind::Paragraph(_)
            | ArgKind::Services
            | ArgKind::Sites
            | ArgKind::Category
            | ArgKind::Chat
            | ArgKind::Target
            | ArgKind::Duty
            | ArgKind::When
            | ArgKind::Moment
            | ArgKind::Fields
            | ArgKind::Components
            | ArgKind::Command
            | ArgKind::Runbook
            | ArgKind::RunbookOrRun
            | ArgKind::Inputs
            | ArgKind::Toggle => !before_text,
        }
    }

    /// `sev9` is a slip, not the first word of a title.
    fn looks_like_severity(&self, text: &str) -> bool {
        let letters = |word: &str| word.trim_end_matches(|c: char| c.is_ascii_digit()).to_ascii_lowercase();
        let stem = letters(text);
        let is_numbered = !stem.is_empty() && stem.len() < text.len();
        is_numbered && self.org.severities.iter().any(|severity| letters(severity.key.as_str()) == stem)
    }
}

/// The words as they stand in the line, white space and all; where flags were taken out, one space. A single word has no need of its
/// quotes.
fn verbatim(line: &str, words: &VecDeque<Word>, keeps_quotes: bool) -> String {
    if let (1, Some(only), false) = (words.len(), words.front(), keeps_quotes) {
        return only.text.clone();
    }
    let mut text = String::new();
    let mut end = None;
    for word in words {
        if let Some(end) = end {
            let between = &line[end..word.at.start];
            text.push_str(if between.trim().is_empty() { between } else { " " });
        }
        text.push_str(&line[word.at.clone()]);
        end = Some(word.at.end);
    }
    text
}

#[cfg(test)]
mod tests;
