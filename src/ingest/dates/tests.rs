//! What people write about time, and what day they mean.

use jiff::civil::date;

use super::super::words::{join, tokenize};
use super::*;

#[test]
fn dates_become_absolute_in_the_writers_calendar() {
    let today = date(2026, 4, 20); // a Monday
    for (said, meant) in [
        ("I met Bo yesterday evening", "I met Bo on the evening of 2026-04-19"),
        ("the day after tomorrow we leave", "on 2026-04-22 we leave"),
        ("we spoke two weeks ago", "we spoke on 2026-04-06"),
        ("it ends in three months", "it ends in 2026-07"),
        ("I ran it in two weeks", "I ran it in two weeks"),
        ("she left last Monday", "she left on 2026-04-13"),
        ("he comes next Monday", "he comes on 2026-04-27"),
        ("due by next Friday", "due by 2026-04-24"),
        ("we met on the 25th", "we met on 2026-03-25"),
        ("he is coming on the 9th", "he is coming on 2026-05-09"),
        ("I saw it on 3 May", "I saw it on 2025-05-03"),
        ("the fair is on 8 to 10 September", "the fair is on 2026-09-08 to 2026-09-10"),
        ("it was on 6 March 2026", "it was on 2026-03-06"),
        ("she was born on the 4th of July 2019", "she was born on 2019-07-04"),
        ("we met on Tuesday, June 3rd, 2025", "we met on 2025-06-03"),
        ("my viva was on 28.02.2026", "my viva was on 2026-02-28"),
        ("it is due 23/04/2027", "it is due 2027-04-23"),
        ("it is due 03/04/2027", "it is due 03/04/2027"),
        ("version 1.2.3 is out", "version 1.2.3 is out"),
        ("we camped from 3rd-9th of April", "we camped from 2026-04-03 to 2026-04-09"),
        ("from Monday to Wednesday last week it was shut", "from 2026-04-13 to 2026-04-15 it was shut"),
        ("the Sunday just gone we swam", "on 2026-04-19 we swam"),
        ("the sweep is coming Thursday week", "the sweep is coming on 2026-04-30"),
        ("two months ago to the day he was born", "on 2026-02-20 he was born"),
        ("I moved here a few weeks ago", "I moved here a few weeks before 2026-04-20"),
        ("he may march in protest", "he may march in protest"),
        ("we were there last week", "we were there in the week of 2026-04-13"),
        ("in February she broke it", "in 2026-02 she broke it"),
        ("I train on Mondays", "I train on Mondays"),
        ("open Monday and Friday", "open Monday and Friday"),
        ("we saw Ola on Friday", "we saw Ola on 2026-04-17"),
        ("from today it is off", "from 2026-04-20 it is off"),
    ] {
        assert_eq!(join(&resolve(&tokenize(said), today, Manner::Once).tokens), meant, "{said}");
    }
}

