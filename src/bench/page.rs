//! A report as a page: one HTML file that needs no other and no script.

use std::fmt::Write;

use super::chart::{Axis, Chart, Scale, Series, escape, number};
use super::latency::Latency;
use super::report::{Report, Sized, StageTimes};

pub(super) const STYLE: &str = include_str!("page.css");

const MILLISECONDS: Axis = Axis { label: "milliseconds", scale: Scale::Linear };
/// The page's colours for the three ways of asking.
const EMBEDDING: usize = 0;
const RECALL: usize = 1;
const HTTP: usize = 2;
/// The colours there are.
const COLOURS: usize = 6;

/// The page.
#[must_use]
pub fn page(report: &Report) -> String {
    let machine = &report.machine;
    let mut html = String::with_capacity(1 << 16);
    // Writing to a string cannot fail.
    let _ = write!(
        html,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>Mnemon bench</title>\n<style>\n{STYLE}</style></head><body><main>\n\
         <header><h1>What a recall costs</h1><p>Mnemon {}, {} on {}, {} cores{}; {}; conversations: {}.</p>{}</header>\n",
        escape(&report.version),
        escape(&machine.model),
        escape(&machine.system),
        machine.cores,
        if machine.processor.is_empty() { String::new() } else { format!(", {}", escape(&machine.processor)) },
        if machine.optimised {
            "an optimised build"
        } else {
            "a build without optimisations, whose figures say little"
        },
        escape(&report.material),
        tiles(report),
    );
    html.push_str("<h2>One question at a time</h2><p class=\"note\">In turns, so that what else the machine did fell on all alike: \
        a question embedded, one recalled in process, one over HTTP. No two questions are the same.</p>\n<div class=\"charts\">");
    if report.sizes.len() > 1 {
        html.push_str(&size_curves(report));
    }
    html.push_str(&stage_bars(report));
    report.sizes.iter().for_each(|sized| html.push_str(&latency_curve(sized)));
    html.push_str("</div>\n<h2>Under load</h2><p class=\"note\">Questions over HTTP arrive at random on a schedule and do not wait for \
        earlier answers; a time runs from when its question was due.</p>\n<div class=\"charts\">");
    report.sizes.iter().for_each(|sized| html.push_str(&load_curves(sized)));
    html.push_str("</div>\n<h2>Vector search</h2><p class=\"note\">The ten nearest of a question, one thread, held against an exact \
        scan in floats.</p>\n<div class=\"charts\">");
    html.push_str(&recall_against_latency(report));
    html.push_str("</div>\n<h2>Figures</h2>");
    html.push_str(&table(report));
    html.push_str("</main></body></html>\n");
    html
}

/// What a reader should take away.
fn tiles(report: &Report) -> String {
    let mut tiles = String::from("<div class=\"tiles\">");
    for sized in &report.sizes {
        let (p50, p99) = sized.alone.ratios();
        let memories = number(sized.memories as f64);
        let _ = write!(
            tiles,
            "<div class=\"tile\"><span>{memories} memories, over HTTP</span><b>{p50:.2}×</b>\
             <span>a bare embedding at the median, {p99:.2}× at p99: {} and {} ms</span></div>",
            number(sized.alone.http.p50),
            number(sized.alone.http.p99),
        );
    }
    tiles.push_str("</div>");
    tiles
}

fn series(name: impl Into<String>, colour: usize, points: Vec<(f64, f64)>) -> Series {
    Series { name: name.into(), colour: colour % COLOURS, dashed: false, line: true, points }
}

fn size_curves(report: &Report) -> String {
    let curve = |name: &str, colour, pick: fn(&Sized) -> f64| {
        series(name, colour, report.sizes.iter().map(|sized| (sized.memories as f64, pick(sized))).collect())
    };
    let dashed = |series| Series { dashed: true, ..series };
    let series = vec![
        curve("bare embedding, p50", EMBEDDING, |sized| sized.alone.embedding.p50),
        curve("in process, p50", RECALL, |sized| sized.alone.recall.p50),
        curve("over HTTP, p50", HTTP, |sized| sized.alone.http.p50),
        dashed(curve("bare embedding, p99", EMBEDDING, |sized| sized.alone.embedding.p99)),
        dashed(curve("over HTTP, p99", HTTP, |sized| sized.alone.http.p99)),
    ];
    let x = Axis { label: "memories", scale: Scale::Log };
    Chart { title: "By size".to_owned(), x, y: MILLISECONDS, series }.draw()
}

fn latency_curve(sized: &Sized) -> String {
    let ways = [
        ("bare embedding", EMBEDDING, &sized.alone.embedding),
        ("in process", RECALL, &sized.alone.recall),
        ("over HTTP", HTTP, &sized.alone.http),
    ];
    let series = ways.into_iter().map(|(name, colour, latency)| series(name, colour, latency.curve.clone())).collect();
    let x = Axis { label: "percentile", scale: Scale::Percentile };
    let y = Axis { label: "milliseconds", scale: Scale::Log };
    Chart { title: format!("{} memories, by percentile", number(sized.memories as f64)), x, y, series }.draw()
}

