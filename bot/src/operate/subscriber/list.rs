//! Lists of subscribers as files: CSV, the first line of which names the columns. <https://www.rfc-editor.org/rfc/rfc4180>

use super::{channel_of, listed};
use crate::say;
use anyhow::{Context, bail};
use csv::{ReaderBuilder, StringRecord, Trim, Writer};
use muster_core::app::Muster;
use muster_core::app::subscribing::Wish;
use muster_core::clock::Timestamp;
use muster_core::comms::{CommsRules, Subscriber, SubscriberId, SubscriberState};
use muster_core::ports::subscribers::{Says, SubscriberQuery};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::process::ExitCode;

/// So many are written at once, so that a server beside us does not wait.
const TOGETHER: usize = 500;
/// So many wrong lines are told.
const TOLD: usize = 20;

/// The columns of an export. An import needs the first, and takes any of them.
const COLUMNS: [&str; 7] = ["address", "channel", "audience", "locale", "components", "state", "since"];

/// What a list says.
#[derive(Debug, Default)]
struct Listed {
    wishes: Vec<Wish>,
    /// What it says of them.
    says: Says,
    /// Who is on it and is not told.
    passed_over: usize,
    faults: Vec<String>,
}

/// Subscribes all of a list, or nobody if a line is wrong.
pub(super) async fn import(muster: &Muster, file: &Path, audience: &str) -> anyhow::Result<ExitCode> {
    let (org, now) = (muster.org(), muster.now());
    let read = if file == Path::new("-") {
        read(io::stdin().lock(), audience, &org.comms, now)?
    } else {
        let opened = File::open(file).with_context(|| format!("{} cannot be read", file.display()))?;
        read(opened, audience, &org.comms, now)?
    };
    if !read.faults.is_empty() {
        read.faults.iter().take(TOLD).for_each(|fault| say::aside(fault));
        bail!("wrong lines in {}: {}; nobody was subscribed", file.display(), read.faults.len());
    }
    let mut stayed = 0;
    for some in read.wishes.chunks(TOGETHER) {
        let kept = muster.import_subscribers(some, read.says).await?;
        stayed += kept.iter().filter(|one| one.state != SubscriberState::Active).count();
    }
    say::out(&format!("Told from now on: {}.", read.wishes.len() - stayed));
    if stayed > 0 {
        say::aside(&format!(
            "Left, could not be reached, or are asked just now, and stay out: {stayed}; `subscriber add` insists."
        ));
    }
    if read.passed_over > 0 {
        say::aside(&format!("On the list as not told, and passed over: {}.", read.passed_over));
    }
    Ok(ExitCode::SUCCESS)
}

fn read(source: impl Read, audience: &str, rules: &CommsRules, now: Timestamp) -> anyhow::Result<Listed> {
    let mut reader = ReaderBuilder::new().trim(Trim::All).flexible(true).from_reader(source);
    let heading = reader.headers().context("the list cannot be read")?.clone();
    let unknown = heading.iter().find(|name| !COLUMNS.contains(name));
    if let Some(name) = unknown {
        bail!("there is no column “{name}”; the first line names the columns: {}", COLUMNS.join(","));
    }
    let place = |name: &str| heading.iter().position(|column| column == name);
    let address = place("address").context("the first line names the columns, and one of them is `address`")?;
    let [of, locale, components, state] = ["audience", "locale", "components", "state"].map(place);
    let says = Says { locale: locale.is_some(), components: components.is_some() };
    let mut read = Listed { says, ..Listed::default() };
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                read.faults.push(error.to_string());
                continue;
            }
        };
        let cell = |column: Option<usize>| column.and_then(|column| record.get(column)).filter(|cell| !cell.is_empty());
        if cell(state).is_some_and(|state| state != SubscriberState::Active.word()) {
            read.passed_over += 1;
            continue;
        }
        let typed = cell(Some(address)).unwrap_or_default();
        let wish = cell(locale).map_or_else(|| Ok(rules.locales.first().clone()), str::parse).map(|locale| Wish {
            audience: cell(of).unwrap_or(audience).to_owned(),
            channel: channel_of(typed),
            address: typed.to_owned(),
            locale,
            components: cell(components).unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
        });
        let wish = wish.map_err(|error| error.to_string());
        match wish.and_then(|wish| wish.check(rules, SubscriberState::Active, now).map(|_| wish)) {
            Ok(wish) => read.wishes.push(wish),
            Err(fault) => read.faults.push(format!("line {}: {fault}", line(&record))),
        }
    }
    Ok(read)
}

