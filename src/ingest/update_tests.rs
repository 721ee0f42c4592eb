//! Updates and look-alikes, as tables with a floor: language is open, so not every update is seen; no look-alike may be lost.

use super::tests::Memories;

/// What is said first, and what is said three months later and makes it history.
const UPDATES: &[(&str, &str)] = &[
    ("I drink my coffee with two lumps", "I drink my coffee with honey now"),
    ("Remind me to stretch every two hours", "Remind me to stretch every three hours instead"),
    ("Our message broker is RabbitMQ", "our message broker is Kafka"),
    ("The band is rehearsing Carmen for June", "scrap that, no tenors. the band is rehearsing Tosca for June"),
    ("Our dog sitter is Ms Adair, she lives upstairs", "our dog sitter is a Mr Quill as of today"),
    ("Fees at our rowing club cost £35 a year", "the board voted it through: fees at our rowing club cost £42 a year"),
    (
        "Write code with tabs in all you do for me",
        "We adopted a linter, so write code with four spaces in all you do for me",
    ),
    ("our API runs on port 8080", "heads up, the API now listens on 9090"),
    ("Marta leads our team", "our team is led by Henrik now"),
    ("My GP is Dr Farrow", "I've got a new GP, Dr Adeyemi"),
    ("My editor is Emacs", "I've switched to Helix as my editor"),
    ("The budget for the kitchen is 8000 euros", "we raised the kitchen budget to 9500 euros"),
    ("I take 50mg of sertraline every morning", "the doctor upped my sertraline to 100mg"),
    ("I weigh 92 kg", "I'm down to 84 kg!"),
    ("Milan is our on-call engineer", "Lotte has taken over as on-call engineer"),
    ("We're planning to go to Crete in the summer", "Change of plan, we're going to Sardinia instead"),
    ("The venue for the wedding is Aldgrove Hall", "they changed the wedding venue to Birch Manor"),
    ("Standup is at 9:15", "standup's been pushed back to 10:00"),
    ("Dad is 71", "Dad's 72 now"),
    ("Book club meets on Tuesdays", "book club meets on Thursdays now"),
    ("We're on Postgres 13", "we're on Postgres 17 now"),
    ("My car is a Polo", "my car's a Leaf these days"),
    ("My favourite colour is teal", "gone off teal, these days my favourite colour is mustard"),
    ("answer me in French", "go back to answering me in English"),
    ("keep replies short", "replies can be longer from now on"),
    ("My piano teacher is Mrs Olsen", "I have a new piano teacher, Mr Banerjee"),
    ("The build server has 16 GB of RAM", "the build server has 64 GB of RAM now"),
    ("Our rent is 1150 a month", "rent went up to 1240 a month"),
    ("My daughter is in year 3", "my daughter's in year 4 now"),
    ("The warehouse closes at 18:00", "the warehouse closes at 20:00 now"),
    ("Grandma lives in Leeds", "Grandma has moved to Harrogate"),
    ("I drink my coffee with oat milk", "I drink my coffee black now, no more oat milk"),
    ("Our mascot is a badger", "our mascot is an otter these days"),
    ("The library's licence is GPL", "the library's licence changed to MIT"),
    ("I run 20 km a week", "I'm up to 35 km a week now"),
    ("Our CI runs on Jenkins", "our CI has moved to Buildkite"),
    ("Petra chairs the parents' council", "Omar has taken over from Petra as chair of the parents' council"),
    ("My sister works at Nordea", "my sister works at Klarna now"),
    ("The spare key is under the flowerpot", "the spare key is in the shed now"),
    ("Log times in UTC", "from now on log times in Berlin time"),
    ("The retention period for backups is 30 days", "we've extended the backup retention period to 90 days"),
    ("My phone is a Pixel 6", "I got a new phone, a Fairphone 5"),
    ("Write dates as DD/MM/YYYY", "write dates as YYYY-MM-DD instead"),
    ("I practise yoga on Mondays", "I've moved my yoga to Wednesdays"),
    ("The landing page headline is Work Less", "the landing page headline is now Ship Faster"),
    ("Our electricity provider is Vattenfall", "we changed our electricity provider to Tibber"),
    ("The office Wi-Fi network is called Larch", "they renamed the office Wi-Fi network to Juniper"),
    ("My bedtime is 23:00", "I've moved my bedtime to 22:00"),
    ("The max upload size is 10 MB", "max upload size was bumped to 25 MB"),
    ("My accountant is Ms Rourke", "I have a new accountant now, Mr Feld"),
    ("The gym costs 39 a month", "the gym went up to 45 a month"),
    ("Our weekly sync is on Mondays at 10", "we moved the weekly sync to Wednesdays at 11"),
    ("Grandpa is 88", "Grandpa's 89 now"),
    ("Our staging cluster runs Kubernetes 1.27", "our staging cluster is on Kubernetes 1.30 now"),
    ("I work out four times a week at 6:00", "I work out at 7:30 now"),
    ("The choir is conducted by Elena", "Marek has taken over as conductor of the choir"),
    ("Tomas heads the data team", "the data team is headed by Ingrid these days"),
    ("My dose of levothyroxine is 75 mcg", "they lowered my levothyroxine to 50 mcg"),
    ("The password manager we use is LastPass", "we've switched to Bitwarden as our password manager"),
    ("My resting heart rate is 68", "my resting heart rate is down to 59"),
    ("The dog sleeps in the hallway", "the dog sleeps in the kitchen now"),
    ("Our dentist is Dr Quist", "we've changed our dentist to Dr Amari"),
    ("I commute by bus", "I commute by bike these days"),
    ("The bakery opens at 7", "the bakery opens at 6 now"),
    ("Reply in bullet points", "go back to replying in paragraphs"),
    ("The invoice template uses Helvetica", "the invoice template now uses Inter"),
    ("I'm learning to cook Thai food on Sundays", "I no longer cook Thai food on Sundays"),
    ("My desk is on the third floor", "my desk moved to the fifth floor"),
    ("The timeout for uploads is 30 seconds", "we bumped the upload timeout to 120 seconds"),
    ("My husband drives a Skoda", "my husband drives a Tesla now"),
    ("The project's deadline is 12 June", "the project deadline slipped to 3 July"),
    ("We meet the client every Tuesday", "we meet the client every Friday now"),
    ("My screen name is pixelfox", "I changed my screen name to inkwolf"),
    ("I smoke ten cigarettes a day", "I don't smoke anymore"),
    ("My mentor is Abel", "I've got a new mentor, Zora"),
    ("Our newsletter goes out on the 1st", "the newsletter now goes out on the 15th"),
    ("I sleep six hours a night", "I'm up to eight hours of sleep a night"),
    ("The team lead for mobile is Kofi", "the team lead for mobile is Aiko now"),
    ("Our plan is to launch in Canada first", "we'll launch in Ireland first instead"),
    ("My personal trainer is Dario", "I have a new personal trainer, Wendy"),
    ("Our sprint length is two weeks", "our sprint length is three weeks now"),
    ("Customs office closes at 16:00", "the customs office closes at 15:00 now"),
    ("My blog runs on WordPress", "I migrated my blog to Hugo"),
    ("The cafe's wifi password hint is on the wall, and its network is BeanNet", "the cafe's network is now RoastNet"),
    ("Nadia is our scrum master", "Felix has taken over from Nadia as scrum master"),
    ("My mortgage rate is 2.1%", "my mortgage rate went up to 3.4%"),
    ("Mum's on 5 mg of ramipril", "Mum's ramipril was raised to 10 mg"),
    ("The clinic is on Elm Street", "the clinic has moved to Station Road"),
    ("I eat meat", "I don't eat meat anymore"),
    ("Our landlord is Mr Voss", "our new landlord is Mrs Idowu"),
    ("The report is due on Friday", "the report has been postponed to Monday"),
    ("My usual order is a flat white", "these days my usual order is an espresso"),
    ("Choir practice is in the church hall", "choir practice is in the school gym now"),
    (
        "My locker is number 14 on the third floor",
        "they moved everybody around, my locker is number 52 on the fourth floor",
    ),
    ("Otto goes to Ladybird nursery", "Otto's grown up, he goes to Elmhurst primary"),
    ("My brother Ivo works at the town hall", "Ivo quit last month, he works at a garage in Delft"),
    ("The wardrobe is 182 cm wide", "I measured again and it turns out the wardrobe is 176 cm wide"),
    ("My notes app is Joplin", "I've switched from Joplin to Obsidian for my notes"),
    ("Keep your summaries under 80 words", "You can say a bit more: keep your summaries under 150 words"),
    ("The visa application is due on 3 March", "they've extended it: the visa application is due on 30 March"),
    ("I drive a 2012 Fiesta", "I sold the Fiesta"),
    ("I have 12 hens", "down to 9 hens now, the hawk came back"),
    ("Call me Professor Adler", "no formality please, call me Ruth"),
    ("The firm I founded is called Larkspur", "we've rebranded: my firm is called Nightjar from today"),
    ("I need to order 6 trays of eggs", "I need to order 9 trays of eggs, not six"),
    ("The blood sample is stored in fridge B2, shelf 1", "the blood sample has been relocated to fridge C7, shelf 4"),
    ("Our rent is 910 a month", "the landlord raised the rent, it's 980 from 1 August"),
    ("Our bank is Monzo", "we left, our bank is Starling"),
    ("The cat weighs 5 kg", "the cat's down to 4 kg"),
];

