//! Discord's gateway is cut, replaced, falls silent and forgets sessions at random moments while incidents are declared,
//! buttons are used and forms are sent over it: nothing that was asked is lost, nothing is done twice.
//!
//! The moments come from one seed: `MUSTER_SEED=… MUSTER_CUTS=… cargo test -p muster-tests --test chat_proofs cuts`.

use crate::chat::Chat;
use crate::declared::{Declared, declares, each_is_there};
use crate::office::{Office, incident_in};
use muster_tests::discord::{FakeDiscord, Hand, Room};
use muster_tests::process::{Audit, Wire, number_from, seed, tell};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::task::JoinSet;

const CUTS: u64 = 4;
/// Muster is restarted after so many. More often in so short a time, and connecting again is rightly put off longer than
/// a test is.
const AT_A_STRETCH: u64 = 4;
/// Every call of Discord's takes so long, so that connections go while something is being done.
const CALL: Duration = Duration::from_millis(5);
/// A connection goes at most so long after things were asked.
const LIFE: Duration = Duration::from_millis(60);
/// How often Discord wants to hear a heartbeat: one that is missing is noticed within two of these.
const HEARTBEAT: Duration = Duration::from_millis(400);
/// When all is quiet at the latest.
const DRAIN: Duration = Duration::from_secs(60);
/// Who declare by typing, one incident each before every cut; erin declares with the form.
const CREW: [&str; 2] = ["alice", "bob"];
/// Who uses the buttons.
const CLICKS: &str = "carol";

/// A way in which a connection goes, or a session with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// Without a word; what was missed comes again.
    Cut,
    /// In the middle of something: right after the next event.
    CutAfterSending,
    /// Discord asks for another connection.
    Asked,
    /// Discord closes it for a reason after which one may go on.
    Closed,
    /// It stays open, and nothing comes through any more.
    Zombie,
    /// Discord asks for another connection to the same session.
    Resumable,
    /// Discord forgets the session: what was missed never comes.
    Forgotten,
    /// Cut, and forgotten when we come back.
    Refused,
}

impl Way {
    const ALL: [Self; 8] = [
        Self::Cut,
        Self::CutAfterSending,
        Self::Asked,
        Self::Closed,
        Self::Zombie,
        Self::Resumable,
        Self::Forgotten,
        Self::Refused,
    ];

    fn go(self, discord: &FakeDiscord) {
        match self {
            Self::Cut => discord.cut(),
            Self::CutAfterSending => discord.cut_after_sending(),
            Self::Asked => discord.asks_to_reconnect(),
            Self::Closed => discord.closes_with(4000),
            Self::Zombie => discord.silence(),
            Self::Resumable => discord.invalidates(true),
            Self::Forgotten => discord.invalidates(false),
            Self::Refused => {
                discord.refuses_resume();
                discord.cut();
            }
        }
    }
}

/// Declares with the form: opens it until it is there, and sends it until an incident comes back.
async fn fills_in(by: Hand, at: Room, words: String) -> Declared {
    while !by.has_modal() {
        by.tries(&at, "inc", "new").await;
    }
    let form = FakeDiscord::form(&by, &words).await;
    for asked in 1.. {
        let sent = form.submit(&by).await;
        let promised = sent.acked.is_some() && sent.said.is_none();
        let picture = match sent.said {
            Some(said) => said.picture(),
            None if promised => FakeDiscord::hears(&by, &words).await,
            None => continue,
        };
        let incident = incident_in(&picture).unwrap_or_else(|| panic!("no incident came of the form: {picture}"));
        return Declared { words, by: "erin", is_private: false, asked, incident };
    }
    unreachable!("somebody gave up")
}

/// Takes command with the button of the card, as long as nothing is answered and the button is there. Gives how often.
async fn takes_command(by: Hand, room: Room) -> usize {
    let mut clicked = 0;
    while room.pins()[0].buttons().contains(&"Take command".to_owned()) {
        clicked += 1;
        if by.clicks(&room.pins()[0], "Take command").await.acked.is_some() {
            break;
        }
    }
    clicked
}

