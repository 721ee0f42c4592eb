//! Bytes that claim to be a row decode or are refused, without a panic; what decodes survives being written again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mnemon::store::rows::{
    CacheRow, ChangeRow, DoomedRow, FormatRow, MemoryRow, MemoryVectorRow, MessagePlaceRow, MessageRow,
    MessageVectorRow, ModelRow, NamespaceRow, ProfileRow, ReindexRow, Row, SequenceRow, SessionNameRow, SessionRow,
    TokenRow,
};

fuzz_target!(|input: (u8, &[u8])| {
    let (kind, bytes) = input;
    match kind % 17 {
        0 => survives::<NamespaceRow>(bytes),
        1 => survives::<ProfileRow>(bytes),
        2 => survives::<TokenRow>(bytes),
        3 => survives::<DoomedRow>(bytes),
        4 => survives::<FormatRow>(bytes),
        5 => survives::<ModelRow>(bytes),
        6 => survives::<ReindexRow>(bytes),
        7 => survives::<SequenceRow>(bytes),
        8 => survives::<SessionRow>(bytes),
        9 => survives::<SessionNameRow>(bytes),
        10 => survives::<MessageRow>(bytes),
        11 => survives::<MessagePlaceRow>(bytes),
        12 => vector_survives::<MessageVectorRow>(bytes),
        13 => survives::<MemoryRow>(bytes),
        15 => survives::<CacheRow>(bytes),
        16 => survives::<ChangeRow>(bytes),
        _ => vector_survives::<MemoryVectorRow>(bytes),
    }
});

/// Written again, it is the same from then on: an old version becomes the newest, and the newest stays.
fn survives<R: Row>(bytes: &[u8]) {
    let Ok(row) = R::decode(bytes) else { return };
    let written = row.encode().expect("what was read can be written");
    let again = R::decode(&written).expect("what was written can be read");
    assert_eq!(again.encode().expect("it can be written twice"), written);
}

/// Its length is made 1 whenever it is read, which may change a last digit.
fn vector_survives<R: Row>(bytes: &[u8]) {
    let Ok(row) = R::decode(bytes) else { return };
    let written = row.encode().expect("what was read can be written");
    assert!(written.len() == bytes.len() && R::decode(&written).is_ok());
}