/// Two statements that both hold.
const LOOK_ALIKES: &[(&str, &str)] = &[
    ("The test server's cache is cleared weekly", "The live server's cache is cleared monthly"),
    ("Write letters to banks in formal French", "Write letters to my cousins in casual French"),
    ("My boss is Ines", "My boss is German"),
    ("My flight to Oslo is on 3 June at 9:00", "My flight to Lima is on 9 June at 7:00"),
    ("I drive a Golf", "I sold the bike"),
    ("I have two bikes", "I sold the bike"),
    ("My sister Ana works at Ikea", "My sister Eva works at Volvo"),
    ("I work at Nordea", "my sister Ida left Saab, she works at Volvo"),
    ("I need to order 6 trays of eggs", "I need to order 9 bags of flour, not six"),
    ("The Kestrel report is due on 3 May", "The Plover report is due on 10 May"),
    ("I love the design of Todoist", "I've switched from Joplin to Things"),
    ("The shop is open on Mondays", "the shop is open on Saturdays"),
    ("I prefer aisle seats on planes", "I prefer window seats on trains now"),
    ("I go to Rome", "I go to Paris"),
    ("My first drum kit is a Gretsch", "My other drum kit is a Ludwig"),
    ("My bike is a Brompton", "My bike is a Trek"),
    ("My house is a Victorian", "My house is a Grade II listed building"),
    ("The evening class is taught by Ottilie", "The morning class is taught by Rasmus"),
    ("My novel was praised by Ottilie", "My novel was printed by Rasmus"),
    ("My horse is Bella", "My horse is Dora"),
    ("I play chess with Bo", "I play chess with Ana now too"),
    ("My aunt is Rosa", "My aunt is Carmen"),
    ("I have a cat", "I have a dog now"),
    ("I like rye bread", "these days I like sourdough"),
    ("My sister Ana lives in Porto", "my sister Eva lives in Lisbon now"),
    ("The red van's tyre pressure is 2.4 bar", "the blue van's tyre pressure is now 2.8 bar"),
    ("The budget for the kitchen is 8000 euros", "the budget for the bathroom is now 5000 euros"),
    ("In 2024 our revenue was 2 million", "in 2025 our revenue was 3 million"),
    ("Staging runs on port 8080", "production runs on port 9090 now"),
    ("Bus 12 stops at the school", "bus 14 stops at the school now"),
    ("Milan is on our team", "Lotte is on our team now"),
    ("My brother is a nurse", "my brother is vegetarian now"),
    ("I take 50mg of sertraline", "I take 20mg of omeprazole now"),
    ("I use Emacs for writing", "I use Excel for budgets now"),
    ("I visited Rome in March", "I visited Paris in May"),
    ("My dog is called Bo", "I have a new dog, Rex"),
    ("The meeting room on floor 2 seats 8 people", "the meeting room on floor 3 seats 12 people"),
    ("Project Heron is written in Rust", "Project Egret is written in Go now"),
    ("I'm allergic to peanuts", "I'm allergic to shellfish too now"),
    ("Keep replies short", "from now on reply in Dutch"),
    ("Use tabs for indentation", "use metric units from now on"),
    ("My colleague Jonas likes climbing", "my colleague Petra likes climbing now"),
    ("I play the violin", "I play the cello now as well"),
    ("Dad's birthday is 3 May", "Mum's birthday is 9 June"),
    ("Mum is 68", "Dad is 71 now"),
    ("The API key rotates every 30 days", "the password rotates every 90 days now"),
    ("I go to the gym on Mondays", "I go to the gym on Thursdays"),
    ("My friend Sam works at Nordea", "my friend Lea works at Klarna now"),
    ("I speak German", "I speak Italian now too"),
    ("We sell candles at the market", "we sell soap at the market now too"),
    ("I ran a marathon in 4:10 in Berlin", "I ran a marathon in 3:55 in Valencia"),
    ("My son goes to Oakfield School", "my daughter goes to Hillside School now"),
    ("The front door code changed to the usual", "the back door's lock changed to a keypad"),
    ("I moved to the morning shift", "we moved the sofa to the attic"),
    ("Always add tests for bug fixes", "always add a changelog entry for new features"),
    ("Write emails in a formal tone", "write tweets in a casual tone instead"),
    ("My first car was a Polo", "my car is a Leaf now"),
    ("Our team owns the billing service", "the data team owns the search service now"),
    ("I want to learn Portuguese", "I want to learn Korean now"),
    ("The kitchen walls are white", "the kitchen floor is grey now"),
    ("I read Dune last year", "I'm reading Hyperion now"),
    ("I have a meeting with Ana on Tuesday", "I have a meeting with Ben on Thursday"),
    ("My laptop is a ThinkPad", "my work phone is a Pixel now"),
    ("Version 2.1 supports Windows", "version 3.0 supports macOS now"),
    ("My accountant is Ms Rourke", "my lawyer is Mr Feld now"),
    ("The gym costs 39 a month", "the pool costs 45 a month now"),
    ("My cousin Ira lives in Ghent", "my cousin Uma moved to Bruges"),
    ("Our staging cluster runs Kubernetes 1.27", "our production cluster is on Kubernetes 1.30 now"),
    ("Tomas heads the data team", "Ingrid heads the mobile team now"),
    ("I take levothyroxine 75 mcg", "they raised my vitamin D to 50 mcg"),
    ("The upload timeout is 30 seconds", "we bumped the download timeout to 120 seconds"),
    ("My son is in year 3", "my daughter is in year 5 now"),
    ("We use Slack for chat", "we switched to Jira for tickets"),
    ("The kitchen runs on gas heating in winter", "the office now has a gas leak detector"),
    ("I planted tomatoes in the garden", "I've moved the beans to the greenhouse"),
    ("Our choir sings on Fridays", "our book club meets on Mondays now"),
    ("My bike is a Trek", "my wife's bike is a Canyon now"),
    ("I have a meeting at 9 with Omar", "I have a meeting at 10 with Omar's boss now"),
    ("I love hiking in Norway", "I love hiking in Scotland now"),
    ("We have an office in Berlin", "we have an office in Madrid now"),
    ("My son plays chess", "my son plays football now"),
    ("I'm reading Emma", "I'm reading Middlemarch now"),
    ("The API is written in Rust", "the API moved to Hetzner"),
    ("The server has 64 GB of RAM", "the server has 2 TB of disk now"),
    ("I paid 300 for the old couch", "I paid 450 for the new armchair"),
    ("Ana is our designer in Porto", "Ben is our designer in Lisbon now"),
    ("My manager is Ruth", "my manager is on holiday now"),
    ("The wedding is at Aldgrove Hall", "the wedding is on 4 May now"),
    ("My phone is a Pixel", "my phone is broken now"),
    ("My favourite film is Alien", "my favourite band is Low these days"),
    ("Sprint 12 ends on Friday", "sprint 13 ends on Thursday now"),
    ("I drink tea in the morning", "I drink wine in the evening now"),
    ("Keep code comments short", "from now on keep commit messages short"),
    ("My knee hurts after running", "my knee surgery was moved to 3 June"),
    ("Our sprint length is two weeks", "our retro length is one hour now"),
    ("My blog runs on WordPress", "my shop runs on Shopify now"),
    ("Nadia is our scrum master", "Felix is our product owner now"),
    ("My mortgage rate is 2.1%", "my savings rate went up to 3.4%"),
    ("Mum takes 5 mg of ramipril", "Dad takes 10 mg of ramipril now"),
    ("I eat meat", "I don't eat sugar anymore"),
    ("The clinic is on Elm Street", "the pharmacy has moved to Station Road"),
    ("My team is in Berlin", "my team is 9 people now"),
    ("The app supports iOS 15", "the app supports Android 12 now"),
    ("My flat has two bedrooms", "my flat has three windows now"),
    ("My wife works at Ikea", "my wife's sister works at Volvo now"),
    ("Our office is on floor 3", "our office is closed on Mondays now"),
    ("I teach maths on Tuesdays", "I teach physics on Thursdays now"),
    ("The report for May is due on Friday", "the report for June is due on Monday now"),
    ("My doctor is Dr Farrow", "my daughter's doctor is Dr Adeyemi now"),
    ("Leo is our neighbour", "Kim is our neighbour now"),
    ("The blue team's lead is Ana", "the green team's lead is Bo now"),
    ("I have three cousins in Malmo", "I have two cousins in Oslo now"),
    ("Kofi plays in our band", "Aiko plays in our band now"),
    ("We ship to Norway", "we ship to Iceland now"),
    ("My boss is Ines", "my boss is from Lisbon"),
    ("I work at Nordea", "I work on the Falcon project now"),
    ("The car is insured with Axa", "the car is parked on Elm Street now"),
    ("My laptop runs Linux", "my laptop runs hot now"),
    ("The house was built in 1930", "the house was sold in 2021"),
    ("My son is 7", "my son is 120 cm tall now"),
    ("Our dog is 4 years old", "our dog is 25 kg now"),
];

