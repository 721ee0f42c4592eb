//! What the log says of a panic: where it was, and its words only when they stand in the source code.
//!
//! Words that are made at run time may quote what somebody said: slicing a text at the wrong place names the text.

use std::any::Any;
use std::panic::{self, PanicHookInfo};
use std::thread;

/// From now on, panics are logged so.
pub(super) fn log_without_words() {
    panic::set_hook(Box::new(log));
}

fn log(panic: &PanicHookInfo<'_>) {
    let at = panic.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    let thread = thread::current().name().unwrap_or("unnamed").to_owned();
    tracing::error!(
        thread,
        at,
        words = words(panic.payload()),
        "a thread panicked; this is a fault of Mnemon: please report it"
    );
}

fn words(payload: &dyn Any) -> &'static str {
    payload.downcast_ref::<&'static str>().copied().unwrap_or("left out, they may quote somebody")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_source_are_told_and_all_others_left_out() {
        let payload = |panics: fn()| panic::catch_unwind(panics).expect_err("it panics");
        assert_eq!(words(&*payload(|| panic!("written in the source"))), "written in the source");
        let quoting: fn() = || {
            let said = std::hint::black_box("my diär".to_owned());
            std::hint::black_box(&said[..6]);
        };
        assert!(!words(&*payload(quoting)).contains("my"));
    }
}
