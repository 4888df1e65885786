//! The figures, each beside its raw limit, and the table they end up in.

use hdrhistogram::Histogram;
use std::fmt::Write;
use std::time::Duration;

/// One line of the table.
#[derive(Debug)]
pub(crate) struct Figure {
    /// What was measured.
    pub(crate) what: String,
    /// What came out.
    pub(crate) measured: String,
    /// The raw limit, measured in the same run.
    pub(crate) raw: String,
    /// Measured over raw.
    pub(crate) ratio: Option<f64>,
    /// What it should be.
    pub(crate) aim: String,
    /// Whether it is; `None` where nothing is aimed at.
    pub(crate) met: Option<bool>,
}

/// All figures of a run.
#[derive(Debug, Default)]
pub(crate) struct Report(Vec<Figure>);

impl Report {
    /// Adds a figure, and says so at once.
    pub(crate) fn add(&mut self, figure: Figure) {
        let Figure { what, measured, raw, aim, .. } = &figure;
        println!("  {what}: {measured} (raw: {raw}; aim: {aim}) {}", verdict(figure.met));
        self.0.push(figure);
    }

    /// Says what is measured next.
    pub(crate) fn chapter(&self, what: &str) {
        println!("\n{what}");
    }

    /// Something to know about the figures around it.
    pub(crate) fn remark(&self, what: &str) {
        println!("  ({what})");
    }

    /// The table, in Markdown.
    pub(crate) fn table(&self) -> String {
        let head = ["figure", "measured", "raw limit", "ratio", "aim", ""].map(str::to_owned);
        let mut rows = vec![head];
        for figure in &self.0 {
            let ratio = figure.ratio.map_or(String::new(), |ratio| format!("{ratio:.2}"));
            let verdict = verdict(figure.met).to_owned();
            let [what, measured, raw, aim] =
                [&figure.what, &figure.measured, &figure.raw, &figure.aim].map(Clone::clone);
            rows.push([what, measured, raw, ratio, aim, verdict]);
        }
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..6).map(width).collect();
        let mut table = String::new();
        for (number, row) in rows.iter().enumerate() {
            for (cell, width) in row.iter().zip(&widths) {
                let _ = write!(table, "| {cell:width$} ");
            }
            table.push_str("|\n");
            if number == 0 {
                for width in &widths {
                    let _ = write!(table, "|{}", "-".repeat(width + 2));
                }
                table.push_str("|\n");
            }
        }
        table
    }
}

fn verdict(met: Option<bool>) -> &'static str {
    match met {
        Some(true) => "met",
        Some(false) => "MISSED",
        None => "",
    }
}

/// How long things took.
#[derive(Debug, Clone)]
pub(crate) struct Times(Histogram<u64>);

impl Times {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self(Histogram::new(3).expect("three digits are possible"))
    }

    /// One more.
    pub(crate) fn add(&mut self, took: Duration) {
        let nanoseconds = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX).max(1);
        self.0.record(nanoseconds).expect("the histogram grows");
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u64 {
        self.0.len()
    }

    /// The time that this share did not exceed.
    pub(crate) fn at(&self, share: f64) -> Duration {
        Duration::from_nanos(self.0.value_at_quantile(share))
    }

    /// The median.
    pub(crate) fn p50(&self) -> Duration {
        self.at(0.5)
    }

    /// What one in a hundred exceeds.
    pub(crate) fn p99(&self) -> Duration {
        self.at(0.99)
    }
}

/// A duration in the unit that reads best.
pub(crate) fn shown(took: Duration) -> String {
    let seconds = took.as_secs_f64();
    if seconds < 0.001 {
        format!("{:.0} µs", seconds * 1e6)
    } else if seconds < 1.0 {
        format!("{:.2} ms", seconds * 1e3)
    } else {
        format!("{seconds:.2} s")
    }
}

/// One duration over another.
pub(crate) fn ratio(measured: Duration, raw: Duration) -> f64 {
    measured.as_secs_f64() / raw.as_secs_f64().max(1e-9)
}

/// How many a second.
#[expect(clippy::cast_precision_loss, reason = "nothing is done that often")]
pub(crate) fn rate(count: u64, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64().max(1e-9)
}
