//! `[runbooks]`: where runbooks are, what their steps may run and reach, and where their secrets are.

use super::section::Section;
use muster_core::org::RunbookRules;
use muster_core::time::parse_duration;
use muster_outside::Allowed;
use muster_runbooks::execute::{NOBODY, SecretSource, Secrets, Settings, User};
use muster_runbooks::remote::SigningKey;
use std::collections::BTreeMap;
use std::fs::Metadata;
use std::ops::{Range, RangeInclusive};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use toml::Spanned;

/// The folder of runbooks, beside the config, unless it says otherwise.
const FOLDER: &str = "runbooks";
/// Where the names of users are.
const PASSWD: &str = "/etc/passwd";
/// Who can be found guarding programs, whatever has become of the file that this process was started from: proc_pid_exe(5).
const GUARD: &str = "/proc/self/exe";
/// How long machines may be allowed to say nothing.
const LOST_AFTER: RangeInclusive<Duration> = Duration::from_secs(10)..=Duration::from_mins(10);
/// The bits of a file's mode by which its group and all others may write it.
const WRITABLE_BY_OTHERS: u32 = 0o022;

/// What `[runbooks]` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Runbooks {
    /// Where the files are. There need be none.
    pub(crate) folder: PathBuf,
    /// How long a machine that is at a step may say nothing.
    pub(crate) lost_after: Duration,
    /// What steps may run, and where their secrets are.
    pub(crate) settings: Settings,
    /// What steps may reach although it is inside.
    pub(crate) allow: Allowed,
    /// What orders for runners are signed with.
    pub(crate) signing_key: Option<SigningKey>,
    /// What is allowed and yet probably not meant.
    pub(crate) warnings: Vec<String>,
}

/// Reads `[runbooks]`.
pub(super) fn read(root: &Section<'_, '_>, folder: &Path) -> Runbooks {
    let usual = Runbooks {
        folder: folder.join(FOLDER),
        lost_after: RunbookRules::default().lost_after,
        settings: Settings {
            programs: BTreeMap::new(),
            secrets: Secrets::default(),
            user: Some(User::own()).filter(|own| !own.is_root()).unwrap_or(NOBODY),
            guard: PathBuf::from(GUARD),
        },
        allow: Allowed::default(),
        signing_key: None,
        warnings: Vec::new(),
    };
    let Some(section) = root.table("runbooks") else { return usual };
    let mut warnings = Vec::new();
    let named = section.text("folder").map(|typed| folder.join(typed.get_ref()));
    if let Some(missing) = named.as_ref().filter(|path| !path.is_dir()) {
        warnings.push(format!("runbooks.folder is {}, which is not there", missing.display()));
    }
    let settings = Settings {
        programs: programs(&section, &mut warnings),
        secrets: secrets(&section, folder),
        user: user(&section, &mut warnings).unwrap_or(usual.settings.user),
        guard: usual.settings.guard,
    };
    let read = Runbooks {
        folder: named.unwrap_or(usual.folder),
        lost_after: lost_after(&section).unwrap_or(usual.lost_after),
        settings,
        allow: super::notify::allowed(&section),
        signing_key: super::runners::signing_key(&section, folder),
        warnings,
    };
    section.finish();
    read
}

/// Long enough for a machine that is busy, and short enough for people who wait.
fn lost_after(section: &Section<'_, '_>) -> Option<Duration> {
    let typed = section.text("lost_after")?;
    let span = parse_duration(typed.get_ref()).filter(|span| LOST_AFTER.contains(span));
    let wrong = || format!("“{}” is not a time between 10 s and 10 min; write it as \"30s\"", typed.get_ref());
    section.taken("lost_after", &typed, span.ok_or_else(wrong))
}

