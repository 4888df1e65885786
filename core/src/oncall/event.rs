//! An event of a calendar: when it takes place, and whom it names.

use super::civil::{civil, instant};
use super::stretch::Stretch;
use crate::clock::Timestamp;
use crate::ids::PersonId;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use chrono_tz::Tz;
use icalendar::parser::{Component, Property};
use rrule::{RRule, RRuleSet, Unvalidated};
use std::collections::BTreeSet;

/// What a rule may say. Times of day are those of its event: one that has its own could come often without end.
const PARTS: [&str; 11] = [
    "FREQ",
    "INTERVAL",
    "COUNT",
    "UNTIL",
    "BYDAY",
    "BYMONTHDAY",
    "BYMONTH",
    "BYYEARDAY",
    "BYWEEKNO",
    "BYSETPOS",
    "WKST",
];
/// How often something may recur.
const OFTEN: [&str; 4] = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"];
/// How many times of one event are counted, from its first on: daily for more than 50 years.
const TIMES: usize = 20_000;
/// How long ago a recurring event may have begun.
const YEARS: i64 = 30;
/// The longest shift, in days.
const LONGEST: i64 = 366;

/// An event.
pub(super) struct Event {
    pub(super) uid: Option<String>,
    /// The time of the same event for which this one stands, if it stands for one.
    pub(super) replaces: Option<Timestamp>,
    pub(super) is_cancelled: bool,
    /// How it recurs, if it does.
    pub(super) rule: Option<String>,
    summary: String,
    attendees: Vec<String>,
    starts: NaiveDateTime,
    zone: Tz,
    /// How long the clock on the wall goes on.
    lasts: TimeDelta,
    also: Vec<Timestamp>,
    except: BTreeSet<Timestamp>,
}

/// How the times of a calendar are meant.
pub(super) struct Meaning {
    /// The time zone of those that name none.
    pub(super) zone: Tz,
}

impl Meaning {
    /// Reads an event.
    pub(super) fn event(&self, component: &Component<'_>) -> Result<Event, String> {
        let text = |name: &str| component.find_prop(name).map(|found| found.val.as_str().trim().to_owned());
        let start = component.find_prop("DTSTART").ok_or("this has no beginning")?;
        let (starts, zone) = self.one(start)?;
        let lasts = self.lasts(component, start, (starts, zone))?;
        if component.find_prop("RECURRENCE-ID").is_some_and(is_for_later_ones) {
            return Err("a change of this and all later times is not understood".to_owned());
        }
        let replaces = match component.find_prop("RECURRENCE-ID") {
            Some(property) => self.moments(property)?.into_iter().next(),
            None => None,
        };
        let all = |name: &str| -> Result<Vec<Timestamp>, String> {
            let named = component.properties.iter().filter(|property| property.name == name);
            let moments: Result<Vec<_>, _> = named.map(|property| self.moments(property)).collect();
            moments.map(|moments| moments.into_iter().flatten().take(TIMES).collect())
        };
        Ok(Event {
            uid: text("UID"),
            replaces,
            is_cancelled: text("STATUS").is_some_and(|status| status.eq_ignore_ascii_case("CANCELLED")),
            rule: text("RRULE"),
            summary: text("SUMMARY").unwrap_or_default(),
            attendees: attendees(component),
            starts,
            zone,
            lasts,
            also: all("RDATE")?,
            except: all("EXDATE")?.into_iter().collect(),
        })
    }

    /// How long an event lasts: a day when it says nothing and begins with one.
    fn lasts(&self, event: &Component<'_>, start: &Property<'_>, (starts, zone): Civil) -> Result<TimeDelta, String> {
        let lasts = if let Some(end) = event.find_prop("DTEND") {
            let (ends, end_zone) = self.one(end)?;
            let ends =
                if end_zone == zone { Some(ends) } else { instant(ends, end_zone).map(|ends| civil(ends, zone)) };
            ends.map(|ends| ends - starts)
        } else if let Some(duration) = event.find_prop("DURATION") {
            duration_of(duration.val.as_str())
        } else {
            Some(TimeDelta::days(i64::from(start.val.as_str().len() == DATE)))
        };
        lasts
            .filter(|lasts| (TimeDelta::minutes(1)..=TimeDelta::days(LONGEST)).contains(lasts))
            .ok_or_else(|| "this does not last between a minute and a year".to_owned())
    }

