//! Progress bars on standard error: for people at a terminal, nothing elsewhere.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::output::Output;

const TICK: Duration = Duration::from_millis(200);
const COUNTED: &str = "{prefix} {wide_bar} {percent:>3} %  {human_pos} of {human_len}  {msg}  {eta} left";
const BYTES: &str = "{prefix} {wide_bar} {percent:>3} %  {bytes} of {total_bytes}  {msg}  {eta} left";
const UNKNOWN: &str = "{prefix} {spinner} {bytes}  {msg}";

/// How far a command is.
pub(crate) struct Progress {
    bar: ProgressBar,
    /// Bytes read so far, which may be ahead of what is done.
    read: Rc<Cell<u64>>,
}

impl Progress {
    /// Over things that are counted; shown when their number is known.
    pub(crate) fn of_items(out: &Output, what: &'static str) -> Self {
        Self::new(out, what, COUNTED, Some(0))
    }

    /// Over a file of that many bytes; a stream when nobody knows how many.
    pub(crate) fn of_bytes(out: &Output, what: &'static str, total: Option<u64>) -> Self {
        let progress = Self::new(out, what, if total.is_some() { BYTES } else { UNKNOWN }, total);
        progress.bar.enable_steady_tick(TICK);
        progress
    }

    fn new(out: &Output, what: &'static str, template: &str, total: Option<u64>) -> Self {
        let target = if out.is_json() { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(total, target).with_prefix(what);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("━━╌"));
        }
        Self { bar, read: Rc::default() }
    }

    /// `done` of `total`.
    pub(crate) fn at(&self, done: u64, total: u64) {
        if self.bar.length() != Some(total) {
            self.bar.set_length(total);
            self.bar.enable_steady_tick(TICK);
        }
        self.bar.set_position(done);
    }

    /// All that was read is done; `words` say what that is.
    pub(crate) fn caught_up(&self, words: String) {
        self.bar.set_message(words);
        self.bar.set_position(self.read.get());
    }

    /// Lets `note` write without the bar in its way.
    pub(crate) fn beside(&self, note: impl FnOnce()) {
        self.bar.suspend(note);
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// `input`, counting what is read from it.
    pub(crate) fn reading<R: Read>(&self, input: R) -> impl Read + use<R> {
        Counted { input, read: Rc::clone(&self.read) }
    }
}

struct Counted<R> {
    input: R,
    read: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.input.read(buffer)?;
        self.read.set(self.read.get() + n as u64);
        Ok(n)
    }
}