/// It is Wednesday 2026-05-13.
fn check(cases: &[(&str, &str)], manner: Manner) {
    let today = date(2026, 5, 13);
    let told = |said: &str| join(&resolve(&tokenize(said), today, manner).tokens);
    let wrong: Vec<String> = cases
        .iter()
        .filter(|(said, meant)| told(said) != *meant)
        .map(|(said, meant)| format!("{said}\n  expected {meant}\n  got      {}", told(said)))
        .collect();
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn holidays_have_their_day_behind_them() {
    check(
        &[
            ("we got engaged on Christmas Eve", "we got engaged on Christmas Eve (2025-12-24)"),
            ("we are flying home on Boxing Day", "we are flying home on Boxing Day (2026-12-26)"),
            ("she broke her arm on New Year's Eve", "she broke her arm on New Year's Eve (2025-12-31)"),
            ("I ran a 10k on new years day", "I ran a 10k on new years day (2026-01-01)"),
            ("the twins were ill last Halloween", "the twins were ill on Halloween (2025-10-31)"),
            ("he proposed on Valentine's Day", "he proposed on Valentine's Day (2026-02-14)"),
            ("we painted the shed on Good Friday", "we painted the shed on Good Friday (2026-04-03)"),
            ("Easter Monday we drove back", "on Easter Monday (2026-04-06) we drove back"),
            ("we will host at Thanksgiving", "we will host at Thanksgiving (2026-11-26)"),
            ("we met at Easter 2024", "we met at Easter 2024 (2024-03-31)"),
            ("the Christmas party was loud", "the Christmas party was loud"),
            ("we bake every Easter", "we bake every Easter"),
            ("he bought a Halloween costume", "he bought a Halloween costume"),
            ("the clinic rang on Mother's Day", "the clinic rang on Mother's Day"),
        ],
        Manner::Once,
    );
}

#[test]
fn days_are_counted_from_other_days() {
    check(
        &[
            ("the move is a week today", "the move is on 2026-05-20"),
            ("we fly out a week on Monday", "we fly out on 2026-05-25"),
            ("the audit is Monday week", "the audit is on 2026-05-25"),
            ("she is back today week", "she is back on 2026-05-20"),
            ("he starts a week from Friday", "he starts on 2026-05-22"),
            ("we leave two weeks from Saturday", "we leave on 2026-05-30"),
            ("it is a week tomorrow", "it is on 2026-05-21"),
            ("I saw her a week ago yesterday", "I saw her on 2026-05-05"),
            ("we married a year ago today", "we married on 2025-05-13"),
            ("the roof leaked three Fridays ago", "the roof leaked on 2026-04-24"),
            ("we met last Sunday but one", "we met on 2026-05-03"),
            ("we saw the comet two nights ago", "we saw the comet on the night of 2026-05-11"),
            ("the pads get delivered in ten days", "the pads get delivered on 2026-05-23"),
            ("the house was finished in ten days", "the house was finished in ten days"),
            ("it rained two weekends ago", "it rained on the weekend of 2026-05-02"),
            ("we lived there two summers ago", "we lived there in the summer of 2024"),
            ("this day last week he fell", "on 2026-05-06 he fell"),
            ("we were broke this time last year", "we were broke in 2025-05"),
            ("she graduated the year before last", "she graduated in 2024"),
            ("the lease began the month before last", "the lease began in 2026-03"),
            ("we saw them the week before last", "we saw them in the week of 2026-04-27"),
            ("it happened the Friday before last", "it happened on 2026-05-01"),
            ("he comes the week after next", "he comes in the week of 2026-05-25"),
            ("I lost it the night before last", "I lost it on the night of 2026-05-11"),
            ("the parcel left three working days ago", "the parcel left on 2026-05-08"),
            ("it will ship in five working days", "it will ship on 2026-05-20"),
            ("we moved half a year ago", "we moved in 2025-11"),
            ("we moved a year and a half ago", "we moved in 2024-11"),
            ("he left two and a half years ago", "he left in 2023-11"),
            ("she joined a couple of days ago", "she joined on 2026-05-11"),
            ("she joined several weeks ago", "she joined several weeks before 2026-05-13"),
            ("he visits in a few weeks", "he visits a few weeks after 2026-05-13"),
            ("we met a fortnight ago", "we met on 2026-04-29"),
            ("it opens in ten days' time", "it opens on 2026-05-23"),
            ("it opens in a week's time", "it opens on 2026-05-20"),
            ("they came on Tuesday last week", "they came on 2026-05-05"),
            ("the trial starts next week on Thursday", "the trial starts on 2026-05-21"),
            ("we spoke on Monday last", "we spoke on 2026-05-11"),
            ("this coming Saturday we will row", "on 2026-05-16 we will row"),
            ("this past Sunday we rowed", "on 2026-05-10 we rowed"),
            ("he called last Friday night", "he called on the night of 2026-05-08"),
        ],
        Manner::Once,
    );
}

#[test]
fn days_of_months_and_years_are_found() {
    check(
        &[
            ("the race is next Wednesday, the 20th", "the race is on 2026-05-20"),
            ("we met on Friday the 8th", "we met on 2026-05-08"),
            ("rent is due the 3rd of next month", "rent is due 2026-06-03"),
            ("he paid on the 3rd of last month", "he paid on 2026-04-03"),
            ("the lease ends on the last day of next month", "the lease ends on 2026-06-30"),
            ("it opened on the first day of March", "it opened on 2026-03-01"),
            ("we met on Boxing Day last year", "we met on Boxing Day (2025-12-26)"),
            ("he was born on New Year's Day this year", "he was born on New Year's Day (2026-01-01)"),
            ("the show is at the end of next month", "the show is at the end of 2026-06"),
            ("she was born in early 2019", "she was born in early 2019"),
            ("we bought it in June last year", "we bought it in 2025-06"),
            ("he arrived on 3 May last year", "he arrived on 2025-05-03"),
            ("she arrived on the third of May", "she arrived on 2026-05-03"),
            ("we go on the first Monday in June", "we go on the first Monday in June"),
            ("we will go on the first Monday in June", "we will go on 2026-06-01"),
            ("it will close on the last Friday of next month", "it will close on 2026-06-26"),
            ("she left at the end of March", "she left at the end of 2026-03"),
            ("she left in mid-March", "she left in mid 2026-03"),
            ("we hiked over the weekend", "we hiked over the weekend of 2026-05-09"),
        ],
        Manner::Once,
    );
}

#[test]
fn the_verb_says_whether_a_weekday_is_behind_or_ahead() {
    check(
        &[
            ("we met on Monday", "we met on 2026-05-11"),
            ("I can come on Monday", "I can come on 2026-05-18"),
            ("I fly on Thursday", "I fly on 2026-05-14"),
            ("dentist on Friday at 10:30", "dentist on 2026-05-15 at 10:30"),
            ("I have had it since Friday", "I have had it since 2026-05-08"),
            ("we sail on 3 October, home on the 19th", "we sail on 2026-10-03, home on 2026-10-19"),
            ("out on October 28th and back on the 4th", "out on 2026-10-28 and back on 2026-11-04"),
            ("he was off sick until Friday", "he was off sick until 2026-05-08"),
            ("she was here on Tuesday just gone", "she was here on 2026-05-12"),
            ("tonight we will cook", "on the evening of 2026-05-13 we will cook"),
            ("I slept badly last night", "I slept badly on the night of 2026-05-12"),
            ("he phoned this morning", "he phoned on the morning of 2026-05-13"),
        ],
        Manner::Once,
    );
    check(
        &[
            ("send the form by Friday", "send the form by 2026-05-15"),
            ("call the vet on sat", "call the vet on 2026-05-16"),
            ("tidy the notes that I took on Monday", "tidy the notes that I took on 2026-05-11"),
        ],
        Manner::Ahead,
    );
}

#[test]
fn what_comes_round_and_words_that_only_look_like_days_stay() {
    let same = [
        "I swim on Monday evenings",
        "I moved my Dutch class to Thursday evening",
        "he usually works on Friday",
        "we talk every Tuesday",
        "the bins go out on Mondays",
        "they meet on the last Friday of the month",
        "every second Tuesday we play",
        "this may be late",
        "they march on",
        "we sat down in the sun",
        "he spent a week on Monday's report",
        "I will be there all week",
    ];
    check(&same.map(|said| (said, said)), Manner::Once);
}
