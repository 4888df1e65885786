//! Two hundred broken files, each made of a good one by one named change: each fault names the line, the key and the way out.

use crate::good;
use muster_runbooks::{Fault, Source, read};

/// How a good file is broken: what is replaced by what, and what is then said of it: the line on which the first of it
/// stands, the key, a part of the sentence, a part of the hint.
struct Breakage {
    name: &'static str,
    from: &'static str,
    to: &'static str,
    key: &'static str,
    says: &'static str,
    hint: &'static str,
}

const fn broken(
    name: &'static str,
    (from, to): (&'static str, &'static str),
    (key, says, hint): (&'static str, &'static str, &'static str),
) -> Breakage {
    Breakage { name, from, to, key, says, hint }
}

/// Changes that fit every good file: each has these lines.
const ANY: [Breakage; 16] = [
    broken("no version", ("apiVersion: muster/v1\n", ""), ("apiVersion", "is missing", "apiVersion: muster/v1")),
    broken("another version", ("muster/v1", "muster/v9"), ("apiVersion", "does not know", "muster/v1")),
    broken(
        "a version that is a list",
        ("apiVersion: muster/v1", "apiVersion: [muster/v1, x]"),
        ("apiVersion", "is a list", ""),
    ),
    broken(
        "an unknown key",
        ("apiVersion: muster/v1\n", "apiVersion: muster/v1\ntrigers: []\n"),
        ("trigers", "no key `trigers`", "did you mean `triggers`?"),
    ),
    broken(
        "a key twice",
        ("apiVersion: muster/v1\n", "apiVersion: muster/v1\napiVersion: muster/v1\n"),
        ("apiVersion", "twice", "take one"),
    ),
    broken("no steps", ("\nsteps:\n", "\nstep:\n"), ("step", "no key `step`", "did you mean `steps`?")),
    broken("a tab", ("\nsteps:\n", "\nsteps:\n\t- id: x\n"), ("", "tab", "spaces")),
    broken("an anchor", ("\nsteps:\n", "\nowner: &a payments\nsteps:\n"), ("", "anchors", "write the value out")),
    broken("an alias", ("\nsteps:\n", "\nowner: *a\nsteps:\n"), ("", "anchors", "")),
    broken("a merge", ("\nsteps:\n", "\n<<: {}\nsteps:\n"), ("", "", "")),
    broken("a tag", ("\nsteps:\n", "\nowner: !!python/object x\nsteps:\n"), ("", "", "")),
    broken("two documents", ("\nsteps:\n", "\n---\nsteps:\n"), ("", "document", "file of its own")),
    broken("an open quote", ("\nsteps:\n", "\nowner: \"payments\nsteps:\n"), ("", "not YAML", "")),
    broken(
        "nothing where something is",
        ("apiVersion: muster/v1\n", "apiVersion: muster/v1\nowner:\n"),
        ("owner", "nothing here", "take the key away"),
    ),
    broken(
        "a map where a text is",
        ("apiVersion: muster/v1\n", "apiVersion: muster/v1\nowner: { team: x }\n"),
        ("owner", "must be a text", ""),
    ),
    broken(
        "a text where a map is",
        ("apiVersion: muster/v1\n", "apiVersion: muster/v1\npermissions: all\n"),
        ("permissions", "map of keys", ""),
    ),
];

/// Changes of the file about payments.
const PAYMENTS: [Breakage; 62] = [
    broken(
        "an id with capitals",
        ("id: payment-failover", "id: Payment Failover"),
        ("id", "is no id", "`payment-failover`"),
    ),
    broken(
        "a trigger that nobody knows",
        ("on: declare", "on: declared"),
        ("triggers[0].on", "not one of", "did you mean `declare`?"),
    ),
    broken(
        "a trigger without its name",
        ("    name: \"PaymentErrors*\"\n", ""),
        ("triggers[1].name", "is missing", "PaymentErrors*"),
    ),
    broken(
        "a status for a declaration",
        ("    start: suggested\n", "    to: [identified]\n"),
        ("triggers[0].to", "says nothing", "on: status"),
    ),
    broken("a start that nobody knows", ("start: suggested", "start: auto"), ("triggers[0].start", "not one of", "")),
    broken("an input without a type", ("    type: choice\n", ""), ("inputs.region.type", "is missing", "type: text")),
    broken(
        "an input of no type",
        ("type: choice", "type: chioce"),
        ("inputs.region.type", "not one of", "did you mean `choice`?"),
    ),
    broken(
        "a choice of nothing",
        ("    options: [eu, us]\n", ""),
        ("inputs.region.options", "is missing", "options: [eu, us]"),
    ),
    broken("an option twice", ("[eu, us]", "[eu, us, eu]"), ("inputs.region.options[2]", "twice", "take one")),
    broken(
        "a default that is no option",
        ("default: eu", "default: asia"),
        ("inputs.region.default", "none of its values", "one of eu, us"),
    ),
    broken(
        "a pattern of a choice",
        ("    default: eu\n", "    pattern: x\n"),
        ("inputs.region.pattern", "says nothing", "type: text"),
    ),
    broken(
        "an input with a dash",
        ("  region:\n", "  pay-region:\n"),
        ("inputs.pay-region", "no id of an input", "`pay_region`"),
    ),
    broken(
        "somebody who is nobody",
        ("run: [team:payments, role:commander]", "run: [payments]"),
        ("permissions.run[0]", "does not say who", "team:payments"),
    ),
    broken(
        "a right that nobody has",
        ("right:admin", "right:root"),
        ("permissions.drive[2]", "no right `root`", "admin"),
    ),
    broken(
        "a step without an id",
        ("  - id: health\n    name: Ask the gateway how it is\n", "  - name: Ask the gateway how it is\n"),
        ("steps[0].id", "is missing", "add `id: look`"),
    ),
    broken("a step with a dash", ("- id: works", "- id: it-works"), ("steps[4].id", "no id of a step", "`it_works`")),
    broken("a step twice", ("- id: works", "- id: which"), ("steps[4].id", "already, on line", "another id")),
    broken(
        "no time limit for a request",
        ("    timeout: 10s\n", ""),
        ("steps[0].timeout", "is missing", "add `timeout: 30s`"),
    ),
    broken(
        "no time limit for a program",
        ("    runner: warehouse\n    timeout: 60s\n", "    runner: warehouse\n"),
        ("steps[3].timeout", "is missing", "add `timeout: 30s`"),
    ),
    broken(
        "no time limit for a check",
        ("    timeout: 10m\n", ""),
        ("steps[4].timeout", "is missing", "add `timeout: 30s`"),
    ),
    broken(
        "no time limit for the way back",
        ("      timeout: 60s\n", ""),
        ("steps[3].undo.timeout", "is missing", "add `timeout: 30s`"),
    ),
    broken(
        "a time limit that is none",
        ("timeout: 10s", "timeout: soon"),
        ("steps[0].timeout", "no stretch of time", ""),
    ),
    broken(
        "a time limit without a unit",
        ("timeout: 10s", "timeout: 10"),
        ("steps[0].timeout", "no stretch of time", ""),
    ),
    broken("a time limit of a week", ("timeout: 10m", "timeout: 7d"), ("steps[4].timeout", "more than a day", "wait")),
    broken(
        "a time limit misspelled",
        ("timeout: 10s", "timout: 10s"),
        ("steps[0].timout", "no key `timout`", "did you mean `timeout`?"),
    ),
    broken(
        "tried again, and not idempotent",
        ("idempotent: true\n    retry", "idempotent: false\n    retry"),
        ("steps[0].retry", "done twice", "idempotent: true"),
    ),
    broken(
        "a thousand attempts",
        ("attempts: 3", "attempts: 1000"),
        ("steps[0].retry.attempts", "not between 2 and 10", ""),
    ),
    broken("half an attempt", ("attempts: 3", "attempts: 2.5"), ("steps[0].retry.attempts", "whole number", "")),
    broken(
        "a failure that nobody knows",
        ("on_failure: continue", "on_failure: ignore"),
        ("steps[0].on_failure", "not one of", ""),
    ),
    broken(
        "nothing to take back",
        ("on_failure: continue", "on_failure: undo"),
        ("steps[0].on_failure", "nothing to take back", "ask"),
    ),
    broken(
        "a pointer with dots",
        ("json: /active", "json: active.name"),
        ("steps[0].outputs.active.json", "no JSON pointer", "`/active/name`"),
    ),
    broken(
        "an output from two places",
        ("{ json: /active, example", "{ json: /active, text: true, example"),
        ("steps[0].outputs.active", "exactly one", "json"),
    ),
    broken(
        "an output from nowhere",
        ("{ json: /active, example", "{ example"),
        ("steps[0].outputs.active", "exactly one", "json"),
    ),
    broken("a method that is none", ("method: GET", "method: FETCH"), ("steps[0].http.method", "is no method", "")),
    broken(
        "a host that is filled in",
        ("https://gateway.internal/v1/${{ inputs.region }}/health", "https://${{ inputs.region }}.internal/health"),
        ("steps[0].http.url", "scheme, host or port", "with `if`"),
    ),
    broken(
        "a whole address that is filled in",
        ("https://gateway.internal/v1/${{ inputs.region }}/health", "${{ inputs.region }}"),
        ("steps[0].http.url", "scheme, host or port", ""),
    ),
    broken(
        "an address that is no web address",
        ("https://gateway.internal/v1/rate", "ftp://gateway.internal/v1/rate"),
        ("steps[4].probe.url", "neither http nor https", "https://"),
    ),
    broken(
        "a password in an address",
        ("https://gateway.internal/v1/rate", "https://u:p@gateway.internal/v1/rate"),
        ("steps[4].probe.url", "shown to everybody", "header"),
    ),
    broken(
        "a secret in an address",
        ("https://gateway.internal/v1/rate", "https://gateway.internal/v1/${{ secrets.KEY }}"),
        ("steps[4].probe.url", "into their logs", "header"),
    ),
    broken(
        "a header with a name that is filled in",
        ("{ Authorization: \"Bearer", "{ \"X-${{ inputs.region }}\": \"Bearer"),
        ("", "name of a header", "write the name out"),
    ),
    broken(
        "a header of the connection",
        ("{ Authorization:", "{ Host:"),
        ("steps[0].http.headers.Host", "for the connection", "take it away"),
    ),
    broken(
        "a status that is none",
        ("500-599", "500-999"),
        ("steps[0].http.expect[1]", "no status of HTTP", "500-599"),
    ),
    broken(
        "a secret in an argument",
        ("args: [switch, --to, \"${{ steps", "args: [switch, --key, \"${{ secrets.K }}\", --to, \"${{ steps"),
        ("steps[3].run.args[2]", "lists the processes", "env"),
    ),
    broken(
        "a secret that people read",
        ("approve: Payments move to", "approve: With ${{ secrets.K }} payments move to"),
        ("steps[2].approve", "people read this", "take it away"),
    ),
    broken(
        "a program that is filled in",
        ("program: payctl\n", "program: ${{ inputs.region }}\n"),
        ("steps[3].run.program", "nothing is filled", "with `if`"),
    ),
    broken(
        "a line for a shell",
        ("program: payctl\n", "program: payctl switch\n"),
        ("steps[3].run.program", "no", "args"),
    ),
    broken(
        "a shell with a line",
        ("program: payctl\n      args: [switch,", "program: bash\n      args: [-c, \"payctl switch\","),
        ("steps[3].run.args", "as code", "script of its own"),
    ),
    broken(
        "a shell behind another program",
        ("program: payctl\n      args: [switch,", "program: env\n      args: [sh, -lc, \"payctl switch\","),
        ("steps[3].run.args", "as code", "script of its own"),
    ),
    broken(
        "an interpreter with code",
        ("program: payctl\n      args: [switch,", "program: python3\n      args: [-c, \"print(1)\","),
        ("steps[3].run.args", "as code", "env"),
    ),
    broken(
        "a variable with a name that is filled in",
        ("{ TOKEN: \"", "{ \"T_${{ inputs.region }}\": \""),
        ("", "name of a variable", "write the name out"),
    ),
    broken(
        "a size that is none",
        ("output: 64KB", "output: lots"),
        ("steps[3].run.limits.output", "is no size", "64KB"),
    ),
    broken(
        "a runner that is filled in",
        ("runner: warehouse", "runner: ${{ inputs.region }}"),
        ("steps[3].runner", "no label", "nothing is filled in"),
    ),
    broken(
        "an expression in braces",
        ("if: steps.health", "if: ${{ steps.health"),
        ("steps[3].if", "expression already", "without the braces"),
    ),
    broken(
        "an expression that cannot be read",
        ("if: steps.health.outputs.active !=", "if: steps.health.outputs.active ="),
        ("steps[3].if", "cannot be read", "`==`"),
    ),
    broken(
        "an output that is not there",
        ("steps.health.outputs.active !=", "steps.health.outputs.activ !="),
        ("steps[3].if", "no output `activ`", "did you mean `active`?"),
    ),
    broken(
        "a step that is not there",
        ("if: steps.health.", "if: steps.helth."),
        ("steps[3].if", "no step `helth`", "did you mean `health`?"),
    ),
    broken(
        "an input that is not there",
        ("${{ inputs.region }}", "${{ inputs.regoin }}"),
        ("steps[0].http.url", "no input `regoin`", "did you mean `region`?"),
    ),
    broken(
        "a question with one answer",
        ("[adyen, stripe]", "[adyen]"),
        ("steps[1].choices", "between 2 and", "manual"),
    ),
    broken(
        "an approval of what has been",
        ("covers: [switch]", "covers: [health]"),
        ("steps[2].covers[0]", "not after this one", "before it"),
    ),
    broken(
        "an approval by one person",
        ("who: [team:payments, role:commander]", "who: [\"@alice\"]"),
        ("steps[2].who", "only one person", "team"),
    ),
    broken(
        "an approval without a deadline",
        ("    within: 15m\n", ""),
        ("steps[2].within", "is missing", "within: 15m"),
    ),
    broken(
        "two things at once",
        ("    ask: Which provider takes over?\n", "    ask: Which provider takes over?\n    wait: 5m\n"),
        ("steps[1].ask", "does two things", "two steps"),
    ),
];

fn faults(text: &str) -> Vec<Fault> {
    let source = Source { file: "runbooks/broken.yaml".to_owned(), text: text.to_owned() };
    read(&[source], None).err().unwrap_or_default()
}

/// What is wrong with what was said of a broken file.
fn judged(file: &str, breakage: &Breakage) -> Option<String> {
    let text = file.replacen(breakage.from, breakage.to, 1);
    let told = faults(&text);
    let list = told.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n  ");
    // What is there is shown where it stands; what is missing, at what lacks it.
    let is_placed = |fault: &Fault| {
        let line = text.lines().nth(fault.line - 1).unwrap_or_default();
        let last = breakage.key.rsplit('.').next().unwrap_or_default().split('[').next().unwrap_or_default();
        let of_whole = ["missing", "exactly one", "says nothing", "does two things", "done twice"];
        line.contains(last) || of_whole.iter().any(|whole| fault.sentence.contains(whole))
    };
    let fits = |fault: &Fault| fault.key == breakage.key || (breakage.key.is_empty() && !breakage.says.is_empty());
    let found = told.iter().any(|fault| {
        fits(fault)
            && is_placed(fault)
            && fault.sentence.contains(breakage.says)
            && (breakage.hint.is_empty() || fault.hint.as_ref().is_some_and(|hint| hint.contains(breakage.hint)))
            && fault.file == "runbooks/broken.yaml"
            && !fault.sentence.contains('\n')
    });
    (!found).then(|| format!("{}:\n  {list}", breakage.name))
}

#[test]
fn every_broken_file_says_where_what_and_the_way_out() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (name, file) in good() {
        for breakage in ANY.iter().filter(|breakage| file.contains(breakage.from)) {
            count += 1;
            wrong.extend(judged(&file, breakage).map(|wrong| format!("{name}: {wrong}")));
        }
        if name == "payment-failover" {
            for breakage in &PAYMENTS {
                count += 1;
                assert!(file.contains(breakage.from), "{} changes nothing", breakage.name);
                wrong.extend(judged(&file, breakage).map(|wrong| format!("{name}: {wrong}")));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 200, "only {count} files were broken");
}

#[test]
fn faults_are_easy_to_read() {
    let (_, file) = good().into_iter().find(|(name, _)| name == "payment-failover").expect("it is there");
    let told = ANY.iter().chain(&PAYMENTS).map(|breakage| {
        let faults = faults(&file.replacen(breakage.from, breakage.to, 1));
        let lines: Vec<_> = faults.iter().map(|fault| format!("  {fault}")).collect();
        format!("{}\n{}\n", breakage.name, lines.join("\n"))
    });
    insta::assert_snapshot!("faults_are_easy_to_read", told.collect::<String>());
}

#[test]
fn all_faults_of_a_file_are_told_at_once() {
    let (_, file) = good().into_iter().find(|(name, _)| name == "payment-failover").expect("it is there");
    let text = PAYMENTS.iter().filter(|one| {
        ["a time limit that is none", "an option twice", "a question with one answer"].contains(&one.name)
    });
    let text = text.fold(file, |text, one| text.replacen(one.from, one.to, 1));
    let told: Vec<_> = faults(&text).into_iter().map(|fault| (fault.line, fault.key)).collect();
    let expected = [(19, "inputs.region.options[2]"), (32, "steps[0].timeout"), (41, "steps[1].choices")];
    assert_eq!(told, expected.map(|(line, key)| (line, key.to_owned())));
}
