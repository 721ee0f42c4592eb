//! Progress bars on standard error: for people at a terminal, nothing elsewhere.

use std::io::{self, Read};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::output::Output;

const COUNTED: &str = "{prefix} {bar:30} {percent:>3} %  {human_pos} of {human_len}  {msg}  {eta} left";
const BYTES: &str = "{prefix} {bar:30} {percent:>3} %  {bytes} of {total_bytes}  {msg}  {eta} left";
const UNKNOWN: &str = "{prefix} {spinner} {bytes}  {msg}";

/// How far a command is.
#[derive(Clone)]
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Over things that are counted.
    pub(crate) fn of_items(out: &Output, what: &'static str) -> Self {
        Self::new(out, what, COUNTED, Some(0))
    }

    /// Over a file of that many bytes; a stream when nobody knows how many.
    pub(crate) fn of_bytes(out: &Output, what: &'static str, total: Option<u64>) -> Self {
        Self::new(out, what, if total.is_some() { BYTES } else { UNKNOWN }, total)
    }

    fn new(out: &Output, what: &'static str, template: &str, total: Option<u64>) -> Self {
        let target = if out.is_json() { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(total, target).with_prefix(what);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("━━╌"));
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }

    /// `done` of `total`.
    pub(crate) fn at(&self, done: u64, total: u64) {
        self.0.set_length(total);
        self.0.set_position(done);
    }

    /// A few words beside the bar.
    pub(crate) fn say(&self, words: String) {
        self.0.set_message(words);
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }

    /// `inner`, counting what is read from it.
    pub(crate) fn reading<R: Read>(&self, inner: R) -> impl Read + use<R> {
        Counted { inner, progress: self.clone() }
    }
}

struct Counted<R> {
    inner: R,
    progress: Progress,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.progress.0.inc(n as u64);
        Ok(n)
    }
}