/// Rooms in which nobody has taken command.
async fn rooms(office: &Office<FakeDiscord>, count: u64) -> Vec<(Declared, Room)> {
    let mut rooms = Vec::new();
    for n in 0..count {
        let one = declares(office.author("alice"), format!("r{n} is waiting"), false).await;
        let name = format!("inc-{}-r{n}-is-waiting", one.incident);
        rooms.push((one, office.chat.room(&name, |room| room.pins.len() == 1).await));
    }
    rooms
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_gateway_is_cut_at_random_moments() {
    let cuts = number_from("MUSTER_CUTS").unwrap_or(CUTS);
    let mut rng = StdRng::seed_from_u64(seed("the_gateway_is_cut_at_random_moments"));
    let office = Office::<FakeDiscord>::open("sqlite:muster.db", Wire::Socket).await;
    let discord = &office.chat;
    // Whoever is not answered tries again.
    discord.forgives_silence();
    discord.heartbeat(HEARTBEAT);
    discord.holds_at_most(10_000, 1_000);
    let mut server = office.begins().await;
    let (waiting, rooms): (Vec<_>, Vec<_>) = rooms(&office, cuts).await.into_iter().unzip();
    discord.delay(CALL);
    let (mut declaring, mut filling, mut clicking) = (JoinSet::new(), JoinSet::new(), JoinSet::new());
    let mut declared = Vec::new();
    let mut ways: BTreeMap<Way, u64> = BTreeMap::new();
    for (cut, room) in (0..cuts).zip(rooms) {
        if cut > 0 && cut % AT_A_STRETCH == 0 {
            server.terminate().await;
            server = office.begins().await;
        }
        discord.has_connections(1).await;
        for by in CREW {
            declaring.spawn(declares(office.author(by), format!("c{cut} of {by}"), false));
        }
        // One form after the other.
        declared.extend(filling.try_join_next().map(|filled| filled.expect("a form came to its end")));
        if filling.is_empty() {
            let erin = office.people["erin"].clone();
            filling.spawn(fills_in(erin, office.general.clone(), format!("c{cut} of a form")));
        }
        clicking.spawn(takes_command(office.people[CLICKS].clone(), room));
        // The moment is the point: nothing is waited for.
        tokio::time::sleep(rng.random_range(Duration::ZERO..LIFE)).await;
        let way = Way::ALL[rng.random_range(0..Way::ALL.len())];
        way.go(discord);
        *ways.entry(way).or_default() += 1;
    }
    declared.extend(declaring.join_all().await);
    declared.extend(filling.join_all().await);
    let clicked = clicking.join_all().await;
    let mut database = office.database().await;
    office.is_quiet(&mut database, DRAIN).await;
    server.terminate().await;
    let audit = Audit::of(&mut database).await;
    office.holds_what_is_in(&audit);
    office.chat.finish();
    for Declared { incident, .. } in &waiting {
        assert_eq!(audit.events(*incident, "role_taken").len(), 1, "INC-{incident}: command was taken once");
    }
    declared.extend(waiting);
    each_is_there(&declared, &audit);
    let (opened, identified, resumed) = discord.gateway_counts();
    // That of each process, of the one that set the office up too, and one for each that Discord forgot.
    let forgotten: u64 = [Way::Forgotten, Way::Refused].iter().filter_map(|way| ways.get(way)).sum();
    assert!(identified <= 1 + cuts.div_ceil(AT_A_STRETCH) + forgotten, "{identified} sessions begun: {ways:?}");
    tell(&format!(
        "{cuts} cuts, {ways:?}: {opened} connections, {identified} sessions begun, {resumed} resumed; {} incidents \
         declared, {} asked for again; {} clicks, {} again; nothing lost, nothing twice",
        declared.len(),
        declared.iter().filter(|one| one.asked > 1).count(),
        clicked.len(),
        clicked.iter().filter(|times| **times > 1).count(),
    ));
}