    fn one(&self, property: &Property<'_>) -> Result<Civil, String> {
        self.civil(property.val.as_str(), self.zone_of(property)?)
    }

    /// The moments of a list of times, of which only the beginning counts where they have an end.
    fn moments(&self, property: &Property<'_>) -> Result<Vec<Timestamp>, String> {
        let zone = self.zone_of(property)?;
        let moment = |text: &str| {
            let (civil, zone) = self.civil(text.split('/').next().unwrap_or(text), zone)?;
            instant(civil, zone).ok_or_else(|| "a time in it is none".to_owned())
        };
        property.val.as_str().split(',').map(moment).collect()
    }

    fn zone_of(&self, property: &Property<'_>) -> Result<Tz, String> {
        let Some(named) = parameter(property, "TZID") else { return Ok(self.zone) };
        // A leading slash says that the name is known everywhere.
        let name = named.trim_matches(['"', '/']);
        name.parse().map_err(|_| "its time zone has no IANA name".to_owned())
    }

    fn civil(&self, text: &str, zone: Tz) -> Result<Civil, String> {
        let (text, zone) = text.trim().strip_suffix('Z').map_or((text.trim(), zone), |text| (text, Tz::UTC));
        let read = if text.len() == DATE {
            NaiveDate::parse_from_str(text, "%Y%m%d").ok().map(|date| date.and_time(NaiveTime::MIN))
        } else {
            NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").ok()
        };
        let is_sane = |civil: &NaiveDateTime| (0..4_102_444_800).contains(&civil.and_utc().timestamp());
        read.filter(is_sane).map(|civil| (civil, zone)).ok_or_else(|| "a time in it is none".to_owned())
    }
}

/// A civil time, and whose.
type Civil = (NaiveDateTime, Tz);

/// The length of a date without a time.
const DATE: usize = 8;

fn parameter<'p>(property: &'p Property<'_>, name: &str) -> Option<&'p str> {
    let found = property.params.iter().find(|one| one.key.as_str().eq_ignore_ascii_case(name))?;
    found.val.as_ref().map(|value| value.as_str())
}

fn is_for_later_ones(property: &Property<'_>) -> bool {
    parameter(property, "RANGE").is_some()
}

/// Addresses and names of those who attend, in order.
fn attendees(component: &Component<'_>) -> Vec<String> {
    let named = component.properties.iter().filter(|property| property.name == "ATTENDEE");
    let mut names = Vec::new();
    for property in named.filter(|one| parameter(one, "PARTSTAT").is_none_or(|said| said != "DECLINED")) {
        let value = property.val.as_str();
        let address = value.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:")).map(|_| &value[7..]);
        names.extend(address.map(str::to_owned));
        names.extend(parameter(property, "CN").map(|name| name.trim_matches('"').to_owned()));
    }
    names
}

/// `P1W`, `P1DT12H`, `PT30M`.
fn duration_of(text: &str) -> Option<TimeDelta> {
    let text = text.trim().trim_start_matches('+').strip_prefix('P')?;
    let (mut seconds, mut number, mut in_time) = (0_i64, String::new(), false);
    for c in text.chars() {
        let unit = match c {
            '0'..='9' if number.len() < 9 => {
                number.push(c);
                continue;
            }
            'T' => {
                in_time = true;
                continue;
            }
            'W' if !in_time => 604_800,
            'D' if !in_time => 86_400,
            'H' if in_time => 3_600,
            'M' if in_time => 60,
            'S' if in_time => 1,
            _ => return None,
        };
        seconds = seconds.checked_add(number.parse::<i64>().ok()?.checked_mul(unit)?)?;
        number.clear();
    }
    TimeDelta::try_seconds(seconds).filter(|_| number.is_empty())
}

impl Event {
    /// How it is named to whoever has to mend it.
    pub(super) fn shown(&self) -> String {
        format!("“{}”", self.summary.chars().filter(|c| !c.is_control()).take(80).collect::<String>())
    }

