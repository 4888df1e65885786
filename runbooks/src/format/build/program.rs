//! Programs: a list of arguments, and nothing in it that something else would take for code or for an option.

use super::super::fault::{Place, typed};
use super::super::field::{At, Field};
use super::super::raw::{RawLimits, RawProgram};
use super::Builder;
use super::known::{Known, Seen};
use muster_core::runbook::{Expr, InputKind, Limits, Part, Program, Text};

/// Programs that read a line as code after one of these options; what they are given there is never a runbook's to write.
const SHELLS: [&str; 13] =
    ["sh", "bash", "dash", "zsh", "ksh", "mksh", "ash", "fish", "csh", "tcsh", "cmd", "powershell", "pwsh"];
/// Programs that take code as an argument, and how.
const INTERPRETERS: [(&str, &[&str]); 15] = [
    ("python", &["-c"]),
    ("perl", &["-e", "-E", "-n", "-p"]),
    ("ruby", &["-e"]),
    ("node", &["-e", "-p", "--eval", "--print"]),
    ("deno", &["eval"]),
    ("bun", &["-e", "--eval"]),
    ("php", &["-r"]),
    ("lua", &["-e"]),
    ("rscript", &["-e"]),
    ("osascript", &["-e"]),
    ("awk", &[""]),
    ("gawk", &[""]),
    ("mawk", &[""]),
    ("sed", &[""]),
    ("ssh", &[""]),
];
/// Variables by which a program is made to run other code.
const LOADERS: [&str; 12] = [
    "PATH",
    "IFS",
    "ENV",
    "BASH_ENV",
    "PYTHONPATH",
    "PYTHONSTARTUP",
    "PERL5OPT",
    "PERL5LIB",
    "RUBYOPT",
    "NODE_OPTIONS",
    "SHELL",
    "GIT_SSH_COMMAND",
];
/// What a program may use unless something is said.
const USUAL: Limits = Limits { output: 64 << 10, memory: 256 << 20, processes: 32 };

