//! A bench's figures at the terminal.

use serde_json::{Value, json};

use crate::bench::{Change, Latency, PartReport, Report, Sized};
use crate::cli::failure::Failure;
use crate::cli::output::Output;

/// Changes within so much are the noise of a quiet machine.
const NOISE: f64 = 0.05;

pub(super) fn show(out: &Output, report: &Report) -> Result<(), Failure> {
    let machine = &report.machine;
    out.note(&format!("{}, {} cores, {}, {}", machine.processor, machine.cores, machine.model, report.material));
    if !machine.optimised {
        out.note("built without optimisations: these figures say little");
    }
    sizes(out, report)?;
    for sized in &report.sizes {
        out.text("")?;
        out.heading(&format!("{} memories of {} messages", sized.memories, sized.messages))?;
        alone(out, sized)?;
        out.text("")?;
        stages(out, sized)?;
        out.text("")?;
        loads(out, sized)?;
        out.text("")?;
        searches(out, sized)?;
    }
    Ok(())
}

fn sizes(out: &Output, report: &Report) -> Result<(), Failure> {
    let header =
        ["MEMORIES", "HTTP P50", "/ EMBED", "P99", "/ EMBED", "WORK", "FIRST", "INDEX B/M", "FILE B/M", "FILL MSG/S"];
    let row = |sized: &Sized| {
        let (p50, p99) = sized.alone.ratios();
        let each = |bytes: u64| format!("{:.0}", bytes as f64 / sized.memories.max(1) as f64);
        [
            sized.memories.to_string(),
            time(sized.alone.http.p50),
            format!("{p50:.2}x"),
            time(sized.alone.http.p99),
            format!("{p99:.2}x"),
            format!("{:.2}x", sized.alone.work()),
            time(sized.cold.first_ms),
            each(sized.bytes.index),
            each(sized.bytes.file),
            format!("{:.0}", sized.fill.messages_per_second),
        ]
    };
    out.table(header, &report.sizes.iter().map(row).collect::<Vec<_>>())
}

fn alone(out: &Output, sized: &Sized) -> Result<(), Failure> {
    let alone = &sized.alone;
    let ways = [
        ("bare embedding", &alone.embedding),
        ("  its work", &alone.embedding_worked),
        ("recall in process", &alone.recall),
        ("  its work", &alone.recall_worked),
        ("recall over HTTP", &alone.http),
    ];
    let row = |(name, latency): (&str, &Latency)| latencies([name.to_owned()], latency);
    out.grid(&["ALONE", "N", "P50", "P90", "P99", "P99.9", "MAX"], &ways.map(row))
}

fn stages(out: &Output, sized: &Sized) -> Result<(), Failure> {
    let all: f64 = sized.alone.stages.iter().map(|stage| stage.times.took.mean).sum();
    let rows = sized.alone.stages.iter().map(|stage| {
        let (took, worked) = (&stage.times.took, &stage.times.worked);
        let share = format!("{:.0} %", 100.0 * took.mean / all.max(1e-9));
        let [mean, p50, p99] = [took.mean, took.p50, took.p99].map(time);
        [stage.name.clone(), share, mean, p50, p99, time(worked.mean), time(worked.p50)]
    });
    out.table(["STAGE", "SHARE", "MEAN", "P50", "P99", "WORK MEAN", "WORK P50"], &rows.collect::<Vec<_>>())
}

fn loads(out: &Output, sized: &Sized) -> Result<(), Failure> {
    let rows = sized.loads.iter().map(|load| {
        let offered =
            if load.offered > 0.0 { format!("{:.0}", load.offered) } else { "as fast as answered".to_owned() };
        let what = [load.clients.to_string(), offered, format!("{:.0}", load.answered), load.refused.to_string()];
        latencies(what, &load.latency)
    });
    let header = ["CLIENTS", "OFFERED/S", "ANSWERED/S", "REFUSED", "N", "P50", "P90", "P99", "P99.9", "MAX"];
    out.grid(&header, &rows.collect::<Vec<_>>())
}

fn searches(out: &Output, sized: &Sized) -> Result<(), Failure> {
    let rows = sized
        .search
        .iter()
        .map(|search| latencies([search.way.clone(), format!("{:.4}", search.recall)], &search.latency));
    let header = ["SEARCH OF VECTORS", "RECALL@10", "N", "P50", "P90", "P99", "P99.9", "MAX"];
    out.grid(&header, &rows.collect::<Vec<_>>())
}

/// Cells of what it is, then those of a latency.
fn latencies<const N: usize>(what: [String; N], latency: &Latency) -> Vec<String> {
    let Latency { count, p50, p90, p99, p999, max, .. } = latency;
    let times = [p50, p90, p99, p999, max].map(|milliseconds| time(*milliseconds));
    what.into_iter().chain([count.to_string()]).chain(times).collect()
}

/// Milliseconds with three digits that mean something.
fn time(milliseconds: f64) -> String {
    let digits = match milliseconds {
        m if m < 0.1 => 4,
        m if m < 1.0 => 3,
        m if m < 100.0 => 2,
        _ => 0,
    };
    format!("{milliseconds:.digits$}")
}

pub(super) fn changes(out: &Output, (before, after): (&Report, &Report), all: &[Change]) -> Result<(), Failure> {
    if before.machine != after.machine || before.material != after.material {
        out.note("the two runs differ in their machine, model or material: compare their ratios only");
    }
    let rows = all.iter().map(|change| {
        let times = change.times();
        let verdict = if (times - 1.0).abs() <= NOISE {
            ""
        } else if times > 1.0 {
            "more"
        } else {
            "less"
        };
        let figures = [change.before, change.after].map(time);
        let [was, is] = figures;
        [change.memories.to_string(), change.what.clone(), was, is, format!("{times:.2}x"), verdict.to_owned()]
    });
    out.table(["MEMORIES", "WHAT", "BEFORE", "AFTER", "TIMES", ""], &rows.collect::<Vec<_>>())
}

pub(super) fn changes_json(all: &[Change]) -> Value {
    let change = |change: &Change| {
        let Change { memories, what, before, after } = change;
        json!({ "memories": memories, "what": what, "before": before, "after": after, "times": change.times() })
    };
    json!(all.iter().map(change).collect::<Vec<_>>())
}

/// A part of recall by itself.
pub(super) fn part(out: &Output, report: &PartReport) -> Result<(), Failure> {
    let what = [report.documents.to_string(), time(report.build_ms), report.bytes.to_string()];
    let header = ["DOCUMENTS", "BUILD MS", "BYTES", "N", "P50", "P90", "P99", "P99.9", "MAX"];
    out.grid(&header, &[latencies(what, &report.latency)])
}
