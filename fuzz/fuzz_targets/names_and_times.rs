//! Whatever the door lets in prints as it was read, and nothing makes it panic.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mnemon::model::{AccountId, Moment, NamespaceName, ProfileName, SessionId, Ulid};

fuzz_target!(|text: &str| {
    assert!(AccountId::parse(text).is_ok_and(|name| name.as_str() == text) || AccountId::parse(text).is_err());
    assert!(
        NamespaceName::parse(text).is_err() || ProfileName::parse(text).is_ok(),
        "a namespace's name is a profile's"
    );
    let _ = SessionId::parse(text);
    if let Some(id) = Ulid::parse(text) {
        assert_eq!(id.to_string(), text);
    }
    if let Some(moment) = Moment::parse(text) {
        let printed = moment.instant.to_string();
        assert_eq!(Moment::parse(&printed).map(|again| again.instant), Some(moment.instant));
        let _ = moment.date();
    }
});