impl Builder<'_> {
    pub(super) fn program(&self, at: &At<RawProgram>, known: &Known) -> Option<Program> {
        let raw = &at.value;
        let program =
            self.need(&raw.program, &at.place, "program", "say which, as the config allows it: `program: payctl`")?;
        self.program_name(program);
        let mut args = Vec::new();
        let mut before = "";
        for arg in raw.args.each() {
            if let Some(text) = self.text(arg, known, Seen::InProcesses) {
                self.no_option(&text, before, &arg.place, known);
                args.push(text);
            }
            before = arg.value.0.as_str();
        }
        self.no_code(&program.value, &args, raw.args.given().map_or(&program.place, |args| &args.place));
        let mut env = Vec::new();
        for (name, value) in raw.env.each() {
            self.variable(name);
            let Some(text) = self.text(value, known, Seen::Privately) else { continue };
            let upper = name.value.to_ascii_uppercase();
            let loads = LOADERS.contains(&upper.as_str()) || upper.starts_with("LD_") || upper.starts_with("DYLD_");
            if loads && is_filled_in(&text) {
                let sentence = format!("{} decides what code runs, and nothing is filled in there", typed(&name.value));
                self.fault(&value.place, sentence, "write its value out, or use a variable of the program's own");
            }
            env.push((name.value.clone(), text));
        }
        Some(Program { program: program.value.clone(), args, env, limits: self.limits(raw.limits.given()) })
    }

    fn program_name(&self, program: &At<String>) {
        let name = &program.value;
        if name.contains("{{") {
            self.fault(
                &program.place,
                "nothing is filled into the name of a program",
                "write it out; make a step for each, with `if`",
            );
        } else if name.contains(char::is_whitespace) {
            let hint = format!(
                "write `program: {}` and the rest under `args`",
                name.split_whitespace().next().unwrap_or_default()
            );
            self.fault(&program.place, "this is a line for a shell, and there is none", &hint);
        } else if name.is_empty()
            || name.len() > 60
            || !name.chars().all(|c| c.is_ascii_alphanumeric() || "._-+".contains(c))
        {
            let hint = "programs are called as the config's `[runbooks.program]` calls them: `payctl`";
            self.fault(&program.place, format!("{} is no name of a program", typed(name)), hint);
        }
    }

    fn variable(&self, name: &At<String>) {
        let legal = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if name.value.contains("{{") {
            self.fault(&name.place, "nothing is filled into the name of a variable", "write the name out");
        } else if !name.value.chars().all(legal)
            || !name.value.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        {
            self.fault(&name.place, format!("{} is no name of a variable", typed(&name.value)), "for example `REGION`");
        }
    }

    /// A shell never gets a line, and an interpreter none into which something is filled.
    fn no_code(&self, program: &str, args: &[Text], place: &Place) {
        let words: Vec<String> = std::iter::once(program.to_owned()).chain(args.iter().map(opening)).collect();
        let names: Vec<&str> = words.iter().map(|word| bare(word)).collect();
        for (at, name) in names.iter().enumerate() {
            let rest = &words[at + 1..];
            if SHELLS.contains(name) && rest.iter().any(|arg| is_line_option(name, arg)) {
                let sentence = format!("`{name}` would read a line as code");
                let hint =
                    "put it into a script of its own, allow that in the config as a program, and give it arguments";
                self.fault(place, sentence, hint);
                return;
            }
            let found = INTERPRETERS
                .iter()
                .find(|(known, _)| name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.') == *known);
            let Some((known, options)) = found else { continue };
            let takes_code =
                options.contains(&"") || rest.iter().any(|arg| options.iter().any(|option| begins(arg, option)));
            let filled = args.iter().skip(at).any(is_filled_in);
            if takes_code && filled {
                let sentence = format!("`{known}` would read what is filled in as code");
                self.fault(place, sentence, "hand it over in `env`, and let the code read the variable");
                return;
            }
        }
    }

    /// What is filled in does not begin an argument where a program would take it for an option.
    fn no_option(&self, text: &Text, before: &str, place: &Place, known: &Known) {
        let Some(Part::Value(expr)) = text.parts().first() else { return };
        if before.starts_with('-') || is_tame(expr, known) {
            return;
        }
        let hint = "write `--` before it, the name of its option (`--to`), or give the input a `pattern` that begins with a letter";
        self.fault(place, "what is filled in here may begin with `-`, and would be taken for an option", hint);
    }

    fn limits(&self, raw: Option<&At<RawLimits>>) -> Limits {
        let Some(at) = raw else { return USUAL };
        let raw = &at.value;
        let processes = match &raw.processes {
            Field::Missing => None,
            given @ (Field::Wrong | Field::Given(_)) => self.number(given, &at.place, ("processes", 1..=512)),
        };
        Limits {
            output: self.bytes(&raw.output, (1 << 10, 1 << 20), "64KB").unwrap_or(USUAL.output),
            memory: self.bytes(&raw.memory, (4 << 20, 16 << 30), "256MB").unwrap_or(USUAL.memory),
            processes: processes.and_then(|number| u64::try_from(number).ok()).unwrap_or(USUAL.processes),
        }
    }

    fn bytes(&self, field: &Field<String>, (least, most): (u64, u64), usual: &str) -> Option<u64> {
        let at = field.given()?;
        let text = at.value.trim();
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let unit = match text[digits..].trim() {
            "B" => Some(1),
            "KB" | "KiB" => Some(1 << 10),
            "MB" | "MiB" => Some(1 << 20),
            "GB" | "GiB" => Some(1_u64 << 30),
            _ => None,
        };
        let bytes = text[..digits].parse::<u64>().ok().zip(unit).and_then(|(number, unit)| number.checked_mul(unit));
        let bytes = bytes.filter(|bytes| (least..=most).contains(bytes));
        if bytes.is_none() {
            let sentence = format!("{} is no size, or not between {} and {}", typed(text), sized(least), sized(most));
            self.fault(&at.place, sentence, &format!("for example `{usual}`"));
        }
        bytes
    }
}

