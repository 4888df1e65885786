//! Discord, as the benches of chats use it.

use crate::chat::{Call, Platform, What};
use crate::declare::DECLARATION;
use crate::discord_bare::{self, request};
use muster_core::clock::{Clock, SystemClock};
use muster_tests::discord::{self, FakeDiscord, Fault, Hand, Room, Way};
use muster_tests::process::discord::{link, members};
use muster_tests::process::{Database, Installation, Wire};
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

/// Where a message is said.
const SAY: &str = "POST /channels/{}/messages";
/// Where a channel is made.
const MAKE: &str = "POST /guilds/{}/channels";

/// A server. It takes more channels than the 500 that Discord allows, as nobody clears up after a load.
pub(crate) struct Discord {
    fake: FakeDiscord,
    people: BTreeMap<&'static str, Hand>,
    incidents: Room,
    /// A declaration, cut where its number stands.
    declaration: OnceCell<Vec<String>>,
}

impl Platform for Discord {
    const NAME: &'static str = "Discord";
    const ID: &'static str = "discord";
    const SOCKET: &'static str = "the gateway";
    const USABLE: &'static [&'static str] = &[MAKE, "headline", "PATCH /channels/{}", "announcement"];
    const GOOD: &'static str = r#""id":""#;

    async fn start() -> Self {
        let fake = FakeDiscord::start().await;
        fake.holds_at_most(usize::MAX, usize::MAX);
        let people = members(&fake);
        let incidents = fake.text_channel("incidents", None);
        Self { fake, people, incidents, declaration: OnceCell::new() }
    }

    fn installation(&self, wire: Wire) -> Installation {
        Installation::in_discord("sqlite:muster.db", &self.fake, &self.incidents, wire)
    }

    /// Commands can be used once they are registered. Over HTTP, too, events come from the gateway.
    async fn is_set_up(&self, installation: &Installation, _: Wire) {
        link(&mut Database::open(&installation.database_url()).await, &self.people).await;
        self.fake.called("PUT /applications/{}/commands", 1).await;
        self.fake.has_connections(1).await;
    }

    fn declaration(&self, run: &str, number: u64) -> Vec<u8> {
        let (at, body) = self.signable(run, number);
        request(&at, &self.fake.signs(&at, &body), &body)
    }

    fn bare_declaration(&self, number: u64) -> Vec<u8> {
        let (at, body) = self.signable("bare", number);
        request(&at, &discord_bare::sign(&at, &body), &body)
    }

    async fn declare(&self) -> (Option<Duration>, String) {
        let heard = self.alice().types(&self.incidents, "inc", DECLARATION).await;
        (heard.acked, heard.body.to_string())
    }

    fn hold(&self) {
        for route in [MAKE, SAY] {
            self.fake.fail(Fault::rate_limited(3_600).on(route).until_healed());
        }
    }

    fn delay(&self, delay: Duration) {
        self.fake.delay(delay);
    }

    fn age(&self) -> Duration {
        self.fake.age()
    }

    fn calls(&self) -> Vec<Call> {
        let announcing = format!("/channels/{}/messages", self.incidents.id());
        let what = |call: &discord::Call| match call.route.as_str() {
            SAY if call.path == announcing => What::Announced,
            SAY => What::Said,
            route => What::Done(route.to_owned()),
        };
        let refusal = |call: &discord::Call| (call.status >= 400).then(|| format!("{} {:?}", call.status, call.code));
        self.fake.calls().iter().map(|call| Call { what: what(call), at: call.at, refusal: refusal(call) }).collect()
    }

    fn forget_calls(&self) {
        self.fake.forget_calls();
    }

    fn finish(&self) {
        self.fake.finish();
    }

    fn api(&self) -> SocketAddr {
        self.fake.address()
    }

    fn tell(&self, app: SocketAddr) {
        self.fake.listen_at(Way::Http { url: format!("http://{app}") });
    }

    fn who_am_i(&self) -> Vec<u8> {
        self.call("GET", "/users/@me", "")
    }

    fn make_channel(&self, number: u64) -> Vec<u8> {
        let body = format!(r#"{{"name":"inc-{number}-checkout","type":0}}"#);
        self.call("POST", &format!("/guilds/{}/channels", self.fake.guild()), &body)
    }

    fn say(&self, channel: &str, words: &str) -> Vec<u8> {
        let body = format!(r#"{{"content":"{words}","allowed_mentions":{{"parse":[]}}}}"#);
        self.call("POST", &format!("/channels/{channel}/messages"), &body)
    }
}

impl Discord {
    fn alice(&self) -> &Hand {
        &self.people["alice"]
    }

    /// The body of a declaration under an id of its own, and when it is signed.
    fn signable(&self, run: &str, number: u64) -> (String, String) {
        let cut = self.declaration.get_or_init(|| {
            let whole = self.alice().interaction(&self.incidents, "inc", DECLARATION);
            let id = whole["id"].as_str().expect("an interaction has an id").to_owned();
            whole.to_string().split(&id).map(str::to_owned).collect()
        });
        // No two runs have a first letter in common.
        let run = run.bytes().next().expect("a run has a name");
        (SystemClock.now().timestamp().to_string(), cut.join(&format!("{run}{number:012}")))
    }

    fn call(&self, method: &str, path: &str, body: &str) -> Vec<u8> {
        format!(
            "{method} /api/v10{path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bot {}\r\n\
             user-agent: DiscordBot (https://muster.example, 1)\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            self.fake.token(),
            body.len()
        )
        .into_bytes()
    }
}