/// The share of [`UPDATES`] that must be seen.
const FLOOR: f32 = 0.85;

/// Whether all that the first statement gave is history, and something of the second is current.
fn is_replaced(old: &str, new: &str) -> bool {
    let mut memories = Memories::default();
    memories.hear("2026-02-03", old);
    let before: Vec<String> = memories.active().into_iter().map(str::to_owned).collect();
    memories.hear("2026-05-04", new);
    let after = memories.active();
    !before.is_empty() && !after.is_empty() && !after.iter().any(|m| before.iter().any(|b| b == m))
}

#[test]
fn what_the_one_thing_of_a_person_is_needs_no_cue() {
    for (old, new) in [
        ("My drum kit is a Gretsch", "My drum kit is a Ludwig"),
        ("My pottery class is taught by Ottilie", "My pottery class is taught by Rasmus"),
    ] {
        assert!(is_replaced(old, new), "{old} / {new}");
    }
}

#[test]
fn most_updates_replace_what_they_update() {
    let missed: Vec<_> = UPDATES.iter().filter(|(old, new)| !is_replaced(old, new)).collect();
    let seen = 1.0 - missed.len() as f32 / UPDATES.len() as f32;
    assert!(seen >= FLOOR, "{seen}: {missed:#?}");
}

#[test]
fn no_look_alike_replaces_another() {
    for (one, other) in LOOK_ALIKES {
        let mut memories = Memories::default();
        memories.hear("2026-02-03", one);
        memories.hear("2026-05-04", other);
        assert_eq!(memories.active().len(), memories.0.len(), "{one} / {other}: {:?}", memories.active());
    }
}

#[test]
fn an_update_that_arrives_first_keeps_the_older_statement_history() {
    let mut memories = Memories::default();
    memories.hear("2026-05-04", "we moved the weekly sync to Wednesdays at 11");
    memories.hear("2026-02-03", "our weekly sync takes place in the blue room");
    memories.hear("2026-02-04", "Our electricity provider is Vattenfall");
    memories.hear("2026-01-04", "our electricity provider was hard to choose");
    assert_eq!(memories.active().len(), memories.0.len());
    let mut memories = Memories::default();
    memories.hear("2026-05-04", "The warehouse closes at 20:00 now");
    memories.hear("2026-02-03", "The warehouse closes at 18:00");
    assert_eq!(memories.active(), ["The warehouse closes at 20:00 now."]);
    assert_eq!(memories.0.len(), 2);
}

#[test]
fn of_two_that_fit_equally_well_none_is_replaced() {
    let mut memories = Memories::default();
    memories.hear("2026-02-03", "The backup of the photos closes at 18:00");
    memories.hear("2026-02-03", "The backup of the letters closes at 19:00");
    memories.hear("2026-05-04", "the backup closes at 20:00 now");
    assert_eq!(memories.active().len(), 3, "{:?}", memories.active());
}