fn sized(bytes: u64) -> String {
    match bytes {
        0..0x10_0000 => format!("{}KB", bytes >> 10),
        0x10_0000..0x4000_0000 => format!("{}MB", bytes >> 20),
        _ => format!("{}GB", bytes >> 30),
    }
}

fn is_filled_in(text: &Text) -> bool {
    text.parts().iter().any(|part| !matches!(part, Part::Literal(_)))
}

/// What an argument begins with, as it is written.
fn opening(text: &Text) -> String {
    match text.parts().first() {
        Some(Part::Literal(text)) => text.clone(),
        Some(Part::Value(_) | Part::Secret(_)) | None => String::new(),
    }
}

/// The name of a program without its folder and its `.exe`.
fn bare(word: &str) -> &str {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    name.strip_suffix(".exe").unwrap_or(name)
}

/// Whether a shell takes what follows this option as a line: `-c`, `-lc`, `/c`, `-Command`.
fn is_line_option(shell: &str, arg: &str) -> bool {
    let lower = arg.to_ascii_lowercase();
    match shell {
        "cmd" => matches!(lower.get(..2), Some("/c" | "/k" | "/r")),
        "powershell" | "pwsh" => {
            let option = lower.trim_start_matches(['-', '/']);
            option.len() < lower.len()
                && (option.starts_with('c') || option.starts_with('e') && !option.starts_with("ex"))
        }
        _ => lower == "--command" || lower.starts_with('-') && !lower.starts_with("--") && lower.contains('c'),
    }
}

/// Whether an argument is that option, or several short ones with it: `-e`, `-ne`, `-e…`.
fn begins(arg: &str, option: &str) -> bool {
    match option.strip_prefix('-').filter(|short| short.len() == 1) {
        Some(short) => arg.starts_with('-') && !arg.starts_with("--") && arg.contains(short),
        None => arg == option || arg.starts_with(&format!("{option}=")),
    }
}

/// Whether a value is known never to begin with `-`.
fn is_tame(expr: &Expr, known: &Known) -> bool {
    let names = expr.names();
    let [name] = names.as_slice() else { return false };
    if name.path.join(".") != expr.as_str() {
        return false;
    }
    let path: Vec<&str> = name.path.iter().map(String::as_str).collect();
    let is_word = |text: &str| !text.starts_with('-');
    match path.as_slice() {
        ["inputs", id] => known.inputs.iter().find(|input| input.id == *id).is_some_and(|input| match &input.kind {
            InputKind::Text { pattern, .. } => pattern.as_ref().is_some_and(|pattern| has_no_dash(pattern)),
            InputKind::Number { min, .. } => min.is_some_and(|min| min >= 0),
            InputKind::Choice { options } => options.iter().all(|option| is_word(option)),
            InputKind::Toggle
            | InputKind::Service
            | InputKind::Site
            | InputKind::Team
            | InputKind::Person
            | InputKind::Span => true,
        }),
        ["steps", id, "outputs", "answer"] => {
            let answers = known.step(id).and_then(|step| step.answers.as_ref());
            answers.is_some_and(|answers| answers.iter().all(|answer| is_word(answer)))
        }
        ["incident", "id" | "severity" | "status" | "drill"] | ["run", _] | ["steps", _, "state"] => true,
        _ => false,
    }
}

/// Whether what a pattern allows never begins with `-`: the sets of first bytes of all its literals are known and without.
fn has_no_dash(pattern: &str) -> bool {
    use regex_syntax::hir::literal::Extractor;
    let Ok(tree) = regex_syntax::parse(pattern) else { return false };
    let first = Extractor::new().limit_class(128).extract(&tree);
    let fine = |bytes: &[u8]| bytes.first().is_some_and(|first| *first != b'-');
    first.literals().is_some_and(|all| all.iter().all(|literal| fine(literal.as_bytes())))
}