/// Whom programs run as. Only root can be somebody else.
fn user(section: &Section<'_, '_>, warnings: &mut Vec<String>) -> Option<User> {
    let typed = section.text("run_as")?;
    let name = typed.get_ref();
    let passwd = std::fs::read_to_string(PASSWD).unwrap_or_default();
    let known = User::named(name, &passwd).or_else(|| Some(NOBODY).filter(|_| name == "nobody"));
    let user = section.taken("run_as", &typed, known.ok_or_else(|| format!("this machine has no user “{name}”")))?;
    if user.is_root() {
        let sentence = "programs of runbooks never run as root; name a user who may do no more than they must";
        section.problem(typed.span(), "run_as", sentence);
        return None;
    }
    let own = User::own();
    if own.is_root() || own.uid == user.uid {
        return Some(user);
    }
    warnings.push(format!(
        "runbooks.run_as is {name}, which counts only for a Muster that is root: programs run as whoever Muster runs as"
    ));
    None
}

/// `[runbooks.program]`: names and where the programs are.
fn programs(section: &Section<'_, '_>, warnings: &mut Vec<String>) -> BTreeMap<String, PathBuf> {
    let Some(table) = section.table("program") else { return BTreeMap::new() };
    let mut programs = BTreeMap::new();
    for (name, typed) in table.pairs() {
        let path = Path::new(typed.get_ref());
        match program(path) {
            Ok(about) if about.permissions().mode() & WRITABLE_BY_OTHERS != 0 => {
                warnings.push(format!("{} may be changed by others, and runbooks may run it", path.display()));
            }
            Ok(_) => {}
            Err(sentence) => table.missing(typed.span(), name.get_ref(), sentence),
        }
        programs.insert(name.into_inner(), path.to_owned());
    }
    programs
}

fn program(path: &Path) -> Result<Metadata, String> {
    let shown = path.display();
    if !path.is_absolute() {
        return Err(format!("“{shown}” must be the whole path; for example \"/usr/local/bin/payctl\""));
    }
    let about = std::fs::metadata(path).map_err(|error| format!("{shown} cannot be found: {error}"))?;
    match about.permissions().mode() & 0o111 {
        0 => Err(format!("{shown} is not executable")),
        _ if !about.is_file() => Err(format!("{shown} is not a file")),
        _ => Ok(about),
    }
}

/// `[runbooks.secret]`: names and where the secrets are. Each is read once to see that it can be.
fn secrets(section: &Section<'_, '_>, folder: &Path) -> Secrets {
    let identities = section.table("age_identity").and_then(|table| {
        let file = table.required("file", "/run/secrets/age-identity");
        table.finish();
        file.map(|typed| folder.join(typed.get_ref()))
    });
    let mut secrets = Secrets { sources: BTreeMap::new(), identities };
    let Some(table) = section.table("secret") else { return secrets };
    for (name, source) in table.sections() {
        let found = self::source(&source, folder);
        source.finish();
        let Some((key, at, found)) = found else { continue };
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if !name.get_ref().chars().all(is_name) || name.get_ref().starts_with(|c: char| c.is_ascii_digit()) {
            let sentence = "runbooks cannot name this: letters, digits and _ only, and no digit first";
            table.problem(name.span(), name.get_ref(), sentence);
        }
        let name = name.into_inner();
        secrets.sources.insert(name.clone(), found);
        if let Err(error) = secrets.read(&name) {
            source.missing(at, key, error.to_string());
        }
    }
    secrets
}

/// Where one is, with the key that says so, and its place.
fn source(section: &Section<'_, '_>, folder: &Path) -> Option<(&'static str, Range<usize>, SecretSource)> {
    let text = |key| section.text(key).map(|typed: Spanned<String>| (typed.span(), typed.into_inner()));
    let env = text("env").map(|(at, name)| ("env", at, SecretSource::Env(name)));
    let file = text("file").map(|(at, path)| ("file", at, SecretSource::File(folder.join(path))));
    let age = text("age").map(|(at, path)| ("age", at, SecretSource::Age(folder.join(path))));
    let mut given: Vec<_> = [env, file, age].into_iter().flatten().collect();
    if given.len() != 1 {
        let sentence = "this must say where the secret is, in one way: { env = \"NAME\" }, { file = \"PATH\" } or \
                        { age = \"PATH\" }";
        section.problem(section.at(), "", sentence);
        return None;
    }
    given.pop()
}
