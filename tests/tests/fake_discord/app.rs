//! An app that calls by hand.

use futures::{SinkExt, StreamExt};
use muster_tests::discord::FakeDiscord;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// An app that calls by hand.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) discord: FakeDiscord,
    http: reqwest::Client,
}

/// An answer: status, body, headers.
pub(crate) struct Said {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) headers: reqwest::header::HeaderMap,
}

impl Said {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub(crate) fn id(&self) -> String {
        self.body["id"].as_str().unwrap_or_else(|| panic!("no id: {}", self.body)).to_owned()
    }
}

impl App {
    pub(crate) fn of(discord: &FakeDiscord) -> Self {
        let client = reqwest::Client::builder().no_proxy().user_agent("DiscordBot (https://muster.example, 0.1)");
        Self { discord: discord.clone(), http: client.build().expect("a client") }
    }

    pub(crate) async fn send(&self, call: &str, body: Value) -> reqwest::Result<reqwest::Response> {
        let (method, path) = call.split_once(' ').expect("a method and a path");
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let request = self.http.request(method, format!("{}/api/v10{path}", self.discord.url()));
        let request = request.header("authorization", format!("Bot {}", self.discord.token()));
        if body.is_null() { request.send().await } else { request.json(&body).send().await }
    }

    pub(crate) async fn call(&self, call: &str, body: Value) -> Said {
        let answer = self.send(call, body).await.expect("an answer");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let text = answer.text().await.expect("a body");
        Said { status, headers, body: serde_json::from_str(&text).unwrap_or_default() }
    }

    pub(crate) async fn get(&self, path: &str) -> Said {
        self.call(&format!("GET {path}"), Value::Null).await
    }

    /// A call that does what it is to do.
    pub(crate) async fn does(&self, call: &str, body: Value) -> Value {
        let said = self.call(call, body).await;
        assert!((200..300).contains(&said.status), "{call}: {} {}", said.status, said.body);
        said.body
    }

    /// A call that is refused with that status and code.
    pub(crate) async fn refused(&self, call: &str, body: Value, (status, code): (u16, u64)) {
        let said = self.call(call, body).await;
        assert_eq!((said.status, said.body["code"].as_u64()), (status, Some(code)), "{call}: {}", said.body);
    }

    /// A call whose body will not do, which is a violation.
    pub(crate) async fn ill_formed(&self, call: &str, body: Value) {
        self.refused(call, body, (400, 50035)).await;
        assert_eq!(self.discord.take_violations().len(), 1, "{call}");
    }

    /// A message that says that, in that channel. Gives it.
    pub(crate) async fn says(&self, channel: &str, content: &str) -> Value {
        self.does(&format!("POST /channels/{channel}/messages"), json!({ "content": content })).await
    }

    pub(crate) async fn registers(&self, commands: Value) {
        let app = self.discord.application_id();
        self.does(&format!("PUT /applications/{app}/commands"), commands).await;
    }

    pub(crate) async fn connects(&self) -> Line {
        let url = self.get("/gateway").await.body["url"].as_str().expect("a URL").to_owned();
        Line::open(&url).await
    }

    /// A connection that is past READY and GUILD_CREATE.
    pub(crate) async fn listens(&self, intents: u64) -> Line {
        let mut line = self.connects().await;
        line.identify(&self.discord.token(), intents).await;
        assert_eq!(line.next().await["t"], "READY");
        if intents & 1 != 0 {
            assert_eq!(line.next().await["t"], "GUILD_CREATE");
        }
        line
    }

    /// Answers an interaction.
    pub(crate) async fn answers(&self, interaction: &Value, body: Value) -> Said {
        let path = format!("/interactions/{}/{}/callback", text(&interaction["id"]), text(&interaction["token"]));
        self.call(&format!("POST {path}"), body).await
    }

    /// The path below an interaction's webhook.
    pub(crate) fn hook(&self, interaction: &Value) -> String {
        format!("/webhooks/{}/{}", self.discord.application_id(), text(&interaction["token"]))
    }
}

/// A connection to the gateway.
pub(crate) struct Line(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Line {
    /// Connected, and past HELLO.
    pub(crate) async fn open(url: &str) -> Self {
        let (stream, _) = tokio_tungstenite::connect_async(format!("{url}/?v=10&encoding=json")).await.expect("a link");
        let mut line = Self(stream);
        assert_eq!(line.next().await["op"], 10);
        line
    }

    pub(crate) async fn send(&mut self, frame: Value) {
        self.0.send(Message::text(frame.to_string())).await.expect("the line is open");
    }

    pub(crate) async fn identify(&mut self, token: &str, intents: u64) {
        let properties = json!({ "os": "linux", "browser": "muster", "device": "muster" });
        let data = json!({ "token": token, "intents": intents, "properties": properties });
        self.send(json!({ "op": 2, "d": data })).await;
    }

    pub(crate) async fn resume(&mut self, token: &str, session: &Value, seq: u64) {
        self.send(json!({ "op": 6, "d": { "token": token, "session_id": session, "seq": seq } })).await;
    }

    /// The next frame; null when the line has ended without a word, the code when it was closed with one.
    pub(crate) async fn next(&mut self) -> Value {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).expect("JSON"),
                Some(Ok(Message::Close(Some(frame)))) => return json!(u16::from(frame.code)),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Value::Null,
            }
        }
    }

    /// The next event of that name, and what it holds.
    pub(crate) async fn event(&mut self, name: &str) -> Value {
        let frame = self.next().await;
        assert_eq!(frame["t"], name, "{frame}");
        frame["d"].clone()
    }
}

/// A string in JSON.
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

pub(crate) fn of(letters: usize) -> String {
    "x".repeat(letters)
}

pub(crate) fn with(mut value: Value, name: &str, member: Value) -> Value {
    value[name] = member;
    value
}