fn line(record: &StringRecord) -> u64 {
    record.position().map_or(0, csv::Position::line)
}

/// Prints all of them, some at a time.
pub(super) async fn export(muster: &Muster) -> anyhow::Result<ExitCode> {
    let mut writer = Writer::from_writer(io::stdout().lock());
    writer.write_record(COLUMNS)?;
    let mut after = None::<SubscriberId>;
    loop {
        let query = SubscriberQuery { after, limit: 1_000, ..SubscriberQuery::default() };
        let some = muster.store().subscribers(&query).await?;
        let Some(last) = some.last() else { break };
        after = Some(last.id);
        for one in &some {
            writer.write_record(row(one))?;
        }
    }
    writer.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn row(one: &Subscriber) -> [String; 7] {
    [
        one.address.clone(),
        one.channel.word().to_owned(),
        one.audience.clone(),
        one.locale.to_string(),
        listed(&one.components),
        one.state.word().to_owned(),
        one.since.to_rfc3339(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::comms::{Audience, Channel, Destination, Locale, Locales};

    fn rules() -> CommsRules {
        let audience = |id: &str| Audience {
            id: id.to_owned(),
            name: id.to_owned(),
            to: vec![Destination::Subscribers],
            locales: Locales::new(Locale::english(), []),
            waits_for_all: false,
            approval: Vec::new(),
            approvers: Vec::new(),
            clocked: true,
        };
        let locales = Locales::new(Locale::english(), ["sv".parse().expect("a language")]);
        CommsRules { locales, audiences: vec![audience("public"), audience("business")], ..CommsRules::default() }
    }

    fn of(list: &str) -> anyhow::Result<Listed> {
        read(list.as_bytes(), "public", &rules(), Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_list_is_read_whatever_the_order_of_its_columns() {
        let list = "\u{feff}locale, address ,audience\nsv,anna@example.com,\n,\"https://example.com/a,b\",business\n\n";
        let read = of(list).expect("a list");
        assert!(read.faults.is_empty(), "{:?}", read.faults);
        let said: Vec<_> = read
            .wishes
            .iter()
            .map(|one| (one.channel, one.address.as_str(), one.audience.as_str(), one.locale.as_str()))
            .collect();
        let anna = (Channel::Email, "anna@example.com", "public", "sv");
        assert_eq!(said, [anna, (Channel::Webhook, "https://example.com/a,b", "business", "en")]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let list = "address,locale,components,state\nanna@example.com,sv,,active\nbert,,,\n\"carl@example.com\",xx-,,\n\
                    dora@example.com,,tills,\nerin@example.com,,,left\n=cmd|' /C calc'!A0,,,\n";
        let read = of(list).expect("a list");
        assert_eq!((read.wishes.len(), read.passed_over), (1, 1));
        let expected = [
            "line 3: This is not an e-mail address: write it as name@example.com.",
            "line 4: “xx-” is not a language: write it as en, sv or pt-BR",
            "line 5: There is no component “tills”. There is: nothing.",
            "line 7: This is not an e-mail address: write it as name@example.com.",
        ];
        assert_eq!(read.faults, expected);
        let faults = of("address\n\u{0}\n").expect("a list").faults;
        assert_eq!(faults.len(), 1, "{faults:?}");
    }

    #[test]
    fn a_list_without_a_heading_is_none() {
        let why = |list| of(list).expect_err("no list").to_string();
        assert!(why("anna@example.com\n").contains("there is no column “anna@example.com”"));
        assert!(why("locale\nsv\n").contains("one of them is `address`"));
    }

    #[test]
    fn bytes_that_are_no_text_are_one_wrong_line() {
        let list = b"address\nanna@example.com\n\xff\xfe@example.com\nbert@example.com\n";
        let read = read(&list[..], "public", &rules(), Timestamp::UNIX_EPOCH).expect("a list");
        assert_eq!((read.wishes.len(), read.faults.len()), (2, 1), "{:?}", read.faults);
    }
}