/// Mean times of the stages, as bars of one scale: what the thread worked, where the system says it.
fn stage_bars(report: &Report) -> String {
    let total = |sized: &Sized| sized.alone.stages.iter().map(stage_mean).sum::<f64>();
    let most = report.sizes.iter().map(total).fold(1e-9, f64::max);
    let mut html = String::from(
        "<figure><figcaption>What a recall in process works for, without waiting for a core</figcaption><ul class=\"legend\">",
    );
    let names = report.sizes.first().map_or(&[][..], |sized| &sized.alone.stages);
    for (place, StageTimes { name, .. }) in names.iter().enumerate() {
        let _ = write!(html, r#"<li><span class="key c{}"></span>{}</li>"#, stage_colour(place), escape(name));
    }
    html.push_str("</ul><div class=\"bars\">");
    for sized in &report.sizes {
        let _ = write!(html, "<span>{} memories</span><div class=\"bar\">", number(sized.memories as f64));
        for (place, stage) in sized.alone.stages.iter().enumerate() {
            let _ = write!(
                html,
                r#"<i class="c{}" style="width:{:.2}%" title="{}: {} ms"></i>"#,
                stage_colour(place),
                100.0 * stage_mean(stage) / most,
                escape(&stage.name),
                number(stage_mean(stage)),
            );
        }
        let _ = write!(html, "</div><span>{} ms</span>", number(total(sized)));
    }
    html.push_str("</div></figure>\n");
    html
}

/// A stage's work, or its time where nobody knows the work.
fn stage_mean(stage: &StageTimes) -> f64 {
    if stage.times.worked.count > 0 { stage.times.worked.mean } else { stage.times.took.mean }
}

/// The embedding is grey here as everywhere; the others have a colour each.
fn stage_colour(place: usize) -> usize {
    [4, 0, 1, 2, 3, 5].get(place).copied().unwrap_or(place % COLOURS)
}

fn load_curves(sized: &Sized) -> String {
    let mut clients: Vec<usize> = sized.loads.iter().map(|load| load.clients).collect();
    clients.dedup();
    let curve = |clients: usize, name: &str, colour, pick: fn(&Latency) -> f64| {
        let own = sized.loads.iter().filter(|load| load.clients == clients && load.offered > 0.0);
        let name = format!("{clients} {}, {name}", if clients == 1 { "client" } else { "clients" });
        series(name, colour, own.map(|load| (load.offered, pick(&load.latency))).collect())
    };
    let series = clients.into_iter().enumerate().flat_map(|(place, clients)| {
        let p99 = curve(clients, "p99", place + 1, |latency| latency.p99);
        [curve(clients, "p50", place + 1, |latency| latency.p50), Series { dashed: true, ..p99 }]
    });
    let series = series.collect();
    let x = Axis { label: "questions a second", scale: Scale::Linear };
    let y = Axis { label: "milliseconds", scale: Scale::Log };
    Chart { title: format!("{} memories", number(sized.memories as f64)), x, y, series }.draw()
}

fn recall_against_latency(report: &Report) -> String {
    let ways = report.sizes.first().map_or(&[][..], |sized| &sized.search);
    let series = ways.iter().enumerate().map(|(place, way)| {
        let same = report.sizes.iter().flat_map(|sized| &sized.search).filter(|other| other.way == way.way);
        let points = same.map(|search| (search.latency.p50, search.recall)).collect();
        Series { name: way.way.clone(), colour: place % COLOURS, dashed: false, line: false, points }
    });
    let x = Axis { label: "milliseconds, p50; sizes from left to right", scale: Scale::Log };
    let y = Axis { label: "recall@10", scale: Scale::Share };
    let against = Chart { title: "Recall against time".to_owned(), x, y, series: series.collect() }.draw();
    let series = ways.iter().enumerate().map(|(place, way)| {
        let time = |sized: &Sized| {
            let own = sized.search.iter().find(|other| other.way == way.way)?;
            Some((sized.messages as f64, own.latency.p50))
        };
        let curve = self::series(way.way.clone(), place, report.sizes.iter().filter_map(time).collect());
        // The last way is the same as the one before it until profiles are large.
        Series { dashed: place > 1, ..curve }
    });
    let x = Axis { label: "vectors", scale: Scale::Log };
    let y = Axis { label: "milliseconds, p50", scale: Scale::Log };
    against + &Chart { title: "Time by size".to_owned(), x, y, series: series.collect() }.draw()
}

fn table(report: &Report) -> String {
    let mut html = String::from(
        "<div class=\"wide\"><table><thead><tr><th>memories</th><th>messages</th><th>embedding p50</th><th>p99</th>\
         <th>in process p50</th><th>p99</th><th>HTTP p50</th><th>p99</th><th>first recall</th><th>index, B each</th>\
         <th>file, B each</th><th>filled, msg/s</th></tr></thead><tbody>",
    );
    for sized in &report.sizes {
        let alone = &sized.alone;
        let each = |bytes: u64| bytes as f64 / sized.memories.max(1) as f64;
        let cells = [
            alone.embedding.p50,
            alone.embedding.p99,
            alone.recall.p50,
            alone.recall.p99,
            alone.http.p50,
            alone.http.p99,
            sized.cold.first_ms,
            each(sized.bytes.index),
            each(sized.bytes.file),
            sized.fill.messages_per_second,
        ];
        let _ = write!(html, "<tr><td>{}</td><td>{}</td>", sized.memories, sized.messages);
        for cell in cells {
            let _ = write!(html, "<td>{}</td>", number(cell));
        }
        html.push_str("</tr>");
    }
    html.push_str("</tbody></table></div><p class=\"note\">Times are milliseconds. The first recall comes right after the data folder is opened.</p>");
    html
}
