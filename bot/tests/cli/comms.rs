//! `muster comms`: templates as files, brought, linted, shown and tried.

use crate::harness::{Server, folder, muster, muster_with};
use std::fs;
use std::path::Path;

/// A folder with the sample config and the library in it.
fn begun() -> tempfile::TempDir {
    let folder = folder();
    assert_eq!(muster(folder.path(), &["init"]).code, 0);
    let said = muster(folder.path(), &["comms", "library", "comms"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.starts_with("Wrote 49 files to comms"), "{}", said.out);
    folder
}

fn spoil(folder: &Path, file: &str, was: &str, is: &str) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).expect("read");
    assert!(text.contains(was), "{file}");
    fs::write(path, text.replace(was, is)).expect("written");
}

#[test]
fn the_library_is_written_and_fine_and_what_is_there_stays() {
    let folder = begun();
    let said = muster(folder.path(), &["comms", "lint"]);
    assert_eq!((said.code, said.out.as_str()), (0, "49 files: fine\n"));
    assert!(
        said.err.lines().all(|line| line.starts_with("no template of ")),
        "what is lacking is no fault: {}",
        said.err
    );
    spoil(folder.path(), "comms/public-free.toml", "name = \"In words of your own\"", "name = \"Mine\"");
    let again = muster(folder.path(), &["comms", "library", "comms"]);
    assert!(
        again.out.starts_with("Wrote 0 files") && again.err.contains("comms/public-free.toml exists already"),
        "{again:?}"
    );
    let listed = muster(folder.path(), &["comms", "show"]);
    assert!(
        listed.out.lines().any(|line| line.starts_with("public-free ") && line.ends_with(" Mine")),
        "{}",
        listed.out
    );
}

#[test]
fn every_fault_is_told_as_editors_find_it_and_keeps_the_config_from_being_used() {
    let folder = begun();
    spoil(folder.path(), "comms/public-resolved.toml", "audience = \"public\"", "audience = \"publik\"");
    spoil(folder.path(), "comms/partials/next.toml", "{{/if}}\"\n\n[sv]", "{{/unless}}\"\n\n[sv]");
    let said = muster(folder.path(), &["comms", "lint"]);
    assert_eq!(said.code, 1);
    let lines: Vec<_> = said.out.lines().collect();
    assert_eq!(lines[0], "comms/partials/next.toml:4:83: en.text: {{/unless}} closes {{#if}}; write {{/if}}");
    let audience = "comms/public-resolved.toml:2:12: audience: there is no audience “publik” in the config; did you mean `public`?";
    assert!(lines.contains(&audience), "{lines:#?}");
    let told: serde_json::Value =
        serde_json::from_str(&muster(folder.path(), &["comms", "lint", "--format", "json"]).out).expect("JSON");
    assert_eq!((&told["files"], &told["faults"][0]["line"]), (&49.into(), &4.into()));
    let check = muster(folder.path(), &["check"]);
    assert!(check.code == 1 && check.err.contains(audience), "{check:?}");
}

#[test]
fn one_fault_refuses_a_start_and_at_a_reload_all_stays_as_it_was() {
    let folder = begun();
    let (file, was, is) = ("comms/public-free.toml", "audience = \"public\"", "audience = \"publik\"");
    let fault = "comms/public-free.toml:2:12: audience: there is no audience “publik” in the config";
    spoil(folder.path(), file, was, is);
    let said = muster(folder.path(), &["serve", "--listen", "127.0.0.1:0"]);
    assert!(said.code == 1 && said.err.starts_with(fault), "{said:?}");

    spoil(folder.path(), file, is, was);
    let mut server = Server::configured(folder.path());
    let token = muster(folder.path(), &["token", "create", "alice", "--label", "test"]).out;
    let url = server.url.clone();
    let run =
        |line: &str| muster_with(folder.path(), &[("MUSTER_TOKEN", token.trim()), ("MUSTER_URL", &url)], &["do", line]);
    assert_eq!(run("new tills down --service point-of-sale").code, 0);
    spoil(folder.path(), file, was, is);
    server.signal("HUP");
    server.logged("the config stays as it was, because the new one is broken");
    server.logged(fault);
    let drafted = run("INC-1 comms draft public-free headline=Tills words=Soon");
    assert!(drafted.code == 0 && drafted.out.contains("Tills\nSoon"), "the template is as it was: {drafted:?}");
    let check = muster(folder.path(), &["check"]);
    assert!(check.code == 1 && check.err.starts_with(fault), "{check:?}");

    spoil(folder.path(), file, is, was);
    server.signal("HUP");
    server.logged("the config was read again");
}

