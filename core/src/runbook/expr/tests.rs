//! What expressions say, and what is refused.

use super::*;
use serde_json::json;

fn scope() -> Scope {
    let Value::Object(known) = json!({
        "inputs": {"region": "eu", "count": 3, "share": 0.5, "note": null, "big": 18_446_744_073_709_551_615_u64},
        "steps": {
            "health": {"state": "done", "outputs": {"active": "primary", "status": 200}},
            "which": {"state": "not_needed", "outputs": {}},
        },
        "json": {"rates": [1, 0.97]},
    }) else {
        panic!("an object")
    };
    Scope(known)
}

#[test]
fn expressions_compare_and_compute() {
    for text in [
        "steps.health.outputs.active != 'secondary'",
        "steps.health.outputs.status == 200 && inputs.count > 2.5",
        "inputs.share * 2.0 == 1",
        "inputs.count + 1 == 4",
        "inputs.region in ['eu', 'us']",
        "!has(steps.which.outputs.answer)",
        "has(steps.which.outputs.answer) && steps.which.outputs.answer == 'x' || true",
        "inputs.region.startsWith(\"e\") && inputs.region.matches('^[a-z]{2}$') && size(inputs.region) == 2",
        "json.rates[0] > json.rates[1]",
        "inputs.count > 2 ? true : 1 / 0 == 1",
        "int('12') == 12 && double('1.5') == 1.5 && string(3) == '3'",
        "inputs.note == null",
        "steps['health'].state == 'done'",
        "inputs.region + '-1' == 'eu-1'",
        "inputs.big > 1",
    ] {
        assert_eq!(Expr::parse(text).and_then(|expr| expr.holds(&scope())), Ok(true), "{text}");
    }
}

#[test]
fn what_has_no_value_says_why_in_one_sentence() {
    for (text, why) in [
        ("steps.which.outputs.answer == 'a'", "there is no `answer`"),
        ("nobody.knows", "nothing is called `nobody`"),
        ("inputs.region > 3", "`>` does not work on string and int"),
        ("inputs.region + 3 == ''", "string and int do not fit together"),
        ("1 / 0 == 1", "it divides by zero"),
        ("json.rates[7] == 1", "a list is shorter than that"),
        ("9223372036854775807 + 1 == 0", "its values do not fit together"),
        ("inputs.region", "is a text, and must be true or false"),
        ("int('x') == 1", "its values do not fit together"),
    ] {
        let error = Expr::parse(text).and_then(|expr| expr.holds(&scope())).expect_err(text);
        assert!(error.sentence.contains(why) && !error.sentence.contains('\n'), "{text}: {error}");
    }
}

#[test]
fn what_is_not_known_to_end_or_not_ours_is_refused_before_it_runs() {
    for (text, why) in [
        ("", "there is no expression"),
        ("[1, 2].map(x, x)", "no loops"),
        ("[1].all(x, x > 0)", "no loops"),
        ("[1].exists(x, [2].exists(y, true))", "no loops"),
        ("duration('1h') > 0", "there is no function `duration`"),
        ("dyn(1) == 1", "there is no function `dyn`"),
        ("size('a', 'b') == 1", "`size` is about 1 value, not 2"),
        ("inputs.region.matches(inputs.pattern)", "written out"),
        ("'a'.matches('(a{1000}){1000}')", "too big"),
        ("'a'.matches('(')", "no regular expression"),
        ("secrets.TOKEN == 'x'", "nothing is computed with a secret"),
        ("b'abc' == b'abc'", "without a letter before it"),
        ("r'\\' + (((", "without a letter before it"),
        ("'''a''' == 'a'", "not with three quotes"),
        ("1u == 1", "without `u`"),
        ("Thing{a: 1} == 1", "structures"),
        ("a = b", "write `==` for `=`"),
        ("a == 1 and b == 2", "write `&&` for `and`"),
        ("a +", "cannot be read at its end"),
        ("a == 1 b", "cannot be read at `b`"),
        ("a\n== 1", "one line"),
        (&"(".repeat(40), "nested too deeply"),
        (&format!("{}1", "a ? b : ".repeat(9)), "nested too deeply"),
        (&format!("1{}", " + 1".repeat(40)), "nested too deeply"),
        (&"a".repeat(501), "500 characters at most"),
    ] {
        let error = Expr::parse(text).expect_err(text);
        assert!(error.sentence.contains(why) && !error.sentence.contains('\n'), "{text}: {error}");
    }
}

#[test]
fn an_expression_tells_what_it_speaks_of() {
    let expr = Expr::parse("has(steps.a.outputs.b) && inputs['region'] == steps.c.state || size(json.list[0].x) > 1")
        .expect("it");
    let names: Vec<_> = expr.names().into_iter().map(|name| (name.path.join("."), name.tested)).collect();
    assert_eq!(
        names,
        [
            ("steps.a.outputs.b".to_owned(), true),
            ("inputs.region".to_owned(), false),
            ("steps.c.state".to_owned(), false),
            ("json.list".to_owned(), false)
        ]
    );
}

/// Anything at all is either an expression or a sentence, on the stack of a small thread.
#[test]
fn noise_never_breaks_anything() {
    const WORDS: [&str; 48] = [
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "?",
        ":",
        "!",
        "-",
        "+",
        "*",
        "/",
        "%",
        "&&",
        "||",
        "==",
        "!=",
        "<",
        ">=",
        " in ",
        ".",
        ",",
        "'",
        "\"",
        "\\",
        "r'",
        "'''",
        "inputs",
        "steps",
        "has(",
        "size(",
        ".matches(",
        ".map(x,",
        "1",
        "0x",
        "1.5e9",
        "9223372036854775808",
        "u",
        "null",
        "true",
        "é",
        "\u{1F600}",
        "\u{0}",
        "\\u{",
        "`",
        "@",
        " ",
    ];
    let mut noise = 20_261_121_u64;
    let mut next = move |below: usize| {
        noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(noise >> 33).unwrap_or(0) % below
    };
    let small = std::thread::Builder::new().stack_size(1 << 20);
    let worker = small.spawn(move || {
        let mut read = 0;
        for _ in 0..20_000 {
            let length = 1 + next(60);
            let text: String = (0..length).map(|_| WORDS[next(WORDS.len())]).collect();
            if let Ok(expr) = Expr::parse(&text) {
                read += 1;
                let _ = expr.holds(&scope());
            }
        }
        for deepest in [
            "a?b:".repeat(8) + "c",
            "(".repeat(16) + "1" + &")".repeat(16),
            "!".repeat(499) + "a",
            "-".repeat(499) + "a",
        ] {
            let _ = Expr::parse(&deepest).map(|expr| expr.holds(&scope()));
        }
        read
    });
    assert!(worker.expect("a thread").join().expect("no panic") > 20, "some of it must have been read");
}
