//! Whole conversations and everything that is kept of them, to the letter: what is left out is promised too.

use super::*;
use crate::model::{Moment, Role};

/// Lines of a conversation, `A` or `U` first, and the memories that it gives, in order. It is Monday 2026-04-20.
type Case = (&'static [&'static str], &'static [&'static str]);

fn kept(lines: &[&str]) -> Vec<String> {
    let at = Moment::parse("2026-04-20T09:00:00Z").unwrap();
    let turns: Vec<Turn<'_>> = lines
        .iter()
        .map(|line| {
            let role = if line.starts_with("A ") { Role::Assistant } else { Role::User };
            Turn { role, content: &line[2..], at, is_new: true }
        })
        .collect();
    extract(&turns, &ExtractOptions::default()).drafts.into_iter().map(|d| d.content).collect()
}

fn check(cases: &[Case]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(lines, expected)| {
            let got = kept(lines);
            (got != *expected).then(|| format!("{lines:#?}\n  expected {expected:#?}\n  kept {got:#?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn she_is_the_one_whom_the_message_before_named() {
    check(&[
        (
            &[
                "U any ideas for a present for my dad?",
                "A A hot-air balloon ride?",
                "U maybe. he's mad about steam trains",
            ],
            &["The user's dad is mad about steam trains."],
        ),
        (
            &["U my sister and my brother are visiting", "A Lovely!", "U he's mad about steam trains"],
            &["The user's sister and their brother are visiting."],
        ),
        (
            &["U our plumber is late again", "A Sorry to hear.", "U she works in Hull now"],
            &["The user's plumber is late again."],
        ),
    ]);
}

#[test]
fn a_name_that_is_asked_for_with_called_is_one() {
    check(&[
        (&["A What is your dog called?", "U Rex"], &["The user's dog is called Rex."]),
        (&["A And what's your boat named?", "U Second Wind"], &["The user's boat is named Second Wind."]),
    ]);
}

#[test]
fn calls_asides_and_small_talk_are_left_out_and_what_stands_beside_them_stays() {
    check(&[
        (&["U I walk with a frame, my dear."], &["The user walks with a frame."]),
        (&["U my locker code changed to 7713 by the way"], &["The user's locker code changed to 7713."]),
        (&["U thx for yesterday"], &[]),
        (&["U testing testing one two"], &[]),
        (&["U Such a dreary sky this morning, isn't it."], &[]),
        (&["U Weather's gross today"], &[]),
        (&["U The weather station is in Tromsø"], &["The weather station is in Tromsø."]),
    ]);
}

#[test]
fn this_morning_and_this_year_say_when() {
    check(&[
        (
            &["U this morning a barn owl flew straight through the milking parlour!"],
            &["On the morning of 2026-04-20 a barn owl flew straight through the milking parlour."],
        ),
        (&["U north field is in barley this year"], &["North field is in barley in 2026."]),
        (&["U this is so much better"], &[]),
    ]);
}

#[test]
fn what_somebody_is_asked_whether_they_know_is_asked_for() {
    check(&[
        (
            &["A They normally ask for your blood group. Do you know yours?", "U O negative"],
            &["The user's blood group is O negative."],
        ),
        (&["A Do you know your shoe size?", "U 43"], &["The user's shoe size is 43."]),
        (&["A Do you know your shoe size?", "U no clue"], &[]),
    ]);
}

#[test]
fn short_answers_take_the_verb_the_thing_and_the_purpose_of_their_question() {
    check(&[
        (
            &["A Is the workshop yours, or do you rent it?", "U rent it off my cousin Aled"],
            &["The user rents the workshop off their cousin Aled."],
        ),
        (
            &["A What's your daughter's name, so I can put it on the invitation?", "U Ffion"],
            &["The user's daughter's name is Ffion."],
        ),
        (&["A And how old will Ffion be?", "U 7"], &["Ffion will be 7."]),
        (&["A Which clue is troubling you?", "U Seven letters, 'Roman poet in exile'."], &[]),
        (
            &["A The form asks for your blood group. Do you know it?", "U O negative dear"],
            &["The user's blood group is O negative."],
        ),
    ]);
}

#[test]
fn lists_within_a_message_are_taken_apart() {
    check(&[
        (
            &[
                "U sat's wedding, todo for me: charge the radio mics, print the first dance list, ring the venue about parking",
            ],
            &["Charge the radio mics.", "Print the first dance list.", "Ring the venue about parking."],
        ),
        (
            &["U patrol leaders for this term:\n- Kestrels: Amir\n- Otters: Beth"],
            &["Kestrels: Amir (patrol leaders for this term).", "Otters: Beth (patrol leaders for this term)."],
        ),
        (&["U what does this mean\nERROR 2026-03-26 02:11:09 worker-3 lost heartbeat, retrying in 30s"], &[]),
        (&["U My brother keeps saying \"get a Tesla, mate\"."], &[]),
        (&["U milo is allergic to penicillin"], &["Milo is allergic to penicillin."]),
        (&["U not a fan of coriander tbh"], &["The user is not a fan of coriander."]),
        (&["U don't eat pork"], &["The user doesn't eat pork."]),
        (&["U can't do mornings, sorry"], &["The user can't do mornings."]),
    ]);
}

#[test]
fn what_is_stated_before_a_question_is_kept() {
    check(&[
        (
            &["U my private notes are all in OneNote, is there a way to print a section?"],
            &["The user's private notes are all in OneNote."],
        ),
        (&["U I was wondering, is the tram late?"], &[]),
        (&["A Sure. By when?", "U before the 14th of May"], &[]),
    ]);
}

#[test]
fn replies_take_what_they_lean_on_from_the_turn_before() {
    check(&[
        (
            &["A Noted: you fly from Leeds and prefer an aisle seat. Correct?", "U correct"],
            &["The user flies from Leeds and prefers an aisle seat."],
        ),
        (&["A tabs or spaces?", "U tabs"], &["The user prefers tabs to spaces."]),
        (
            &["A Shall I use metric units or imperial units?", "U metric please"],
            &["The user prefers metric units to imperial units."],
        ),
        (&["A You're based in Leeds, aren't you?", "U No, Hull."], &["The user is based in Hull."]),
        (
            &["A How do you get to the office?", "U by tram, usually the number 7 from Haymarket"],
            &["The user gets to the office by tram, usually the number 7 from Haymarket."],
        ),
        (
            &["A How do you spend your Sundays?", "U sea fishing, mostly off the pier at Deal"],
            &["The user spends their Sundays sea fishing, mostly off the pier at Deal."],
        ),
        (&["A Lovely to meet you, Jon!", "U It's John with an h, actually."], &["The user's name is John with an h."]),
        (&["A So it looks like you are lactose intolerant?", "U yes"], &["The user is lactose intolerant."]),
        (
            &["A It sounds as if you can't eat shellfish. Is that right?", "U yes that's right"],
            &["The user can't eat shellfish."],
        ),
        (
            &["A How many children do you have?", "U two, a boy and a girl"],
            &["The user has two children, a boy and a girl."],
        ),
        (
            &["A What are you up to this week?", "U Need to finish the tax return"],
            &["The user needs to finish the tax return."],
        ),
        (&["A How long have you been teaching?", "U eleven years"], &["The user has been teaching for eleven years."]),
        (&["A Do you drink coffee?", "U only decaf"], &["The user drinks coffee: only decaf."]),
        (
            &["A Your sister's birthday is in May, isn't it?", "U no, June"],
            &["The user's sister's birthday is in June."],
        ),
        (&["A Do you live alone?", "U no, with my sister"], &["The user lives with their sister."]),
        (&["A Who do you share with?", "U my two brothers"], &["The user shares with their two brothers."]),
        (&["A How often do you row?", "U three times a week"], &["The user rows three times a week."]),
        (&["A Which city are you in?", "U Graz"], &["The user is in Graz."]),
        (&["A I think you should rest. Right?", "U right"], &[]),
        (&["A Anything else?", "U no"], &[]),
        (&["A Want a recap, or shall we stop?", "U stop"], &[]),
    ]);
}

#[test]
fn a_text_to_work_on_is_not_what_the_user_says() {
    check(&[
        (&["U Proofread this for me: \"I have worked at Nestlé since 2019 and I manage a team of six.\""], &[]),
        (
            &[
                "U Can you summarise the following article:\n\nThe town of Alder has approved a new bridge. Work starts on 3 May and costs 4 million euros.\n\nI was told so by Mayor Lund on Tuesday.",
            ],
            &[],
        ),
        (
            &[
                "U why does this fail?\n\nfatal: unable to access 'https://x.example/': Could not resolve host\nnpm ERR! code ENOENT",
            ],
            &[],
        ),
        (&["U Make this sound friendlier: We regret that your order 5512 is late. I will refund you on Friday."], &[]),
        (
            &[
                "U I live in Porto. Translate into German: \"My brother has a boat.\" Also my train leaves at 9:40 on Thursday.",
            ],
            &["The user lives in Porto.", "The user's train leaves at 9:40 on 2026-04-23."],
        ),
        (&["U explain this to me: Kubernetes pods restart when the probe fails 3 times"], &[]),
        (&["U warning: unused variable `count`\nerror[E0382]: borrow of moved value: `names`\nhow do I fix it"], &[]),
        (
            &[
                "U I got this email, can you draft a reply?\n\nDear Ms Olsen, I am writing to inform you that your lease ends on 30 June. I will visit on Monday.",
            ],
            &[],
        ),
        (
            &["U Please summarise my meetings in three bullets from now on. I work at the port authority."],
            &["Summarise the user's meetings in three bullets from now on.", "The user works at the port authority."],
        ),
    ]);
}

#[test]
fn what_is_taken_back_at_once_is_not_kept() {
    check(&[
        (&["U remind me to buy candles. Scratch that. Remind me to buy matches"], &["Remind the user to buy matches."]),
        (
            &["U I live in Ghent", "U Sparebanken. Scrap that. My bank is Storebrand."],
            &["The user lives in Ghent.", "The user's bank is Storebrand."],
        ),
        (&["U I live in Ghent", "A Shall I look for cafés there?", "U nah forget it"], &["The user lives in Ghent."]),
    ]);
}

#[test]
fn words_of_others_are_not_the_users() {
    check(&[
        (&["U what song is this? 'I buried my heart under the bridge in May'"], &[]),
        (&["U the poster says doors open at eight on Friday"], &[]),
        (&["U can you translate this? 'Ich habe einen Hund und wohne in Köln.'"], &[]),
        (&["U my boat is called 'Second Wind'"], &["The user's boat is called 'Second Wind'."]),
    ]);
}

#[test]
fn offers_that_are_taken_up_for_good_are_rules() {
    check(&[
        (&["A Shall I use kilometres from now on?", "U yes please"], &["Use kilometres from now on."]),
        (&["A Shall I book it?", "U yes please"], &[]),
        (
            &["A Do you play anything? The flute, perhaps?", "U not the flute, I play the tuba"],
            &["The user plays the tuba."],
        ),
        (&["U Use a warm tone in letters to my tenants."], &["Use a warm tone in letters to the user's tenants."]),
    ]);
}

#[test]
fn what_a_question_takes_for_granted_is_said() {
    check(&[
        (&["U Given that I'm pregnant, which of these cheeses are off limits?"], &["The user is pregnant."]),
        (&["U As a night nurse, how should I plan my meals?"], &["The user is a night nurse."]),
        (&["U Since we're on Kubernetes 1.29, how do I enable sidecars?"], &["The user is on Kubernetes 1.29."]),
        (
            &["U Can you suggest a walk? I have a bad knee so nothing steep."],
            &["The user has a bad knee so nothing steep."],
        ),
        (&["U My laptop runs Fedora 41, so which package do I need?"], &["The user's laptop runs Fedora 41."]),
        (&["U Because my son is allergic to eggs, what can I bake instead?"], &["The user's son is allergic to eggs."]),
        (&["U I'm diabetic so which desserts are ok?"], &["The user is diabetic."]),
        (&["U As someone who is deaf, which museums can I visit?"], &["The user is deaf."]),
        (&["U If I'm vegetarian, can I eat gelatine?"], &[]),
        (&["U As a rule, what do people tip here?"], &[]),
    ]);
}

#[test]
fn each_statement_of_a_sentence_is_kept_with_its_own_subject() {
    check(&[
        (
            &["U We run a bakery in Ghent, we employ six people, and I still have to call the accountant."],
            &[
                "The user runs a bakery in Ghent.",
                "The user employs six people.",
                "The user still has to call the accountant.",
            ],
        ),
        (
            &["U My mother-in-law is staying with us. She only drinks decaf and goes to bed at eight."],
            &[
                "The user's mother-in-law is staying with the user.",
                "The user's mother-in-law only drinks decaf and goes to bed at eight.",
            ],
        ),
        (
            &["U vegetarian btw and my husband is coeliac"],
            &["The user is vegetarian.", "The user's husband is coeliac."],
        ),
        (
            &["U My boss is Petra and she hates long emails, plus the office is moving to Gent."],
            &["The user's boss is Petra and she hates long emails.", "The office is moving to Gent."],
        ),
        (
            &["U My dad plays bowls. He won a cup last year."],
            &["The user's dad plays bowls.", "The user's dad won a cup in 2025."],
        ),
        (&["U My dad met Carl. He plays bowls in Hove."], &["The user's dad met Carl. He plays bowls in Hove."]),
    ]);
}

#[test]
fn rules_habits_and_errands_are_seen_in_mixed_messages() {
    check(&[
        (&["U Don't ever phone me at work."], &["Don't ever phone the user at work."]),
        (
            &["U Rent is due on the fifth. Need to book Ola's dentist appointment. The bins go out on Tuesday nights."],
            &[
                "Rent is due on the fifth.",
                "The user needs to book Ola's dentist appointment.",
                "The bins go out on Tuesday nights.",
            ],
        ),
        (&["U Never schedule anything before ten."], &["Never schedule anything before ten."]),
        (
            &["U Payslips arrive on the last working day. Have to renew the parking permit."],
            &["Payslips arrive on the last working day.", "The user has to renew the parking permit."],
        ),
    ]);
}

#[test]
fn statements_are_rewritten_whole_or_left_out() {
    check(&[
        (
            &["U I sing alto in a choir and still need to learn the Fauré."],
            &["The user sings alto in a choir and still needs to learn the Fauré."],
        ),
        (&["U What a day, had a wild weekend!"], &[]),
        (&["U Been doing it for eleven years."], &[]),
        (&["U I had a baby last month"], &["The user had a baby in 2026-03."]),
        (
            &["U I run a shop, teach yoga, and volunteer at the library."],
            &["The user runs a shop, teaches yoga, and volunteers at the library."],
        ),
        (&["U feeling rough after last night"], &[]),
        (
            &["U We rent a flat and rarely cook, and still owe the agent 300 euros."],
            &["The user rents a flat and rarely cooks, and still owes the agent 300 euros."],
        ),
    ]);
}

#[test]
fn duties_wishes_slips_and_asides_are_told_apart() {
    check(&[
        (&["U Marek is supposed to send the keys by Friday."], &["Marek is supposed to send the keys by 2026-04-24."]),
        (&["U I'd like you to answer in Welsh."], &["Answer in Welsh."]),
        (&["U two lines max please"], &["Two lines max."]),
        (&["U I no longer bake."], &["The user no longer bakes."]),
        (&["U is oat milk always sweeter or am I imagining it"], &[]),
        (&["A Who's there?", "U olive"], &[]),
        (
            &["U My aunt Ria, who's a vet, lives in Ghent."],
            &["The user's aunt Ria is a vet.", "The user's aunt Ria lives in Ghent."],
        ),
        (&["U my desk is number 212, no wait, 221"], &["The user's desk is number 221."]),
        (
            &["A Where would you like me to put the receipts?", "U in the blue folder"],
            &["Put the receipts in the blue folder."],
        ),
    ]);
}

#[test]
fn the_writers_own_offset_says_which_day_it_is() {
    for (at, day) in [("2026-04-20T23:30:00-07:00", "2026-04-19"), ("2026-04-21T06:30:00Z", "2026-04-20")] {
        let at = Moment::parse(at).unwrap();
        let turn = Turn { role: Role::User, content: "I sold the van yesterday", at, is_new: true };
        let found = extract(&[turn], &ExtractOptions::default());
        assert_eq!(found.drafts[0].content, format!("The user sold the van on {day}."));
    }
}
