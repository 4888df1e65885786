//! `docs/discord.md` is true: what it promises is what the app asks for and offers, and whoever follows it gets there.

use muster_discord::commands::{OnMessage, registration};
use muster_discord::permissions::PERMISSIONS;
use muster_tests::discord::FakeDiscord;
use muster_tests::process::Installation;
use serde_json::Value;

const PAGE: &str = include_str!("../../docs/discord.md");

/// The rows of the table under that head.
fn rows(head: &str) -> Vec<&'static str> {
    let table = PAGE.split_once(head).expect("the table is there").1;
    table.lines().skip(2).take_while(|line| line.starts_with('|')).collect()
}

/// The blocks of that language.
fn blocks(language: &str) -> Vec<&'static str> {
    let fenced = PAGE.split("```").skip(1).step_by(2);
    fenced.filter_map(|block| block.strip_prefix(language)?.strip_prefix('\n')).collect()
}

#[test]
fn the_page_gives_every_permission_its_reason_and_no_other() {
    let asked: Vec<_> = PERMISSIONS.iter().map(|one| format!("| {} | {} |", one.name, one.why)).collect();
    assert_eq!(rows("| permission | why |"), asked);
}

#[test]
fn the_page_names_every_slash_command_and_what_stands_in_the_menu_of_a_message() {
    let commands = registration();
    let slash = commands.iter().filter(|one| one["type"] == 1).filter_map(|one| one["name"].as_str());
    let slash = slash.map(|name| format!("`/{name}"));
    let menu = OnMessage::ALL.iter().map(|what| format!("**{}**", what.name()));
    let missing: Vec<_> = slash.chain(menu).filter(|name| !PAGE.contains(name.as_str())).collect();
    assert_eq!(missing, [""; 0]);
}

/// What one types in Discord, wherever the page shows it.
fn typed() -> Vec<&'static str> {
    let inline = PAGE.split('`').filter(|text| text.starts_with("/inc "));
    let shown = blocks("text").into_iter().flat_map(str::lines).filter(|line| line.starts_with("/inc "));
    inline.chain(shown).collect()
}

/// The part of that name among these.
fn named<'a>(part: &'a Value, name: &str) -> Option<&'a Value> {
    part["options"].as_array()?.iter().find(|one| one["name"] == name)
}

/// What is wrong with something that the page tells people to type.
fn fault(line: &str, commands: &[Value]) -> Option<String> {
    let mut part = commands.iter().find(|one| one["name"] == "inc")?;
    for word in line.split(' ').skip(1) {
        match word.split_once(':') {
            Some((option, _)) if named(part, option).is_none() => return Some(format!("{line}: no option {option}")),
            // What comes after an option may be its text.
            Some(_) => {}
            None => match named(part, word) {
                Some(inner) if matches!(inner["type"].as_u64(), Some(1 | 2)) => part = inner,
                Some(_) | None if line.contains(':') => {}
                Some(_) | None => return Some(format!("{line}: no {word}")),
            },
        }
    }
    (part["type"] == 2).then(|| format!("{line}: Discord wants one more word"))
}

#[test]
fn everything_that_the_page_says_to_type_can_be_typed() {
    let commands = registration();
    let typed = typed();
    assert!(typed.len() > 15, "{typed:?}");
    let faults: Vec<_> = typed.into_iter().filter_map(|line| fault(line, &commands)).collect();
    assert_eq!(faults, [""; 0]);
    assert!(fault("/inc tsk", &commands).is_some() && fault("/inc room", &commands).is_some());
    assert!(fault("/inc new titel:x", &commands).is_some());
}

/// Somebody who has never done this follows the page from step 3 on, with the ids and the token of their own server.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_follows_the_page_declares_their_first_incident() {
    let discord = FakeDiscord::start().await;
    discord.allows_intents(&["MESSAGE_CONTENT"]);
    let rooms = discord.category("War rooms");
    let incidents = discord.text_channel("incidents", None);
    let somewhere = discord.text_channel("general", None);
    let alice = discord.person("alice.ek", "Alice Ek");

    let config = blocks("toml")[0]
        .replace("env:MUSTER_DISCORD_TOKEN", &discord.token())
        .replace("1019283746501928374", &discord.guild())
        .replace("1019283746501928375", &rooms.id())
        .replace("1019283746501928378", &incidents.id());
    let people = "[[person]]\nid = \"alice\"\nname = \"Alice Ek\"\nright = \"admin\"\n";
    let muster =
        Installation::configured("sqlite:muster.db", &format!("{people}{config}\napi_url = \"{}\"\n", discord.url()));

    let commands: Vec<_> = blocks("console").into_iter().flat_map(str::lines).collect();
    let steps = ["check", "discord invite-url", "discord register", "doctor"];
    let said = steps.map(|step| {
        assert!(commands.contains(&format!("$ muster {step}").as_str()), "the page does not say `muster {step}`");
        muster.prints(&step.split(' ').collect::<Vec<_>>())
    });
    let [fine, link, registered, findings] = said;
    assert!(fine.contains("is fine"), "{fine}");
    let of_this = format!("guild_id={}", discord.guild());
    assert!(link.starts_with("https://discord.com/oauth2/authorize?") && link.contains(&of_this), "{link}");
    assert_eq!(registered, "The commands are registered.");
    assert!(findings.lines().all(|line| line.starts_with("ok  ")), "{findings}");
    assert!(!muster.database().exists(), "nothing was made before Muster was started");

    let server = muster.start().await;
    let code = muster.client("alice").does("link", None).await["text"].to_string();
    let code = code.split_whitespace().skip_while(|word| *word != "link").nth(1).expect("a code").to_owned();
    let code: String = code.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    drop(alice.types(&somewhere, "inc", &format!("link {code}")).await.says("From now on you are"));
    drop(alice.types(&somewhere, "inc", "new sev1 checkout is down").await.says("INC-1"));
    let room = discord.channel("inc-1-checkout-is-down").await;
    assert_eq!(room.category().as_deref(), Some("War rooms"));
    room.until("the headline is pinned", |room| room.pins().len() == 1).await;
    incidents.message("checkout is down").await;
    server.terminate().await;
    discord.finish();
}