    /// Whom it names: those who attend, or else those in its summary, such as `alice`, `On call: Alice Ek` or
    /// `alice + bob (payments)`.
    pub(super) fn people(&self, who: &dyn Fn(&str) -> Option<PersonId>) -> Vec<PersonId> {
        let mut people: Vec<PersonId> = self.attendees.iter().filter_map(|name| who(name)).collect();
        if people.is_empty() {
            people.extend(who(&self.summary));
        }
        if people.is_empty() {
            let summary = self.summary.split_once(':').map_or(self.summary.as_str(), |(_, after)| after);
            let summary = summary.split(" (").next().unwrap_or(summary);
            let names = summary.split([',', '+', '&', '/', ';']).flat_map(|name| name.split(" - "));
            people.extend(names.map(str::trim).filter(|name| !name.is_empty()).filter_map(who));
        }
        people.sort_unstable();
        people.dedup();
        people
    }

    /// When it takes place, as far as that meets `range`.
    pub(super) fn times(&self, range: Stretch) -> Result<Vec<Stretch>, String> {
        let mut starts = match &self.rule {
            Some(rule) => self.recurring(rule, range)?,
            None => vec![self.starts],
        };
        starts.extend(self.also.iter().map(|also| civil(*also, self.zone)));
        let time = |starts: NaiveDateTime| {
            let from = instant(starts, self.zone)?;
            let until = instant(starts.checked_add_signed(self.lasts)?, self.zone)?;
            Some(Stretch { from, until }).filter(|time| time.is_some() && time.meets(range))
        };
        let times = starts.into_iter().filter_map(time);
        Ok(times.filter(|time| !self.except.contains(&time.from)).collect())
    }

    /// The civil times at which it begins by its rule. They are worked out as if they were in UTC: the clock on the wall
    /// is what recurs, and what it means in the zone is found afterwards.
    fn recurring(&self, rule: &str, range: Stretch) -> Result<Vec<NaiveDateTime>, String> {
        let first = self.starts.and_utc().with_timezone(&rrule::Tz::UTC);
        if range.from.signed_duration_since(self.starts.and_utc()) > TimeDelta::days(366 * YEARS) {
            return Err(format!("this has recurred for more than {YEARS} years"));
        }
        let rule: RRule<Unvalidated> = self.rule_in_civil_time(rule)?.parse().map_err(|_| not_understood())?;
        let rule = rule.validate(first).map_err(|_| not_understood())?;
        let end = civil(range.until, self.zone);
        let times = RRuleSet::new(first).rrule(rule).limit().into_iter().take(TIMES).map(|time| time.naive_utc());
        Ok(times.take_while(|time| *time <= end).collect())
    }

    /// The rule with its end as a civil time, too.
    fn rule_in_civil_time(&self, rule: &str) -> Result<String, String> {
        let mut parts = Vec::new();
        for part in rule.to_ascii_uppercase().split(';').filter(|part| !part.is_empty()) {
            let (key, value) = part.split_once('=').ok_or_else(not_understood)?;
            let is_fine = PARTS.contains(&key) && (key != "FREQ" || OFTEN.contains(&value));
            if !is_fine || value.len() > 400 {
                return Err(format!("Muster does not understand {}", key.chars().take(20).collect::<String>()));
            }
            parts.push(if key == "UNTIL" { format!("UNTIL={}", self.until(value)?) } else { part.to_owned() });
        }
        Ok(format!("RRULE:{}", parts.join(";")))
    }

    fn until(&self, value: &str) -> Result<String, String> {
        let (until, zone) = Meaning { zone: self.zone }.civil(value, self.zone)?;
        let until = if zone == self.zone || value.len() == DATE {
            until
        } else {
            instant(until, zone).map(|until| civil(until, self.zone)).ok_or_else(not_understood)?
        };
        let until = if value.len() == DATE { until + TimeDelta::days(1) - TimeDelta::seconds(1) } else { until };
        // One that ended before it began never was; the crate wants to hear of it in another way.
        Ok(until.max(self.starts).format("%Y%m%dT%H%M%SZ").to_string())
    }
}

fn not_understood() -> String {
    "its rule is not understood".to_owned()
}
