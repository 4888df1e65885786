//! Slack, as the benches of chats use it.

use crate::chat::{Call, Platform, What};
use crate::declare::DECLARATION;
use crate::slack_bare::{SECRET, sign};
use muster_tests::process::slack::members;
use muster_tests::process::{Installation, Wire};
use muster_tests::slack::{self, FakeSlack, Fault, Hand, Room, Way};
use std::net::SocketAddr;
use std::time::Duration;

/// A workspace, set up as the manifest says.
pub(crate) struct Slack {
    fake: FakeSlack,
    alice: Hand,
    incidents: Room,
    secret: String,
}

impl Platform for Slack {
    const NAME: &'static str = "Slack";
    const ID: &'static str = "slack";
    const SOCKET: &'static str = "Socket Mode";
    const USABLE: &'static [&'static str] = &[
        "conversations.create",
        "headline",
        "conversations.setTopic",
        "conversations.invite",
        "bookmarks.add",
        "announcement",
    ];
    const GOOD: &'static str = r#""ok":true"#;

    async fn start() -> Self {
        let fake = FakeSlack::start().await;
        let alice = members(&fake).remove("alice").expect("she works there");
        let incidents = fake.public_channel("incidents", &[&alice]);
        fake.subscribe_to(muster_slack::manifest::EVENTS);
        let secret = fake.signing_secret();
        Self { fake, alice, incidents, secret }
    }

    fn installation(&self, wire: Wire) -> Installation {
        Installation::in_slack("sqlite:muster.db", &self.fake, wire)
    }

    async fn is_set_up(&self, _: &Installation, wire: Wire) {
        if wire == Wire::Socket {
            self.fake.has_sockets(1).await;
        }
    }

    fn declaration(&self, run: &str, number: u64) -> Vec<u8> {
        sign(&self.secret, &self.form(run, number))
    }

    fn bare_declaration(&self, number: u64) -> Vec<u8> {
        sign(SECRET, &self.form("bare", number))
    }

    async fn declare(&self) -> (Option<Duration>, String) {
        let heard = self.alice.types(&self.incidents, "/inc", DECLARATION).await;
        (heard.acked, heard.body.to_string())
    }

    fn hold(&self) {
        for method in ["conversations.create", "chat.postMessage"] {
            self.fake.fail(Fault::rate_limited(3_600).on(method).until_healed());
        }
    }

    fn delay(&self, delay: Duration) {
        self.fake.delay(delay);
    }

    fn age(&self) -> Duration {
        self.fake.age()
    }

    fn calls(&self) -> Vec<Call> {
        let what = |call: &slack::Call| match call.method.as_str() {
            "chat.postMessage" if call.args["channel"] == self.incidents.id() => What::Announced,
            "chat.postMessage" => What::Said,
            method => What::Done(method.to_owned()),
        };
        self.fake
            .calls()
            .iter()
            .map(|call| Call { what: what(call), at: call.at, refusal: call.error.clone() })
            .collect()
    }

    fn forget_calls(&self) {
        self.fake.forget_calls();
    }

    fn finish(&self) {
        self.fake.finish();
    }

    fn api(&self) -> SocketAddr {
        let url = self.fake.api_url();
        url.trim_start_matches("http://").trim_end_matches("/api").parse().expect("an address")
    }

    fn tell(&self, app: SocketAddr) {
        self.fake.listen_at(Way::Http { url: format!("http://{app}") });
    }

    fn who_am_i(&self) -> Vec<u8> {
        self.call("auth.test", "{}")
    }

    fn make_channel(&self, number: u64) -> Vec<u8> {
        self.call("conversations.create", &format!(r#"{{"name":"inc-{number}-checkout","is_private":false}}"#))
    }

    fn say(&self, channel: &str, words: &str) -> Vec<u8> {
        self.call("chat.postMessage", &format!(r#"{{"channel":"{channel}","text":"{words}"}}"#))
    }
}

impl Slack {
    fn form(&self, run: &str, number: u64) -> String {
        let text = DECLARATION.replace(' ', "+");
        format!(
            "token=verification-token&team_id=T0WORK000&team_domain=shop&channel_id={}&channel_name=incidents\
             &user_id={}&user_name=alice&command=%2Finc&text={text}&api_app_id=A0MUSTER0&is_enterprise_install=false\
             &response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT0WORK000%2F{number}%2Fx&trigger_id={run}.{number}",
            self.incidents.id(),
            self.alice.id(),
        )
    }

    fn call(&self, method: &str, body: &str) -> Vec<u8> {
        format!(
            "POST /api/{method} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\n\
             content-type: application/json; charset=utf-8\r\ncontent-length: {}\r\n\r\n{body}",
            self.fake.bot_token(),
            body.len()
        )
        .into_bytes()
    }
}
