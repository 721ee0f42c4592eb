//! What has been served, in Prometheus' text format.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use parking_lot::Mutex;

/// Upper bounds of the latency buckets, in milliseconds: from a cached read to a long ingest.
const BUCKETS_MS: [u64; 10] = [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000];

/// Counters of the process, from its start.
#[derive(Default)]
pub(super) struct Metrics {
    operations: Mutex<BTreeMap<Operation, Served>>,
}

/// Routes are templates and methods a small set, so that operations are few whatever callers send.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Operation {
    route: String,
    method: &'static str,
}

#[derive(Default)]
struct Served {
    by_status: BTreeMap<u16, u64>,
    /// How many took at most so long, not counting those of a smaller bucket; the last is everything slower.
    by_latency: [u64; BUCKETS_MS.len() + 1],
    total: Duration,
}

impl Metrics {
    /// Counts one request.
    pub(super) fn record(&self, method: &'static str, route: &str, status: u16, took: Duration) {
        let mut operations = self.operations.lock();
        let served = operations.entry(Operation { route: route.to_owned(), method }).or_default();
        *served.by_status.entry(status).or_default() += 1;
        let bucket = BUCKETS_MS.partition_point(|&bound| Duration::from_millis(bound) < took);
        if let Some(count) = served.by_latency.get_mut(bucket) {
            *count += 1;
        }
        served.total += took;
    }

    /// The exposition format, version 0.0.4.
    pub(super) fn print(&self) -> String {
        let operations = self.operations.lock();
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = print_requests(&mut text, &operations).and_then(|()| print_latency(&mut text, &operations));
        text
    }
}

fn print_requests(text: &mut String, operations: &BTreeMap<Operation, Served>) -> std::fmt::Result {
    let name = "mnemon_http_requests_total";
    writeln!(text, "# HELP {name} Requests answered.\n# TYPE {name} counter")?;
    for (Operation { route, method }, served) in operations {
        for (status, count) in &served.by_status {
            writeln!(text, "{name}{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}} {count}")?;
        }
    }
    Ok(())
}

fn print_latency(text: &mut String, operations: &BTreeMap<Operation, Served>) -> std::fmt::Result {
    let name = "mnemon_http_request_duration_seconds";
    writeln!(text, "# HELP {name} Time from request head to answer.\n# TYPE {name} histogram")?;
    for (Operation { route, method }, served) in operations {
        let labels = format!("method=\"{method}\",route=\"{route}\"");
        let bounds = BUCKETS_MS.iter().map(|&ms| (ms as f64 / 1e3).to_string()).chain(["+Inf".to_owned()]);
        let mut count = 0;
        for (bound, within) in bounds.zip(served.by_latency) {
            count += within;
            writeln!(text, "{name}_bucket{{{labels},le=\"{bound}\"}} {count}")?;
        }
        writeln!(text, "{name}_sum{{{labels}}} {}", served.total.as_secs_f64())?;
        writeln!(text, "{name}_count{{{labels}}} {count}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_cumulative_and_counts_by_status() {
        let metrics = Metrics::default();
        for (status, ms) in [(200, 1), (200, 2), (404, 40_000)] {
            metrics.record("GET", "/x", status, Duration::from_millis(ms));
        }
        let text = metrics.print();
        for line in [
            r#"mnemon_http_requests_total{method="GET",route="/x",status="200"} 2"#,
            r#"mnemon_http_request_duration_seconds_bucket{method="GET",route="/x",le="0.001"} 1"#,
            r#"mnemon_http_request_duration_seconds_bucket{method="GET",route="/x",le="0.003"} 2"#,
            r#"mnemon_http_request_duration_seconds_bucket{method="GET",route="/x",le="30"} 2"#,
            r#"mnemon_http_request_duration_seconds_bucket{method="GET",route="/x",le="+Inf"} 3"#,
            r#"mnemon_http_request_duration_seconds_sum{method="GET",route="/x"} 40.003"#,
            r#"mnemon_http_request_duration_seconds_count{method="GET",route="/x"} 3"#,
        ] {
            assert!(text.lines().any(|l| l == line), "{line}\nis not in\n{text}");
        }
    }
}