#[test]
fn templates_are_looked_at_where_the_secrets_of_the_config_are_not() {
    let folder = begun();
    let config = fs::read_to_string(folder.path().join("muster.toml")).expect("read");
    let secret = "[subscribers]\nkey = \"env:MUSTER_NO_SUCH\"\n[[webhook]]\nname = \"social\"\nurl = \"file:/no/such\"\n\
                  secret = \"env:MUSTER_NO_SUCH\"\n[[audience]]\nid = \"social\"\nto = [\"webhook:social\", \"subscribers\"]\n";
    fs::write(folder.path().join("muster.toml"), config.clone() + secret).expect("written");
    assert_eq!(muster(folder.path(), &["check"]).code, 1, "to serve, it takes them");
    let said = muster(folder.path(), &["comms", "lint"]);
    assert!(said.code == 0 && said.out.ends_with(" files: fine\n"), "{said:?}");
    assert_eq!(muster(folder.path(), &["comms", "show"]).code, 0);
    fs::write(folder.path().join("muster.toml"), config + secret + "listen = 1\n").expect("written");
    assert!(muster(folder.path(), &["comms", "lint"]).err.contains("audience.listen: there is no such key"));
}

#[test]
fn a_preview_is_what_would_be_sent_or_says_what_it_lacks() {
    let folder = begun();
    let args = [
        "comms",
        "preview",
        "public-monitoring",
        "--set",
        "impact=card-stores",
        "--locale",
        "sv",
        "--set",
        "details=Tack!",
    ];
    let said = muster(folder.path(), &args);
    assert_eq!(said.code, 0, "{said:?}");
    let whole = "── sv\nStörning i våra tjänster\n\nDet går att betala med kort i våra butiker igen. \
                 Felet är avhjälpt och vi följer noga att det förblir så.\n\nTack!\n\nVi återkommer senast ";
    assert!(said.out.starts_with(whole), "{}", said.out);

    let said =
        muster(folder.path(), &["comms", "preview", "public-free", "--set", "headline=Sale", "--set", "words.sv=Hej"]);
    assert_eq!((said.code, said.out.as_str()), (1, ""));
    assert_eq!(
        said.err.lines().collect::<Vec<_>>(),
        [
            "en lacks What we say: --set words=…",
            "sv lacks Headline: --set headline.sv=…",
            "de lacks Headline: --set headline.de=…",
            "de lacks What we say: --set words.de=…"
        ]
    );
    let said = muster(folder.path(), &["comms", "preview", "public-monitoring", "--locale", "fr"]);
    assert_eq!(said.err, "muster: fr is no language of the config; there are en, sv, de\n");
    let said = muster(folder.path(), &["comms", "preview", "public-monitoring", "--set", "impact=card-stores"]);
    let places: Vec<_> = ["── en", "── sv", "── de"].iter().map(|locale| said.out.find(locale)).collect();
    assert!(said.code == 0 && places.is_sorted(), "the default language comes first: {}", said.out);
    let said = muster(folder.path(), &["comms", "preview", "public-monitoring", "--set", "impact=cards"]);
    assert_eq!(said.err, "muster: “cards” is no choice for “What works again”; did you mean `card-stores`?\n");
    let said = muster(folder.path(), &["comms", "preview", "public-monitor"]);
    assert_eq!(said.err, "muster: there is no template `public-monitor`; did you mean `public-monitoring`?\n");
}

#[test]
fn a_template_is_shown_with_all_it_asks_for() {
    let said = muster(folder().path(), &["comms", "show", "regulators-resolved"]);
    assert_eq!(said.code, 0, "{said:?}");
    let asks = "  asks for ended: When it ended: a moment, needed";
    assert!(said.out.contains("for regulators, says resolved") && said.out.contains(asks), "{}", said.out);
    assert!(said.out.contains("── sv\nSlutrapport om incident hos {{organisation}}\n\n"), "{}", said.out);
}
