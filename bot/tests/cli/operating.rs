//! What an operator does on the database: tokens, links, and effects that were given up.

use crate::harness::{Server, eventually, folder, muster, muster_with};
use muster_core::app::{Answer, Muster};
use muster_core::clock::{SystemClock, SystemEntropy};
use muster_core::effect::Urgency;
use muster_core::ids::{PersonId, PlatformId, RequestId};
use muster_core::inbound::{Ask, Caller, Inbound, Place};
use muster_core::org::{Organisation, Person, Right};
use muster_core::ports::store::{Lease, Of, Outcome, Settlement};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

#[test]
fn nothing_is_made_where_there_is_no_database() {
    let folder = folder();
    for args in [
        &["outbox", "list"][..],
        &["token", "list"],
        &["login-link", "alice"],
        &["token", "create", "alice", "--label", "x"],
    ] {
        let said = muster(folder.path(), args);
        assert_eq!(said.code, 1);
        assert!(said.err.contains("there is no database in muster-data/muster.db"), "{}", said.err);
    }
    assert!(!folder.path().join("muster-data").exists());
}

#[test]
fn a_token_opens_the_api_until_it_is_revoked() {
    let folder = folder();
    let at = folder.path();
    let server = Server::local(at);
    let made = muster(at, &["token", "create", "frank", "--label", "wall board", "--expires", "90d"]);
    let token = made.out.trim().to_owned();
    assert!(made.code == 0 && token.starts_with("mst_") && made.out.lines().count() == 1, "{made:?}");
    assert!(made.err.contains("frank's token") && !made.err.contains(&token), "{}", made.err);
    let run = |line: &str| muster_with(at, &[("MUSTER_TOKEN", &token), ("MUSTER_URL", &server.url)], &["do", line]);
    assert_eq!(run("list").code, 0);
    assert_eq!(run("new sev1 x").code, 2, "frank may only view");

    let listed = muster(at, &["token", "list"]).out;
    let row = listed.lines().find(|line| line.contains("wall board")).expect("it is listed");
    assert!(row.contains("frank") && !listed.contains(&token));
    let id = row.split_whitespace().next().expect("an id");
    for (prefix, wrong) in [("ab", "give the id"), ("%%%%%%", "give the id"), ("0000000000000", "no token has that id")]
    {
        let said = muster(at, &["token", "revoke", prefix]);
        assert!(said.code == 1 && said.err.contains(wrong), "{}", said.err);
    }
    let said = muster(at, &["token", "revoke", id]);
    assert_eq!((said.code, said.out.contains("Revoked frank's token")), (0, true));
    assert!(!muster(at, &["token", "list"]).out.contains("wall board"));
}

#[test]
fn tokens_and_links_are_for_known_people_alone() {
    let folder = folder();
    let at = folder.path();
    let server = Server::local(at);
    let said = muster(at, &["login-link", "alcie"]);
    assert_eq!(
        (said.code, said.err.as_str()),
        (1, "muster: there is no person `alcie` in the config; did you mean `alice`?\n")
    );
    for args in [
        ["token", "create", "alice", "--label", "local"],
        ["token", "create", "alice", "--label", " "],
        ["token", "create", "nobody", "--label", "x"],
    ] {
        assert_eq!(muster(at, &args).code, 1, "{args:?}");
    }
    let said = muster(at, &["token", "create", "alice", "--label", "x", "--expires", "soon"]);
    assert!(said.code == 1 && said.err.contains("“soon” is not a stretch of time"), "{}", said.err);

    let link = muster(at, &["login-link", "bob"]);
    assert_eq!((link.code, link.out.lines().count()), (0, 1));
    let path = link.out.trim().strip_prefix(&server.url).expect("a link to this server");
    let enter = || server.request(&format!("POST {path} HTTP/1.1"), "");
    assert!(enter().starts_with("HTTP/1.1 303"));
    assert!(!enter().starts_with("HTTP/1.1 303"), "it works once");
}

/// A database in which one effect was given up.
async fn with_a_dead_effect(file: &Path) {
    let store = muster_store::connect(&format!("sqlite:{}", file.display())).await.expect("a store");
    let alice = Person {
        id: PersonId::from("alice"),
        name: "Alice".to_owned(),
        email: None,
        right: Right::Admin,
        time_zone: chrono_tz::Tz::UTC,
        reach: muster_core::org::Reach::default(),
    };
    let org = Organisation { people: vec![alice], ..Organisation::empty("Test", "http://127.0.0.1") };
    let muster = Muster::new(Arc::clone(&store), Arc::new(SystemClock), Arc::new(SystemEntropy), org);
    let inbound = Inbound {
        caller: Caller::Person(PersonId::from("alice")),
        place: Place { platform: PlatformId::shell(), incident: None, address: None, forms: false },
        request: RequestId::from("1"),
        ask: Ask::Line("new sev2 checkout down".to_owned()),
    };
    assert!(matches!(muster.execute(inbound).await, Answer::Done(_)));
    let now = muster.now();
    let lease = Lease {
        worker: "test".to_owned(),
        of: Of::All,
        least: Urgency::Routine,
        now,
        until: now + chrono::TimeDelta::minutes(1),
        limit: 10,
    };
    let leased = store.lease(&lease).await.expect("leased");
    assert!(!leased.is_empty());
    let given_up = |key| Settlement {
        key,
        mark: None,
        worker: "test".to_owned(),
        attempt: 1,
        at: now,
        outcome: Outcome::Dead { error: "no such room".to_owned() },
    };
    let settlements: Vec<_> = leased.into_iter().map(|leased| given_up(leased.outgoing.key)).collect();
    store.settle(&settlements).await.expect("settled");
}

