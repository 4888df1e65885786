//! Files that are made to do harm: refused in a moment, and the process lives.

use crate::good;
use muster_runbooks::{Source, from_bytes, read};
use std::time::{Duration, Instant};

fn told(text: String) -> String {
    let begun = Instant::now();
    let faults = read(&[Source { file: "hostile.yaml".to_owned(), text }], None).expect_err("it must be refused");
    assert!(begun.elapsed() < Duration::from_secs(5), "it took {:?}", begun.elapsed());
    let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
    assert!(lines.iter().all(|line| line.len() < 1_000 && !line.contains('\n')), "{lines:?}");
    lines.join("\n")
}

#[test]
fn bombs_depth_and_size_are_refused() {
    let laughs = (1..10).fold("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned(), |text, n| {
        let inner = vec![format!("*a{}", n - 1); 10].join(",");
        format!("{text}a{n}: &a{n} [{inner}]\n")
    });
    assert!(told(laughs).contains("anchors"));
    assert!(told(format!("a: {}", "[".repeat(1_000))).contains("hostile.yaml:1:"));
    assert!(told(format!("a: {}{}", "[".repeat(1_000), "]".repeat(1_000))).contains("hostile.yaml:1:"));
    let steps: String = (0..1_000).map(|depth| format!("{}- a:\n", "  ".repeat(depth))).collect();
    told(steps);
    assert!(told("x: ".to_owned() + &"y".repeat(1 << 20)).contains("256 KB"));
    assert!(told("- x\n".repeat(60_000)).contains("more in it"));
    assert!(told("a: \0b".to_owned()).contains("NUL"));
    told("? [a, b]\n: c".to_owned());
    told("a: !!binary ////".to_owned());
    told(String::new());
    told("%YAML 9.9\n---\na: b".to_owned());
}

#[test]
fn what_is_no_text_is_refused() {
    let fault = from_bytes("hostile.yaml".to_owned(), b"a: b\nc: \xff\xfe".to_vec()).expect_err("not UTF-8");
    assert_eq!(fault.to_string(), "hostile.yaml:2:1: this is not UTF-8; save it as UTF-8");
}

#[test]
fn templates_are_bounded_and_of_one_kind() {
    let (_, file) = good().into_iter().find(|(name, _)| name == "payment-failover").expect("it is there");
    for text in [
        "{{ inputs.region }}",
        "{{{ inputs.region }}}",
        "${{{ inputs.region }}}",
        "${{ inputs.region",
        "{% for x in y %}",
        "${{ inputs.region.map(x, x) }}",
        &format!("${{{{ {}1{} }}}}", "(".repeat(200), ")".repeat(200)),
        &"${{ inputs.region }}".repeat(60),
        &"x".repeat(9_000),
        "${{ secrets.A + secrets.B }}",
        "${{ steps }}",
        "${{ now() }}",
    ] {
        let quoted = serde_json::to_string(text).expect("a text");
        let broken = file.replacen(
            "approve: Payments move to ${{ steps.which.outputs.answer }}",
            &format!("approve: {quoted}"),
            1,
        );
        assert!(told(broken).contains("steps[2].approve"), "{text}");
    }
}

/// Good files with random damage never do more than fail.
#[test]
fn damage_never_breaks_more_than_the_file() {
    let count: u32 = std::env::var("MUSTER_FUZZ_COUNT").ok().and_then(|count| count.parse().ok()).unwrap_or(150);
    let mut noise: u64 =
        std::env::var("MUSTER_FUZZ_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_121);
    let mut next = move |below: usize| {
        noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(noise >> 33).unwrap_or(0) % below.max(1)
    };
    let files = good();
    let bits = [
        "\t", ":", "- ", "{", "[", "\"", "'", "${{", "}}", "&a ", "*a", "!!x ", "\u{0}", "\u{FEFF}", "|", ">", "#",
        "\n", "  ", "null", "é",
    ];
    for _ in 0..count {
        let mut text: Vec<char> = files[next(files.len())].1.chars().collect();
        for _ in 0..=next(4) {
            let at = next(text.len());
            match next(3) {
                0 => text.insert(at, bits[next(bits.len())].chars().next().unwrap_or(' ')),
                1 => drop(text.splice(at..at, bits[next(bits.len())].chars()).collect::<Vec<_>>()),
                _ => drop(text.drain(at..(at + next(30)).min(text.len())).collect::<Vec<_>>()),
            }
        }
        let source = Source { file: "damaged.yaml".to_owned(), text: text.into_iter().collect() };
        let _ = read(&[source], None);
    }
}