#[test]
fn what_was_given_up_is_listed_and_tried_again() {
    let folder = folder();
    let at = folder.path();
    tokio::runtime::Runtime::new().expect("a runtime").block_on(with_a_dead_effect(&at.join("muster-data/muster.db")));
    let listed = muster(at, &["outbox", "list"]);
    let row = listed.out.lines().nth(1).expect("one effect");
    assert!(row.starts_with("INC-1/") && row.contains("no such room"), "{}", listed.out);
    assert_eq!(muster(at, &["outbox", "list", "--state", "waiting"]).err, "Nothing is waiting.\n");

    let said = muster(at, &["outbox", "retry", "INC-9/9/9"]);
    assert!(said.code == 1 && said.err.contains("not given up, or not there: INC-9/9/9"), "{}", said.err);
    assert_eq!(muster(at, &["outbox", "retry"]).code, 2, "which ones must be said");
    let said = muster(at, &["outbox", "retry", "--all"]);
    assert!(said.code == 0 && said.out.contains("tried again"), "{said:?}");
    assert_eq!(muster(at, &["outbox", "retry", "--all"]).err, "No effect was given up.\n");
    assert!(muster(at, &["outbox", "list", "--state", "waiting"]).out.contains("INC-1/"));

    let _server = Server::local(at);
    eventually(|| muster(at, &["outbox", "list", "--state", "done"]).out.contains("INC-1/"));
    assert_eq!(muster(at, &["outbox", "list"]).err, "No effect was given up.\n");
}

/// Answers every line of whoever connects, after a greeting.
fn answers(greeting: &'static str, answer: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut writer = stream.try_clone().expect("a stream");
            let _ = writer.write_all(greeting.as_bytes());
            for _ in BufReader::new(stream).lines().map_while(Result::ok) {
                let _ = writer.write_all(answer.as_bytes());
            }
        }
    });
    port
}

#[test]
fn doctor_looks_at_every_way_out_and_says_what_to_do() {
    let folder = folder();
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let config = |mail: u16, web: u16, export: &str| {
        format!(
            "[outside]\nallow = [\"127.0.0.1\"]\n[email]\nsmtp = \"smtp://127.0.0.1:{mail}\"\nfrom = \"muster@example.com\"\n\
             [[webhook]]\nname = \"social\"\nurl = \"http://127.0.0.1:{web}/hunter2\"\n\
             secret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\n\
             [[statuspage_io]]\nname = \"main\"\npage = \"kctbh9vrtdwd\"\nkey = \"hunter2\"\napi = \"http://127.0.0.1:{web}\"\n\
             [statuspage]\nexport_folder = \"{export}\"\n\
             [[person]]\nid = \"alice\"\nname = \"Alice\"\nright = \"admin\"\n"
        )
    };
    let doctor = |config: String| {
        std::fs::write(folder.path().join("muster.toml"), config).expect("written");
        let said = muster(folder.path(), &["doctor"]);
        assert!(!said.out.contains("hunter2") && !said.err.contains("hunter2"), "{said:?}");
        (said.code, said.out)
    };
    let mail = answers("220 mail.example.com\r\n", "250 fine\r\n");
    let web = answers("", "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    let (code, out) = doctor(config(mail, web, "public"));
    assert!(code == 0 && !out.contains("FAIL"), "{out}");
    for fine in ["The mail server lets us in", "Webhook `social` is there", "Statuspage `main` accepts our key"] {
        assert!(out.contains(&format!("ok    {fine}")), "{out}");
    }

    let (code, out) = doctor(config(nobody, nobody, "."));
    assert_eq!(code, 1, "{out}");
    for ill in [
        "Mail: the mail server cannot be reached",
        "Webhook `social`: ",
        "Statuspage: ",
        "The status page cannot be exported to ",
    ] {
        assert!(out.contains(&format!("FAIL  {ill}")), "{out}");
    }
    let refusing = answers("", "HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    let (code, out) = doctor(config(mail, refusing, "public"));
    assert!(code == 1 && out.contains("FAIL  Statuspage `main` answered 401"), "{out}");
    assert!(out.contains("ok    Webhook `social` is there"), "whoever says no is there: {out}");
}
